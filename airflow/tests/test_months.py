"""All months of the bank, its spec as it is, scheduled on a cluster of two workers while one thing after another is killed."""

from __future__ import annotations

import os
import threading

import pytest

from night import FIRST, Night

MONTHS = [f"{year}-{month:02}" for year in (2008, 2009, 2010) for month in range(1, 13)]
DATES = [f"{month}-01" for month in MONTHS if "2008-09" < month < "2010-12"]
# What is killed in the midst of which date's work.
KILLS = {
    "2008-12-01": "driver",
    "2009-03-01": "worker-1",
    "2009-06-01": "scheduler",
    "2009-11-01": "worker-2",
    "2010-03-01": "driver",
    "2010-07-01": "scheduler",
}

pytestmark = pytest.mark.skipif(os.environ.get("MILLRACE_NIGHT") != "all", reason="takes an hour; MILLRACE_NIGHT=all runs it")


@pytest.fixture
def night(tmp_path):
    made = Night(tmp_path, [])
    made.airflow.start()
    yield made
    made.close()


def test_all_months_by_a_scheduler_are_what_the_same_commands_leave_here(night):
    airflow = night.airflow
    asked: list[str] = []
    here = threading.Thread(target=lambda: asked.extend(night.twin(DATES)))
    here.start()
    first = airflow.trigger("bank_train", FIRST)
    assert airflow.end("bank_train", first) == "success"
    night.catch_up(DATES)
    for date in DATES:
        run = f"scheduled__{date}"
        if date in KILLS:
            night.wait_for_work("bank_daily", run, "daily")
            night.kill(KILLS[date])
        assert airflow.end("bank_daily", run) == "success"
    here.join()

    assert [run["dag_run_id"] for run in airflow.runs("bank_daily")] == [f"scheduled__{date}" for date in DATES]
    trainings = [run["dag_run_id"] for run in airflow.runs("bank_train")]
    assert trainings == [first, *(f"retrain__{date}" for date in asked)]
    rows = night.compare()
    print(len(asked), "trainings asked for;", rows)
    assert rows["models"] == len(trainings)
    # The bank called nobody in January and February.
    assert rows["releases"] == sum(night.has_calls(date) for date in DATES) == 22
    assert rows["predictions/bank"] > 10_000

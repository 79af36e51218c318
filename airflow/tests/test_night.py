"""
Nights that a scheduler catches up on, on a cluster of two workers, while a worker, a driver, a person's hand and the scheduler
itself are in the way: the tables and models of the same commands run here, one after the other.
"""

from __future__ import annotations

import os
import threading

import pytest

from night import FIRST, RETRAIN, Night

MONTHS = ("2008-06", "2008-07", "2008-08", "2008-09", "2008-10", "2008-11", "2008-12")
DATES = ["2008-10-01", "2008-11-01"]
# Small models that are let in, and a rule that asks for a training at the first date that drifts.
EDITS = [
    ("rounds: 200", "rounds: 40"),
    ("value: 0.54", "value: 0.5"),
    ("tolerance: 0.02", "tolerance: 0.2"),
    ("tolerance: 0.001", "tolerance: 1"),
    (RETRAIN, "1 of last 2 dates over stop"),
]


pytestmark = pytest.mark.skipif("MILLRACE_NIGHT" not in os.environ, reason="takes ten minutes; MILLRACE_NIGHT=1 runs it")


@pytest.fixture(scope="module")
def night(tmp_path_factory):
    made = Night(tmp_path_factory.mktemp("night"), EDITS, MONTHS)
    made.airflow.start()
    yield made
    made.close()


def test_nights_with_kills_leave_what_the_same_commands_leave_here(night):
    airflow = night.airflow
    asked: list[str] = []
    here = threading.Thread(target=lambda: asked.extend(night.twin(DATES)))
    here.start()
    first = airflow.trigger("bank_train", FIRST)
    night.wait_for_work("bank_train", first, "features")
    night.kill("driver")
    assert airflow.end("bank_train", first) == "success"
    said = "\n".join(airflow.logs("bank_train", first, "features"))
    assert "something isn't available (exit 4); a retry may help: the driver was ended by signal 9" in said

    night.catch_up(DATES)
    runs = [f"scheduled__{date}" for date in DATES]
    night.wait_for_work("bank_daily", runs[0], "daily")
    night.kill("worker-1")
    assert night.cluster.workers() == ["ALIVE", "ALIVE", "DEAD"]

    training = f"retrain__{DATES[0]}"
    night.wait_for_work("bank_train", training, "run")
    assert airflow.tasks("bank_daily", runs[0])["retrain"][0] == "deferred"
    night.kill("scheduler")
    assert airflow.end("bank_train", training) == "success"
    assert airflow.end("bank_daily", runs[0]) == "success"

    night.wait_for_work("bank_daily", runs[1], "daily")
    airflow.api("PATCH", f"/dags/bank_daily/dagRuns/{runs[1]}/taskInstances/daily", {"new_state": "failed"})
    airflow.wait(lambda: not night.cluster.told()["activeapps"], "the end of the application whose task was ended")
    assert airflow.end("bank_daily", runs[1]) == "failed"
    again = {"dry_run": False, "dag_run_id": runs[1], "only_failed": False, "reset_dag_runs": True}
    airflow.api("POST", "/dags/bank_daily/clearTaskInstances", again)
    assert airflow.end("bank_daily", runs[1]) == "success"

    here.join()
    assert asked == DATES
    trainings = {run["dag_run_id"]: run["state"] for run in airflow.runs("bank_train")}
    assert trainings == {first: "success", **{f"retrain__{date}": "success" for date in DATES}}
    rows = night.compare()
    assert rows["models"] == len(trainings)
    assert rows["model files"] == 4 * rows["models"]
    assert rows["promotions"] >= 2
    assert rows["releases"] == len(DATES)
    assert rows["predictions/bank"] > 0

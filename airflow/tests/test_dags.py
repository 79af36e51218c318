"""The DAGs that the DAG file makes of specs, as Airflow itself reads them."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from datetime import datetime, timedelta, timezone
from itertools import pairwise

import pytest
from airflow.dag_processing.bundles.manager import DagBundlesManager
from airflow.dag_processing.dagbag import DagBag, sync_bag_to_db
from airflow.models import DagModel, DagRun, TaskInstance
from airflow.serialization.serialized_objects import DagSerialization
from airflow.utils.db import initdb
from airflow.utils.session import create_session
from airflow.utils.state import DagRunState
from airflow.utils.types import DagRunTriggeredByType, DagRunType
from millrace_airflow.place import Place
from sqlalchemy import delete, select, update
from sqlalchemy.exc import OperationalError

from conftest import ROOT, SHOP, write

DAGS = ROOT / "airflow" / "dags"
STAGES = {
    "daily": ["ingest", "validate", "label", "features", "score", "monitor", "release", "report"],
    "train": ["ingest", "validate", "label", "features", "train", "evaluate", "promote"],
}


@pytest.fixture(scope="session")
def database():
    """Airflow's own, in the folder of these tests."""
    initdb()


@pytest.fixture
def program(tmp_path, monkeypatch):
    """A program that succeeds; yields the file of its arguments."""
    file = tmp_path / "program"
    file.write_text(f'#!/bin/bash\necho "$@" >{tmp_path}/arguments\n')
    file.chmod(0o755)
    monkeypatch.setenv("MILLRACE_COMMAND", str(file))
    return tmp_path / "arguments"


@pytest.fixture
def bag(conf, monkeypatch):
    """Reads the DAG file over the conf folder; what comes of it can be stored."""

    def read() -> DagBag:
        monkeypatch.setenv("MILLRACE_CONF", str(conf))
        monkeypatch.setenv("MILLRACE_HOME", str(ROOT))
        found = DagBag(DAGS, bundle_path=DAGS, bundle_name="millrace")
        for dag in found.dags.values():
            DagSerialization.from_dict(DagSerialization.to_dict(dag))
        return found

    return read


def scheduled(dag):
    """All runs that the scheduler makes of a DAG, as it knows it: by what is stored of it."""
    stored, run = DagSerialization.from_dict(DagSerialization.to_dict(dag)), None
    while run := stored.next_dagrun_info(last_automated_run_info=run):
        yield run


def test_a_chain_is_one_task(conf, bag):
    write(conf, "shop", SHOP)
    found = bag()
    assert not found.import_errors
    assert set(found.dags) == {"shop_daily", "shop_train"}
    daily = found.dags["shop_daily"]
    assert set(daily.task_ids) == {"daily", "done"}
    assert daily.get_task("daily").command == ["daily"]
    assert found.dags["shop_train"].get_task("run").command == ["run"]
    assert {asset.uri for asset in daily.get_task("daily").outlets} == {
        "millrace://local/raw/shop_sales",
        "millrace://local/raw/shop_visits",
        "millrace://local/labels/shop",
        "millrace://local/features/shop",
        "millrace://local/predictions/shop",
    }
    assert [asset.name for asset in found.dags["shop_train"].get_task("run").outlets][-1] == "models/shop"
    assert daily.owner == "sales"
    assert "Will a visitor buy?" in daily.doc_md


@pytest.mark.parametrize("chain", STAGES)
def test_stages_stand_in_the_order_of_the_flow(conf, bag, chain):
    write(conf, "shop", SHOP + "monitor: {retrain: {when: 1 of last 2 dates over stop}}\nschedule: {tasks: stages}\n")
    dag = bag().dags[f"shop_{chain}"]
    stages = STAGES[chain]
    assert set(dag.task_ids) == {*stages, *(["retrain", "done"] if chain == "daily" else [])}
    for before, after in pairwise(stages):
        assert after in dag.get_task(before).downstream_task_ids
    assert dag.get_task("features").command == ["features", *(["--for-training"] if chain == "train" else [])]
    if chain == "daily":
        assert dag.get_task("monitor").downstream_task_ids == {"release", "retrain"}
        assert dag.get_task("done").upstream_task_ids == {"release"}
        assert dag.get_task("report").trigger_rule == "all_done"
        assert dag.get_task("retrain").trigger_dag_id == "shop_train"


def test_the_schedule_comes_from_the_spec(conf, bag):
    write(
        conf,
        "shop",
        SHOP + "every: month\nschedule: {daily: 0 6 3 * *, train: 0 5 1 */3 *, retries: 4, retry-delay: 30s,"
        " start: 2008-09-01, end: 2010-12-01, catchup: true, pool: spark, max-active: 3, deadline: 4h}\n",
    )
    dags = bag().dags
    daily, task = dags["shop_daily"], dags["shop_daily"].get_task("daily")
    assert (daily.timetable.summary, dags["shop_train"].timetable.summary) == ("0 6 3 * *", "0 5 1 */3 *")
    dates = [str(run.logical_date.date()) for run in scheduled(daily)]
    assert (len(dates), dates[0], dates[-1]) == (28, "2008-09-01", "2010-12-01")
    assert (daily.catchup, daily.max_active_runs) == (True, 3)
    assert (task.retries, task.retry_delay.total_seconds(), task.pool) == (4, 30, "spark")
    assert task.retry_exponential_backoff
    assert len(daily.deadline if isinstance(daily.deadline, list) else [daily.deadline]) == 1


@pytest.mark.parametrize("period", ["ended", "running"])
def test_the_task_that_asks_for_a_training_knows_when_dates_are_due(conf, bag, period):
    rule = "monitor: {retrain: {when: 1 of last 2 dates over stop}}\n"
    write(conf, "shop", SHOP + rule + f"schedule: {{period: {period}}}\n")
    assert bag().dags["shop_daily"].get_task("retrain").running is (period == "running")


@pytest.mark.parametrize("day", ["1990-01-01", "2008-08-01", "2011-01-01"], ids=["long ago", "before start", "after end"])
def test_a_run_by_hand_has_tasks_also_outside_the_limits_of_the_schedule(conf, bag, database, program, day):
    write(conf, "shop", SHOP + "every: month\nschedule: {start: 2008-09-01, end: 2010-12-01, retries: 0}\n")
    moment = datetime.fromisoformat(day).replace(tzinfo=timezone.utc)
    run = bag().dags["shop_train"].test(logical_date=moment)
    assert {task.task_id: task.state for task in run.get_task_instances()} == {"run": "success"}
    assert program.read_text().split()[:4] == ["run", "shop", "--date", day]


VERDICT = '{"event":"verdict","pipeline":"shop","date":"2026-03-01","release":true,"retrain":true,"reasons":"old"}'


@pytest.mark.parametrize("state", ["running", "success"])
def test_a_try_that_finds_its_training_begun_waits_for_it(conf, bag, database, program, state):
    """What is left where a worker is lost between starting a training and waiting for it."""
    write(conf, "shop", SHOP + "monitor: {retrain: {when: 1 of last 2 dates over stop}}\nschedule: {retries: 0}\n")
    (program.parent / "program").write_text(f"#!/bin/bash\necho '{VERDICT}'\n")
    moment = datetime(2026, 3, 1, tzinfo=timezone.utc)
    found = bag()
    DagBundlesManager().sync_bundles_to_db()
    sync_bag_to_db(found, "dags-folder", None)
    stored = DagSerialization.from_dict(DagSerialization.to_dict(found.dags["shop_train"]))
    with create_session() as session:
        session.execute(update(DagModel).values(is_paused=False))
        session.execute(delete(DagRun))
        stored.create_dagrun(
            run_id="retrain__2026-03-01",
            logical_date=moment,
            data_interval=(moment, moment + timedelta(days=1)),
            run_after=moment,
            run_type=DagRunType.MANUAL,
            triggered_by=DagRunTriggeredByType.TEST,
            state=DagRunState(state),
            session=session,
        )

    waited: list[bool] = []

    def end_once_it_is_waited_for() -> None:
        # Its state is "deferred" for some milliseconds only: here the trigger runs in line.
        waits = select(TaskInstance.id).where(TaskInstance.task_id == "retrain", TaskInstance.next_method.is_not(None))
        failed, until = update(DagRun).values(state="failed"), time.monotonic() + 120
        while not waited:
            with suppress(OperationalError), create_session() as session:  # SQLite takes one writer at a time
                seen = session.scalar(waits) is not None
                if seen or time.monotonic() > until:  # where nobody waits, all ends, and so this test
                    session.execute(failed.where(DagRun.dag_id == "shop_train") if seen else failed)
                    session.commit()
                    waited.append(seen)
            time.sleep(0.1)

    ending = threading.Thread(target=end_once_it_is_waited_for, daemon=True)
    if state == "running":
        ending.start()
    run = found.dags["shop_daily"].test(logical_date=moment)
    states = {task.task_id: task.state for task in run.get_task_instances()}
    assert states == {"daily": "success", "done": "success", "retrain": "success" if state == "running" else "skipped"}
    assert waited == ([True] if state == "running" else [])


def test_a_pipeline_of_features_alone_has_no_training_and_no_predictions(conf, bag):
    spec = SHOP[: SHOP.index("label:")] + "features: {columns: [pages]}\nschedule: {tasks: stages, daily: none}\n"
    write(conf, "shop", spec)
    dags = bag().dags
    assert set(dags) == {"shop_daily"}
    assert dags["shop_daily"].task_ids == ["ingest", "validate", "features"]
    assert not dags["shop_daily"].timetable.can_be_scheduled


def test_a_broken_spec_hides_no_other_and_is_no_import_error_of_the_dag_file(conf, bag):
    write(conf, "shop", SHOP)
    write(conf, "torn", "pipeline: [torn\n")
    found = bag()
    assert set(found.dags) == {"shop_daily", "shop_train"}
    assert not found.import_errors


def test_a_spec_that_airflow_makes_no_dag_of_hides_no_other_and_has_an_import_error_of_its_own(conf, bag):
    from millrace_airflow.bundle import SpecFaults

    write(conf, "shop", SHOP)
    named = f"sources:\n  ? {'a' * 1500}\n  : {{kind: csv}}\n"
    odd = write(conf, "odd", SHOP.replace("pipeline: shop", "pipeline: odd").replace("sources:\n", named))
    found = bag()
    assert set(found.dags) == {"shop_daily", "shop_train"}
    assert not found.import_errors
    bundle = SpecFaults(name="millrace-specs")
    faults = bundle.faults(Place(conf.parent, conf, "local"))  # no program there: by sight alone
    why = "ValueError: Asset name cannot exceed 1500 characters"
    assert faults == {odd: f"{odd}: no DAG can be made of it: {why}; mend what the message names"}
    odd.write_text(SHOP.replace("pipeline: shop", "pipeline: odd"))
    assert bundle.faults(Place(conf.parent, conf, "local")) == {}


def test_a_name_of_ninety_characters_has_dags(conf, bag):
    name = "a" * 90
    write(conf, "long", SHOP.replace("pipeline: shop", f"pipeline: {name}"))
    assert set(bag().dags) == {f"{name}_daily", f"{name}_train"}


def test_the_faults_of_specs_are_import_errors_of_their_own(conf, monkeypatch, tmp_path):
    from millrace_airflow.bundle import SpecFaults

    monkeypatch.setenv("MILLRACE_CONF", str(conf))
    monkeypatch.setenv("MILLRACE_HOME", str(tmp_path))  # no program there: by sight alone
    write(conf, "shop", SHOP)
    torn = write(conf, "torn", "pipeline: [torn\n")
    late = write(conf, "late", SHOP.replace("pipeline: shop", "pipeline: late") + "schedule: {daily: late}\n")
    both = [write(conf, name, SHOP.replace("pipeline: shop", "pipeline: twice")) for name in ("twice-a", "twice-b")]
    bundle = SpecFaults(name="millrace-specs")
    bundle.initialize()
    bundle.refresh()
    errors = DagBag(bundle.path, bundle_path=bundle.path, bundle_name=bundle.name).import_errors
    assert set(errors) == {"torn.yaml.py", "late.yaml.py", "twice-a.yaml.py", "twice-b.yaml.py"}
    for name in ("twice-a.yaml.py", "twice-b.yaml.py"):
        assert f"{both[0]} and {both[1]}: more than one file for the pipeline twice; rename one" in errors[name]
    assert f"{torn}: line 2: not YAML" in errors["torn.yaml.py"]
    assert f"{late}: schedule.daily: 'late' is no schedule" in errors["late.yaml.py"]
    torn.write_text(SHOP.replace("pipeline: shop", "pipeline: torn"))
    both[1].unlink()
    bundle.refresh()
    assert [file.name for file in bundle.path.glob("*.py")] == ["late.yaml.py"]


def test_a_check_that_takes_long_keeps_no_refresh_waiting(conf, tmp_path):
    from millrace_airflow.bundle import SpecFaults

    shop = write(conf, "shop", SHOP)
    asked, go = tmp_path / "asked", tmp_path / "go"
    program = tmp_path / "bin" / "millrace"
    program.parent.mkdir()
    program.write_text(
        f"#!/bin/bash\necho >>{asked}\nwhile [[ ! -e {go} ]]; do sleep 0.1; done\n"
        f"echo 'millrace: {shop}: train.seed: no number' >&2\nexit 2\n"
    )
    program.chmod(0o755)
    bundle, place = SpecFaults(name="millrace-specs"), Place(tmp_path, conf, "local")
    assert bundle.faults(place) == bundle.faults(place) == {}
    go.touch()
    for _ in range(600):
        found = bundle.faults(place)
        if found:
            break
        time.sleep(0.1)
    assert found == bundle.faults(place) == {shop: f"{shop}: train.seed: no number"}
    assert asked.read_text().count("\n") == 1


def test_a_worker_reads_only_the_dag_that_it_runs(conf, bag, monkeypatch):
    write(conf, "shop", SHOP)
    write(conf, "other", SHOP.replace("pipeline: shop", "pipeline: other"))
    monkeypatch.setenv("_AIRFLOW_PARSING_CONTEXT_DAG_ID", "shop_daily")
    assert set(bag().dags) == {"shop_daily", "shop_train"}

"""
The whole of it: bin/airflow with its scheduler, and the tables that come of it beside those of a direct run.

One Airflow serves all tests. Pipelines named `says-…` are run by a stand-in that ends as their name says; `shop` is
run by the real program.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from conftest import ROOT, SHOP, visits, write
from server import Airflow

STAND_IN = """#!/bin/bash
stage() { echo '{"event":"stage","stage":"'$1'","pipeline":"p","date":"d","status":"done","seconds":1,"message":"m"}'; }
fault() { echo "millrace: $2"; echo '{"event":"fault","exit_code":'$1',"message":"'$2'"}'; exit $1; }
case "$2 $1" in
  "says-late daily") [[ -f DIR/tried ]] || { touch DIR/tried; fault 4 "the disk is full"; } ;;
  "says-bad daily") fault 3 "raw/x: line 3 is torn" ;;
  "says-held monitor") echo '{"event":"verdict","pipeline":"p","date":"d","release":false,"retrain":true,"reasons":"old"}' ;;
  "says-held release") fault 10 "kept back: age" ;;
  "says-held promote") stage promote; fault 10 "auc is 0.5" ;;
  "says-long daily") echo $$ >DIR/long; sleep 1000 & wait ;;
  says-*) ;;
  *) exec ROOT/bin/millrace "$@" ;;
esac
stage "$1"
"""

ALERTS = """\
from pathlib import Path
from airflow.sdk import BaseNotifier


def note(what, run):
    with Path("DIR/told").open("a") as told:
        told.write(f"{what} {run}\\n")


class Both(BaseNotifier):
    template_fields = ("text",)

    def __init__(self, text):
        super().__init__()
        self.text = text

    def notify(self, context):
        note(self.text, context["dag_run"].dag_id)

    async def async_notify(self, context):
        note(self.text, context["dag_run"]["dag_id"])


class Deaf(BaseNotifier):
    def notify(self, context):
        raise ValueError("no line")


ALL = [Deaf(), Both("run {{ dag_run.run_id }} of"), lambda context: note("plain", type(context["dag_run"]).__name__)]
"""


@pytest.fixture(scope="module")
def airflow(tmp_path_factory):
    folder = tmp_path_factory.mktemp("airflow")
    program = folder / "program"
    program.write_text(STAND_IN.replace("DIR", str(folder)).replace("ROOT", str(ROOT)))
    program.chmod(0o755)
    settings = {"MILLRACE_COMMAND": str(program), "MILLRACE_HEAP": "1g", "AIRFLOW__CORE__PARALLELISM": "4"}
    (folder / "alerts.py").write_text(ALERTS.replace("DIR", str(folder)))
    server = Airflow(folder, MILLRACE_NOTIFIERS="alerts.ALL", PYTHONPATH=str(folder), **settings)
    (folder / "data").mkdir()
    visits(folder / "data", 5)
    conf = folder / "conf"
    write(conf / "env", "local", f"lake: {folder}/lake\nmaster: local[2]\nvariables: {{data: {folder}/data}}\n")
    write(conf, "shop", SHOP + "schedule: {retry-delay: 5s, start: 2026-03-02, end: 2026-03-03, catchup: true}\n")
    write(conf, "torn", "pipeline: [torn\n")
    write(conf, "wrong", SHOP.replace("pipeline: shop", "pipeline: wrong").replace("rounds: 5", "rounds: -5"))
    rule = "monitor: {retrain: {when: 1 of last 2 dates over stop}}\n"
    kinds = {"late": "", "bad": "", "held": "tasks: stages, ", "long": "deadline: 1s, ", "pool": "pool: nowhere, "}
    for name, more in kinds.items():
        text = SHOP.replace("pipeline: shop", f"pipeline: says-{name}") + rule
        write(conf, f"says-{name}", text + f"schedule: {{{more}daily: none, retry-delay: 1s}}\n")
    server.start()
    yield server
    server.stop()


def test_each_broken_spec_is_an_import_error_of_its_own(airflow):
    errors = airflow.wait(
        lambda: len(e := airflow.api("GET", "/importErrors")["import_errors"]) == 3 and e, "the import errors"
    )
    told = {error["filename"]: error["stack_trace"] for error in errors}
    assert set(told) == {"torn.yaml.py", "wrong.yaml.py", "says-pool.yaml.py"}
    assert "schedule.pool: Airflow has no pool nowhere, so its tasks wait until there is one" in told["says-pool.yaml.py"]
    # The DAG file is read beside the faults, so it may come later.
    for kept in ("says-pool_daily", "says-bad_daily"):
        assert not airflow.wait(lambda dag=kept: airflow.api("GET", f"/dags/{dag}"), kept)["is_stale"]
    assert "line 2: not YAML" in told["torn.yaml.py"]
    assert "train.algorithm.rounds: expected a number at least 1, found -5" in told["wrong.yaml.py"]


def test_what_is_not_available_is_tried_again(airflow):
    run = airflow.trigger("says-late_daily", "2026-03-01")
    assert airflow.end("says-late_daily", run) == "success"
    logs = airflow.logs("says-late_daily", run, "daily")
    why = "something isn't available (exit 4); a retry may help: the disk is full"
    assert [why in text for text in logs].count(True) == 1
    assert why not in logs[-1]


def test_bad_data_is_not_tried_again_and_the_log_ends_with_why(airflow):
    run = airflow.trigger("says-bad_daily", "2026-03-01")
    assert airflow.end("says-bad_daily", run) == "failed"
    assert airflow.tasks("says-bad_daily", run)["daily"][0] == "failed"
    logs = airflow.logs("says-bad_daily", run, "daily")
    why = "the data is wrong (exit 3): raw/x: line 3 is torn"
    assert [why in text for text in logs].count(True) == 1
    assert why in logs[-1].splitlines()[-1]
    airflow.wait(lambda: f"run {run} of says-bad_daily" in told(airflow), "what notifiers hear of a failed run")


def test_a_date_that_is_kept_back_fails_its_run_shows_its_page_and_starts_a_training(airflow):
    airflow.switch_on("says-held_train")
    run = airflow.trigger("says-held_daily", "2026-03-01")
    assert airflow.end("says-held_daily", run) == "failed"
    states = {task: state for task, (state, _) in airflow.tasks("says-held_daily", run).items()}
    before = dict.fromkeys(["ingest", "validate", "label", "features", "score", "monitor"], "success")
    after = {"release": "failed", "report": "success", "retrain": "success", "done": "upstream_failed"}
    assert states == {**before, **after}
    assert airflow.end("says-held_train", "retrain__2026-03-01") == "success"
    training = airflow.api("GET", "/dags/says-held_train/dagRuns/retrain__2026-03-01")
    assert training["logical_date"].startswith("2026-03-01T00:00:00")
    assert training["note"] == "old"
    assert airflow.tasks("says-held_train", "retrain__2026-03-01")["promote"][0] == "skipped"


def told(airflow) -> list[str]:
    file = airflow.folder / "told"
    return file.read_text().splitlines() if file.is_file() else []


def test_a_late_run_is_told_to_all_and_a_task_that_a_person_ends_ends_its_program(airflow):
    run = airflow.trigger("says-long_daily", "2026-03-01")
    pid = int(airflow.wait(lambda: (f := airflow.folder / "long").is_file() and f.read_text(), "the program's start"))
    airflow.wait(lambda: f"run {run} of says-long_daily" in told(airflow), "what notifiers hear of a late run")
    airflow.wait(lambda: "plain dict" in told(airflow), "what a plain function hears of it")
    assert Path(f"/proc/{pid}").exists()
    path = f"/dags/says-long_daily/dagRuns/{run}/taskInstances/daily"
    airflow.api("PATCH", path, {"new_state": "failed"})
    airflow.wait(lambda: not Path(f"/proc/{pid}").exists(), "the program's end")
    assert airflow.end("says-long_daily", run) == "failed"


def rows(airflow, lake: str, table: str) -> list[str]:
    """The rows of a table less what says when they were written, in the order of their text."""
    line = [ROOT / "bin" / "millrace", "sql", f"select * from {table}", "--json", "--lake", str(airflow.folder / lake)]
    line += ["--conf", str(airflow.folder / "conf")]
    said = subprocess.run(line, cwd=ROOT, env=airflow.env, capture_output=True, text=True, check=True).stdout
    found = [json.loads(text) for text in said.splitlines() if text.startswith("{")]
    return sorted(json.dumps({k: v for k, v in row.items() if not k.endswith("_at")}, sort_keys=True) for row in found)


def test_backfills_clears_and_two_at_once_leave_the_tables_of_one_clean_run(airflow):
    training = airflow.trigger("shop_train", "2026-03-02")
    assert airflow.end("shop_train", training) == "success"
    airflow.switch_on("shop_daily")  # the scheduler catches up on 2026-03-02 and 03-03

    def caught_up():
        return [r for r in airflow.runs("shop_daily") if r["run_type"] == "scheduled" and r["state"] == "success"]

    airflow.wait(lambda: len(caught_up()) == 2, "the scheduled runs")
    assert [r["logical_date"][:10] for r in caught_up()] == ["2026-03-02", "2026-03-03"]
    airflow.backfill("shop_daily", "2026-03-03", "2026-03-03", reprocess_behavior="completed", run_backwards=True)
    run = caught_up()[0]["dag_run_id"]
    tries = airflow.tasks("shop_daily", run)["daily"][1]
    body = {"dry_run": False, "dag_run_id": run, "task_ids": ["daily"], "only_failed": False, "reset_dag_runs": True}
    same = ["daily", "shop", "--date", "2026-03-02", "--env", "local", "--conf", str(airflow.folder / "conf")]
    beside = subprocess.Popen([ROOT / "bin" / "millrace", *same], cwd=ROOT, env=airflow.env)
    airflow.api("POST", "/dags/shop_daily/clearTaskInstances", body)
    assert beside.wait() == 0
    airflow.wait(lambda: (t := airflow.tasks("shop_daily", run)["daily"])[0] == "success" and t[1] > tries, "the cleared task")

    clean = ["replay", "shop", "--from", "2026-03-02", "--to", "2026-03-03", "--train-every", "9"]
    place = ["--conf", str(airflow.folder / "conf"), "--lake", str(airflow.folder / "clean")]
    subprocess.run([ROOT / "bin" / "millrace", *clean, *place], cwd=ROOT, env=airflow.env, check=True)
    ours = rows(airflow, "lake", "predictions_shop")
    assert len(ours) == 300
    assert ours == rows(airflow, "clean", "predictions_shop")

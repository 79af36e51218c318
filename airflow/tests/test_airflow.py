"""
The whole of it: bin/airflow with its scheduler, and the tables that come of it beside those of a direct run.

One Airflow serves all tests. Pipelines named `says-…` are run by a stand-in that ends as their name says; `shop` is
run by the real program.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from conftest import ROOT, SHOP, visits, write

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


class Airflow:
    """A running bin/airflow and its API."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("conf/env", "data"):
            (folder / name).mkdir(parents=True)
        settings = f"lake: {folder}/lake\nmaster: local[2]\nvariables: {{data: {folder}/data}}\n"
        write(folder / "conf" / "env", "local", settings)
        program = folder / "program"
        program.write_text(STAND_IN.replace("DIR", str(folder)).replace("ROOT", str(ROOT)))
        program.chmod(0o755)
        self.env = {
            **{key: value for key, value in os.environ.items() if not key.startswith("AIRFLOW")},
            "AIRFLOW_HOME": str(folder / "home"),
            "MILLRACE_CONF": str(folder / "conf"),
            "MILLRACE_COMMAND": str(program),
            "MILLRACE_HEAP": "1g",
            "AIRFLOW__CORE__PARALLELISM": "4",
        }

    def start(self) -> None:
        self.said = self.folder / "said.txt"
        with self.said.open("w") as out:
            self.process = subprocess.Popen(
                [ROOT / "bin" / "airflow"], env=self.env, stdout=out, stderr=out, stdin=subprocess.DEVNULL
            )
        found = self.wait(
            lambda: re.search(r"Airflow: (http://127\.0\.0\.1:\d+) +user: admin +password: (\S+)", self.said.read_text()),
            "the address",
        )
        self.base, password = found.groups()
        self.token = None
        self.token = self.call("POST", "/auth/token", {"username": "admin", "password": password})["access_token"]

    def call(self, method: str, path: str, body: dict | None = None):
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=120) as answer:
            text = answer.read().decode()
        return json.loads(text) if text else None

    def api(self, method: str, path: str, body: dict | None = None):
        return self.call(method, f"/api/v2{path}", body)

    def wait(self, condition, what: str, seconds: int = 1500):
        for _ in range(seconds):
            if self.process.poll() is not None:
                log = self.folder / "home" / "airflow.log"
                raise AssertionError(f"Airflow has ended: {self.said.read_text()}{log.read_text()[-3000:]}")
            try:
                found = condition()
            except urllib.error.HTTPError as e:
                if e.code != 404:
                    raise
                found = None
            if found:
                return found
            time.sleep(1)
        raise AssertionError(f"never came: {what}")

    def switch_on(self, dag: str) -> None:
        self.wait(lambda: self.api("GET", f"/dags/{dag}"), dag)
        self.api("PATCH", f"/dags/{dag}", {"is_paused": False})

    def trigger(self, dag: str, date: str) -> str:
        self.switch_on(dag)
        return self.api("POST", f"/dags/{dag}/dagRuns", {"logical_date": f"{date}T00:00:00Z"})["dag_run_id"]

    def end(self, dag: str, run: str) -> str:
        """Waits for the end of a run; its state."""
        path = f"/dags/{dag}/dagRuns/{run}"
        ended = lambda: (r := self.api("GET", path))["state"] in ("success", "failed") and r["state"]  # noqa: E731
        return self.wait(ended, f"the end of {dag} {run}")

    def tasks(self, dag: str, run: str) -> dict[str, tuple[str, int]]:
        """The state and the number of tries of each task."""
        found = self.api("GET", f"/dags/{dag}/dagRuns/{run}/taskInstances")["task_instances"]
        return {task["task_id"]: (task["state"], task["try_number"]) for task in found}

    def runs(self, dag: str) -> list[dict]:
        return self.api("GET", f"/dags/{dag}/dagRuns?limit=100&order_by=id")["dag_runs"]

    def logs(self, dag: str, run: str, task: str) -> list[str]:
        """What the log of each try says, less Airflow's marks of groups; a worker that never began has none of ours."""
        folder = self.folder / "home" / "logs" / f"dag_id={dag}" / f"run_id={run}" / f"task_id={task}"
        said = [(folder / name).read_text() for name in sorted(os.listdir(folder))]
        return ["\n".join(t for t in text.splitlines() if "group::" not in t) for text in said]

    def backfill(self, dag: str, first: str, last: str, **more) -> None:
        body = {"dag_id": dag, "from_date": f"{first}T00:00:00Z", "to_date": f"{last}T00:00:00Z", **more}
        number = self.api("POST", "/backfills", body)["id"]
        self.wait(lambda: self.api("GET", f"/backfills/{number}")["completed_at"], f"the end of backfill {number}")


@pytest.fixture(scope="module")
def airflow(tmp_path_factory):
    server = Airflow(tmp_path_factory.mktemp("airflow"))
    visits(server.folder / "data", 5)
    conf = server.folder / "conf"
    write(conf, "shop", SHOP + "schedule: {retry-delay: 5s, start: 2026-03-02, end: 2026-03-03, catchup: true}\n")
    write(conf, "torn", "pipeline: [torn\n")
    write(conf, "wrong", SHOP.replace("pipeline: shop", "pipeline: wrong").replace("rounds: 5", "rounds: -5"))
    rule = "monitor: {retrain: {when: 1 of last 2 dates over stop}}\n"
    for name, more in (("late", ""), ("bad", ""), ("held", "tasks: stages, "), ("long", "")):
        text = SHOP.replace("pipeline: shop", f"pipeline: says-{name}") + rule
        write(conf, f"says-{name}", text + f"schedule: {{{more}daily: none, retry-delay: 1s}}\n")
    server.start()
    yield server
    group = children(server.process.pid)
    server.process.send_signal(signal.SIGINT)
    assert server.process.wait(120) == 130
    assert len(group) > 4
    left = [pid for pid in group if Path(f"/proc/{pid}").exists()]
    assert not left, [Path(f"/proc/{pid}/cmdline").read_text() for pid in left]


def children(pid: int) -> list[int]:
    """All processes below one."""
    found = []
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        found += [int(child), *children(int(child))]
    return found


def test_each_broken_spec_is_an_import_error_of_its_own(airflow):
    errors = airflow.wait(
        lambda: len(e := airflow.api("GET", "/importErrors")["import_errors"]) == 2 and e, "both import errors"
    )
    told = {error["filename"]: error["stack_trace"] for error in errors}
    assert set(told) == {"torn.yaml.py", "wrong.yaml.py"}
    assert "line 2: not YAML" in told["torn.yaml.py"]
    assert "train.algorithm.rounds: expected a number at least 1, found -5" in told["wrong.yaml.py"]
    assert not airflow.api("GET", "/dags/says-bad_daily")["is_stale"]


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


def test_a_task_that_a_person_ends_ends_its_program(airflow):
    run = airflow.trigger("says-long_daily", "2026-03-01")
    pid = int(airflow.wait(lambda: (f := airflow.folder / "long").is_file() and f.read_text(), "the program's start"))
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

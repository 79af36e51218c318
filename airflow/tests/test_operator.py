"""What exit codes show as, and what becomes of the program when its task is killed."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from datetime import date, datetime, timezone
from types import SimpleNamespace

import pytest
from airflow.sdk.exceptions import AirflowException, AirflowFailException, AirflowSkipException
from millrace_airflow.late import tell
from millrace_airflow.operator import MillraceOperator, RetrainOperator, logical_date, next_is_due
from millrace_airflow.place import Place

STAGE = '{"event":"stage","stage":"%s","pipeline":"shop","date":"2026-03-01","status":"%s","seconds":1.2,"message":"%s"}'


class Task:
    """A task instance that keeps what it is given."""

    def __init__(self) -> None:
        self.pushed: dict[str, str] = {}

    def xcom_push(self, key: str, value: str) -> None:
        self.pushed[key] = value

    def xcom_pull(self, task_ids: str, key: str) -> str | None:
        return self.pushed.get(key)


def context(logical: str | None = "2026-03-01T00:00", date: str | None = None, due: str = "2026-03-02T06:00"):
    def moment(text):
        return datetime.fromisoformat(text).replace(tzinfo=timezone.utc)

    run = SimpleNamespace(logical_date=moment(logical) if logical else None, run_after=moment(due))
    return {"params": {"date": date}, "dag_run": run, "ti": Task()}


@pytest.fixture
def program(tmp_path, monkeypatch):
    """A program that writes its arguments down, says some lines and ends with a code."""

    def make(code: int, *lines: str, then: str = "") -> None:
        file = tmp_path / "program"
        said = "\n".join(f"cat <<'LINE'\n{line}\nLINE" for line in lines)
        file.write_text(f'#!/bin/bash\necho "$@" >{tmp_path}/arguments\n{said}\n{then}\nexit {code}\n')
        file.chmod(0o755)
        monkeypatch.setenv("MILLRACE_COMMAND", str(file))
        monkeypatch.setenv("MILLRACE_HOME", str(tmp_path))

    return make


def operator(command: str = "daily") -> MillraceOperator:
    return MillraceOperator(task_id="t", command=[command], pipeline="shop", every="day")


def test_success_pushes_the_date_and_the_last_word(program, tmp_path):
    program(0, STAGE % ("ingest", "done", "2 files"), STAGE % ("release", "done", "120 rows"))
    told = context()
    assert operator().execute(told) == "release shop 2026-03-01: 120 rows"
    assert told["ti"].pushed == {"date": "2026-03-01"}
    said = (tmp_path / "arguments").read_text().split()
    assert said == ["daily", "shop", "--date", "2026-03-01", "--env", "local", "--conf", f"{tmp_path}/conf", "--json"]


@pytest.mark.parametrize(
    ("code", "kind", "begins"),
    [
        (1, AirflowFailException, "a bug of Millrace (exit 1): "),
        (2, AirflowFailException, "the spec or the arguments are wrong (exit 2): "),
        (3, AirflowFailException, "the data is wrong (exit 3): "),
        (4, AirflowException, "something isn't available (exit 4); a retry may help: "),
        (10, AirflowFailException, "held (exit 10): "),
        (99, AirflowFailException, "an unknown exit code (exit 99): "),
        (128, AirflowFailException, "an unknown exit code (exit 128): "),
        (130, AirflowException, "ended by signal 2 (exit 130); a retry may help: "),
        (137, AirflowException, "ended by signal 9 (exit 137); a retry may help: "),
        (143, AirflowException, "ended by signal 15 (exit 143); a retry may help: "),
        (255, AirflowFailException, "an unknown exit code (exit 255): "),
    ],
)
def test_each_exit_code_has_its_meaning(program, code, kind, begins):
    fault = '{"event":"fault","exit_code":%d,"message":"raw/x: line 3 is torn\\nmend it"}' % code
    program(code, STAGE % ("ingest", "done", "2 files"), "millrace: raw/x: line 3 is torn", fault)
    told = context()
    with pytest.raises(AirflowException) as raised:
        operator().execute(told)
    assert type(raised.value) is kind
    assert str(raised.value) == begins + "raw/x: line 3 is torn\nmend it"
    assert told["ti"].pushed["reason"] == "raw/x: line 3 is torn\nmend it"


def test_a_challenger_that_stays_out_is_skipped(program):
    program(10, STAGE % ("promote", "stopped", "model x stays out"), '{"event":"fault","exit_code":10,"message":"auc"}')
    with pytest.raises(AirflowSkipException, match="not promoted, the champion stays: auc"):
        operator("run").execute(context())


def test_a_program_that_is_killed_by_others_may_be_tried_again(program):
    program(0, then="kill -KILL $$")
    with pytest.raises(AirflowException, match=r"ended by signal 9 \(exit -9\)") as raised:
        operator().execute(context())
    assert not isinstance(raised.value, AirflowFailException)


def test_a_program_that_is_not_there_is_not_tried_again(monkeypatch, tmp_path):
    monkeypatch.setenv("MILLRACE_COMMAND", str(tmp_path / "nothing"))
    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(AirflowFailException, match=r"can't run .*nothing: No such file or directory; set MILLRACE_HOME"):
        operator().execute(context())


@pytest.mark.parametrize(
    ("logical", "given", "due", "every", "date"),
    [
        ("2026-03-01T00:00", None, "2026-03-02T06:00", "day", "2026-03-01"),
        ("2026-03-18T09:30", None, "2026-03-18T09:30", "week", "2026-03-16"),
        ("2026-03-18T09:30", None, "2026-03-18T09:30", "month", "2026-03-01"),
        ("2026-03-18T09:30", "2025-12-31", "2026-03-18T09:30", "month", "2025-12-01"),
        (None, None, "2026-03-02T06:00", "day", "2026-03-01"),
        (None, None, "2026-03-02T06:00", "month", "2026-02-01"),
    ],
)
def test_the_date_of_a_run(logical, given, due, every, date):
    assert logical_date(context(logical, given, due), every).isoformat() == date


def alive(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_for(condition, what: str):
    for _ in range(600):
        found = condition()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"never came: {what}")


def pids(tmp_path):
    file = tmp_path / "pids"
    return [int(pid) for pid in file.read_text().split()] if file.is_file() and file.read_text().count("\n") == 2 else []


@pytest.mark.parametrize("deaf", [False, True], ids=["that listens", "that ignores SIGTERM"])
def test_killing_the_task_ends_a_program_and_what_it_started(program, tmp_path, deaf):
    ignore = "trap '' TERM; " if deaf else ""
    program(0, then=f"{ignore}sleep 1000 & echo $! >{tmp_path}/pids; echo $$ >>{tmp_path}/pids; wait; wait")
    task = operator()
    ended: list[BaseException] = []

    def run() -> None:
        try:
            task.execute(context())
        except BaseException as e:
            ended.append(e)

    thread = threading.Thread(target=run)
    thread.start()
    both = wait_for(lambda: pids(tmp_path), "the program's start")
    assert all(alive(pid) for pid in both)
    task.on_kill()
    thread.join(60)
    assert not thread.is_alive()
    assert isinstance(ended[0], AirflowException)
    wait_for(lambda: not any(alive(pid) for pid in both), "the end of both")


def test_killing_the_task_ends_a_driver_whose_launcher_has_died_and_lets_it_say_goodbye(program, tmp_path):
    # The driver holds the task's output open, so the task goes on after the launcher's end.
    driver = f"trap 'echo bye >{tmp_path}/bye; exit' TERM; echo >{tmp_path}/ready; while :; do sleep 0.1; done"
    program(0, then=f'bash -c "{driver}" & echo $! >{tmp_path}/pids; echo $$ >>{tmp_path}/pids; kill -KILL $$')
    task = operator()
    ended: list[BaseException] = []

    def run() -> None:
        try:
            task.execute(context())
        except BaseException as e:
            ended.append(e)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    driver_pid, launcher_pid = wait_for(lambda: pids(tmp_path), "the program's start")
    wait_for(lambda: not alive(launcher_pid) and (tmp_path / "ready").exists(), "the launcher's end")
    assert alive(driver_pid)
    assert thread.is_alive()
    task.on_kill()
    thread.join(60)
    assert not thread.is_alive()
    assert str(ended[0]).startswith("ended by signal 9 (exit -9)")
    assert not alive(driver_pid)
    assert (tmp_path / "bye").exists()


def test_a_driver_that_outlives_its_launcher_is_ended_before_the_next_try(program, tmp_path):
    program(0, then=f"sleep 1000 >/dev/null 2>&1 & echo $! >{tmp_path}/pids; echo $$ >>{tmp_path}/pids; kill -KILL $$")
    with pytest.raises(AirflowException, match="ended by signal 9"):
        operator().execute(context())
    assert not any(alive(pid) for pid in pids(tmp_path))


@pytest.mark.skipif(not os.path.exists("/usr/bin/setpriv"), reason="needs setpriv")
def test_a_worker_that_is_killed_takes_the_program_along(program, tmp_path):
    program(0, then=f"sleep 1000 & echo $! >{tmp_path}/pids; echo $$ >>{tmp_path}/pids; trap 'kill $!; exit 1' TERM; wait")
    code = "from test_operator import *; operator().execute(context())"
    here = [os.path.dirname(__file__), os.path.dirname(__file__) + "/../plugins"]
    worker = subprocess.Popen([sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": os.pathsep.join(here)})
    both = wait_for(lambda: pids(tmp_path), "the program's start")
    worker.send_signal(signal.SIGKILL)
    worker.wait(60)
    wait_for(lambda: not any(alive(pid) for pid in both), "the end of both")


def test_verdicts_that_ask_for_a_training_are_passed_on(program):
    program(0, '{"event":"verdict","pipeline":"shop","date":"2026-03-01","release":true,"retrain":true,"reasons":"old"}')
    told = context()
    operator().execute(told)
    assert told["ti"].pushed["retrain"] == "old"


def test_without_such_a_verdict_nothing_is_started(program):
    program(0, '{"event":"verdict","pipeline":"shop","date":"2026-03-01","release":true,"retrain":false,"reasons":""}')
    told = context()
    operator().execute(told)
    assert "retrain" not in told["ti"].pushed
    with pytest.raises(AirflowSkipException, match="monitor doesn't ask"):
        RetrainOperator(task_id="retrain", asked_by="daily", pipeline="shop", every="day").execute(told)


@pytest.mark.parametrize(
    ("every", "day", "now", "running", "due"),
    [
        ("day", "2026-03-01", "2026-03-02T23:59", False, False),
        ("day", "2026-03-01", "2026-03-03T00:00", False, True),
        ("week", "2026-03-02", "2026-03-15T23:59", False, False),
        ("month", "2008-09-01", "2008-11-01T00:00", False, True),
        ("day", "2026-03-01", "2026-03-01T23:59", True, False),
        ("day", "2026-03-01", "2026-03-02T00:00", True, True),
        ("month", "2008-09-01", "2008-09-30T23:59", True, False),
        ("month", "2008-09-01", "2008-10-01T00:00", True, True),
    ],
)
def test_catching_up_is_where_the_next_date_is_due_already(every, day, now, running, due):
    moment = datetime.fromisoformat(now).replace(tzinfo=timezone.utc)
    assert next_is_due(every, date.fromisoformat(day), moment, running) is due


@pytest.mark.parametrize(
    ("state", "said"), [("running", "is not done 4:00:00"), ("queued", "waits for its turn still 4:00:00")]
)
def test_a_late_run_is_told_with_whether_it_has_begun(caplog, state, said):
    run = {"dag_id": "shop_daily", "dag_run_id": "backfill__2026-03-01", "state": state}
    asyncio.run(tell({"dag_run": run}, after="4:00:00"))
    assert f"shop_daily backfill__2026-03-01 {said} after it was queued; it goes on" in caplog.messages


def test_every_place_is_reached_by_the_launcher(monkeypatch, tmp_path):
    monkeypatch.delenv("MILLRACE_COMMAND", raising=False)
    place = Place(tmp_path, tmp_path / "conf", "prod")
    line = ["daily", "shop", "--date", "2026-03-01", "--env", "prod", "--conf", f"{tmp_path}/conf", "--json"]
    assert place.command(line[:4]) == [f"{tmp_path}/bin/millrace", *line]
    monkeypatch.setenv("MILLRACE_COMMAND", "ssh edge millrace")
    assert place.command(line[:4]) == ["ssh", "edge", "millrace", *line]

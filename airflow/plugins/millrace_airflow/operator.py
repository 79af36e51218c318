"""The operator that runs one command of Millrace, and the one that starts a training when monitor asks for it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
from datetime import date, datetime, timezone
from typing import Any

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.providers.standard.triggers.external_task import DagStateTrigger
from airflow.sdk import BaseOperator
from airflow.sdk.exceptions import AirflowException, AirflowFailException, AirflowSkipException

from millrace_airflow import periods
from millrace_airflow.place import Place

UNAVAILABLE = 4
STOPPED = 10
MEANING = {
    1: "a bug of Millrace",
    2: "the spec or the arguments are wrong",
    3: "the data is wrong",
    UNAVAILABLE: "something isn't available",
    STOPPED: "held",
}
POKE_SECONDS = 5
GRACE_SECONDS = 4  # Airflow kills the task itself 5 seconds after it asked
SIGNALS = range(1, 65)  # Linux's


def logical_date(context: dict[str, Any], every: str) -> date:
    """
    The date that a run is of.

    The parameter `date` of the run wins. Else it is the period that holds the run's logical date, which is that date
    itself for scheduled and backfilled runs. A run without one (started by an asset) is of the last period that has
    ended when it is due.
    """
    given = context["params"].get("date")
    if given:
        return periods.start(every, date.fromisoformat(str(given)))
    run = context["dag_run"]
    if run.logical_date is not None:
        return periods.start(every, _utc(run.logical_date))
    return periods.previous(every, _utc(run.run_after))


def _utc(moment: datetime) -> date:
    return moment.astimezone(timezone.utc).date()


class MillraceOperator(BaseOperator):
    """
    Runs `millrace COMMAND PIPELINE --date D` in a process group of its own.

    Exit 0 is success; 4 and the end by a signal fail the try, so that Airflow tries again; 1, 2 and 3 fail the task at
    once, since the same again would end the same. 10 fails it at once too, except where promote has said no: then
    nothing is missing, the champion stays in force, and the task is skipped.

    :param command: word of a stage or of a chain, and options
    :param every: the pipeline's period
    """

    ui_color = "#dfeaf5"

    def __init__(self, *, command: list[str], pipeline: str, every: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.command = command
        self.pipeline = pipeline
        self.every = every
        self._process: subprocess.Popen[str] | None = None

    def execute(self, context: dict[str, Any]) -> str:
        place = Place.of()
        day = logical_date(context, self.every)
        told = Told()
        code = self._run(place, [self.command[0], self.pipeline, "--date", day.isoformat(), *self.command[1:]], told)
        ti = context["ti"]
        ti.xcom_push(key="date", value=day.isoformat())
        if told.retrain:
            ti.xcom_push(key="retrain", value=told.retrain)
        if code == 0:
            return told.last or "done"
        reason = told.fault or told.last or "it said nothing; its log is in .millrace/logs"
        ti.xcom_push(key="reason", value=reason)
        raise failure(code, told.stage, reason)

    def _run(self, place: Place, arguments: list[str], told: Told) -> int:
        line = place.command(arguments)
        self.log.info("%s", " ".join(line))
        # Where the worker itself is killed, the kernel ends the program too.
        guard = [shutil.which("setpriv"), "--pdeathsig", "TERM"] if shutil.which("setpriv") else []
        try:
            self._process = subprocess.Popen(
                [*guard, *line],
                cwd=place.home,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                start_new_session=True,
            )
        except OSError as e:
            raise AirflowFailException(
                f"can't run {line[0]}: {e.strerror}; set MILLRACE_HOME to the project's folder"
            ) from None
        assert self._process.stdout is not None
        for text in self._process.stdout:
            said = told.hear(text.rstrip("\n"))
            if said:
                self.log.info("%s", said)
        code = self._process.wait()
        self.on_kill()  # a launcher that died alone leaves a driver, beside which the next try would start another one
        self._process = None
        return code

    def on_kill(self) -> None:
        """
        Ends the program and all that it started: first kindly, so that Spark can end its application.

        The program itself may be gone already and a driver that it started be there still: so it is the group that is
        asked for and waited for. It takes at most GRACE_SECONDS.
        """
        process = self._process
        if process is None or not _is_there(process):
            return
        self.log.info("ending process group %s", process.pid)
        _signal(process.pid, signal.SIGTERM)
        until = time.monotonic() + GRACE_SECONDS
        while _is_there(process):
            if time.monotonic() > until:
                self.log.warning("it is still there after %s s; killing it", GRACE_SECONDS)
                _signal(process.pid, signal.SIGKILL)
                return
            time.sleep(0.1)


def _is_there(process: subprocess.Popen[str]) -> bool:
    """Whether a process of the group that the program led is there."""
    process.poll()  # else one that has ended counts until somebody asks how
    return _signal(process.pid, 0)


def _signal(group: int, number: int) -> bool:
    """Sends a signal, or with 0 none, to a process group; False where nobody is left in it."""
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return False
    return True


def failure(code: int, stage: str, reason: str) -> AirflowException:
    """What an exit code other than 0 means to Airflow. The reason is the end of the message, and so of the log."""
    if code == STOPPED and stage == "promote":
        return AirflowSkipException(f"not promoted, the champion stays: {reason}")
    ended_by = _signal_of(code)
    if code == UNAVAILABLE or ended_by:
        what = f"ended by signal {ended_by}" if ended_by else MEANING[code]
        return AirflowException(f"{what} (exit {code}); a retry may help: {reason}")
    return AirflowFailException(f"{MEANING.get(code, 'an unknown exit code')} (exit {code}): {reason}")


def _signal_of(code: int) -> int | None:
    """
    The signal that ended a program; None where none did.

    Python tells it as a negative code. A JVM handles SIGTERM and ends with 143 by itself, and so does a shell whose child
    was ended: 128 and the signal's number.
    """
    number = -code if code < 0 else code - 128
    return number if number in SIGNALS else None


class Told:
    """What the program has told so far, of its lines of JSON."""

    def __init__(self) -> None:
        self.stage = ""
        self.last = ""
        self.fault = ""
        self.retrain = ""

    def hear(self, text: str) -> str:
        """Takes a line in; returns what a person should read of it, empty for what is told elsewhere."""
        if not text.startswith("{"):
            return text
        try:
            event = json.loads(text)
        except ValueError:
            return text
        kind = event.get("event") if isinstance(event, dict) else None
        if kind == "stage":
            self.stage = event["stage"]
            self.last = f"{event['stage']} {event['pipeline']} {event['date']}: {event['message']}"
            return f"{self.last} ({event['status']}, {event['seconds']} s)"
        if kind == "verdict":
            self.retrain = event["reasons"] if event.get("retrain") else ""
            return ""
        if kind == "fault":
            self.fault = event["message"]
            return ""
        return text


class RetrainOperator(TriggerDagRunOperator):
    """
    Starts the training of the date at which monitor asked for it; skipped where it didn't.

    The run gets the date as its logical date, of which a DAG has one run, so a repeated monitor starts no second one.
    Where the next date is due already, as in catching up, it waits for the training's end, whatever that is, without a
    slot: so the next date is scored as it would have been at its time. A try that finds the training begun, since the
    one before was lost after it had started it, waits too. Else nothing waits for a training.

    :param asked_by: the task that monitors
    :param every: the pipeline's period
    :param running: whether a date is run while its period runs (`schedule.period`)
    """

    template_fields = ()

    def __init__(self, *, asked_by: str, pipeline: str, every: str, running: bool = False, **kwargs: Any) -> None:
        super().__init__(
            trigger_dag_id=f"{pipeline}_train",
            skip_when_already_exists=True,
            openlineage_inject_parent_info=False,
            allowed_states=["success", "failed"],
            failed_states=[],
            poke_interval=POKE_SECONDS,
            deferrable=True,
            **kwargs,
        )
        self.asked_by = asked_by
        self.every = every
        self.running = running

    def execute(self, context: dict[str, Any]) -> None:
        ti = context["ti"]
        why = ti.xcom_pull(task_ids=self.asked_by, key="retrain")
        if not why:
            raise AirflowSkipException("monitor doesn't ask for a new training")
        day = ti.xcom_pull(task_ids=self.asked_by, key="date")
        self.log.info("monitor of %s: %s", day, why)
        self.logical_date = f"{day}T00:00:00+00:00"
        self.trigger_run_id = f"retrain__{day}"
        self.conf = {"date": day, "why": why}
        self.note = why
        # A training whose DAG is switched off may come never.
        late = next_is_due(self.every, date.fromisoformat(day), datetime.now(timezone.utc), self.running)
        self.wait_for_completion = late and not ti.get_dag(self.trigger_dag_id).is_paused
        if self.wait_for_completion and self._has_begun(ti):
            self.log.info("%s of %s has begun already; waiting for its end", self.trigger_run_id, self.trigger_dag_id)
            trigger = DagStateTrigger(
                dag_id=self.trigger_dag_id,
                states=self.allowed_states,
                run_ids=[self.trigger_run_id],
                poll_interval=POKE_SECONDS,
            )
            self.defer(trigger=trigger, method_name="execute_complete")
        super().execute(context)

    def _has_begun(self, ti: Any) -> bool:
        """Whether the run that this would start is there and hasn't ended."""
        return ti.get_dr_count(self.trigger_dag_id, run_ids=[self.trigger_run_id], states=["queued", "running"]) > 0


def next_is_due(every: str, day: date, now: datetime, running: bool = False) -> bool:
    """Whether the period after the one of a date has ended too; where dates are run in their periods, whether it runs."""
    following = periods.following(every, day)
    return (following if running else periods.following(every, following)) <= _utc(now)

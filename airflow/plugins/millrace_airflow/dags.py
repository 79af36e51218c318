"""From a spec to its DAGs."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, Asset, Param

from millrace_airflow.operator import MillraceOperator, RetrainOperator
from millrace_airflow.specs import Spec, odd
from millrace_airflow.timetable import PeriodTimetable

# Before all data. Airflow gives a run before its DAG's start, or after its end, no task and calls it a success, so a DAG
# has no limits of its own: those of `schedule` are the timetable's.
LONG_AGO = datetime(1000, 1, 1, tzinfo=timezone.utc)
LONGEST_DELAY = timedelta(hours=1)
CHAINS = {
    "daily": ["ingest", "validate", "label", "features", "score", "monitor", "release", "report"],
    "train": ["ingest", "validate", "label", "features", "train", "evaluate", "promote"],
}
TITLES = {"daily": "Scores a date and releases its predictions", "train": "Trains, judges and promotes a model"}
COMMANDS = {"daily": ["daily"], "train": ["run"]}


class Builder:
    """
    Makes DAGs.

    :param env: the place where they run; names the lake in the assets' URIs
    :param notifiers: told when a task or a run fails, as Airflow's callbacks are
    """

    def __init__(self, env: str, notifiers: list[Callable[[Any], Any]]) -> None:
        self.env = env
        self.notifiers = notifiers

    def all(self, specs: Iterable[Spec]) -> tuple[list[DAG], dict[Path, str]]:
        """The DAGs of the specs, and the faults of those of which Airflow takes none: they hide no other."""
        dags: list[DAG] = []
        faults: dict[Path, str] = {}
        for spec in specs:
            try:
                dags.extend(self.dags(spec))
            except Exception as e:
                faults[spec.file] = odd(spec.file, e)
        return dags, faults

    def dags(self, spec: Spec) -> list[DAG]:
        """`<pipeline>_daily`, and `<pipeline>_train` where something is trained."""
        return [self.dag(spec, chain) for chain in CHAINS if chain == "daily" or spec.has_train]

    def dag(self, spec: Spec, chain: str) -> DAG:
        """One of the two."""
        schedule = spec.schedule
        cron = schedule.daily if chain == "daily" else schedule.train
        dag = DAG(
            dag_id=f"{spec.name}_{chain}",
            description=f"{TITLES[chain]}: {spec.description}" if spec.description else TITLES[chain],
            schedule=_timetable(cron, spec) if cron else None,
            start_date=LONG_AGO,
            catchup=schedule.catchup,
            max_active_runs=schedule.max_active,
            params={"date": Param(None, type=["null", "string"], format="date", description=DATE_HELP)},
            tags=["millrace", spec.name],
            doc_md=_doc(spec, chain),
            default_args=self._task_settings(spec),
            deadline=_deadline(schedule.deadline),
            on_failure_callback=self.notifiers or None,
            auto_register=False,  # else one that breaks while it is made is there all the same, with half of its tasks
        )
        with dag:
            last = self._stages(spec, chain) if schedule.stages else self._chain(spec, chain)
            # A run's state is that of its last tasks. This one costs nothing and fails with whatever was before it.
            if chain == "daily" and spec.has_train:
                last >> EmptyOperator(task_id="done")
        return dag

    def _task_settings(self, spec: Spec) -> dict[str, Any]:
        settings = {
            "owner": spec.owner,
            "retries": spec.schedule.retries,
            "retry_delay": spec.schedule.retry_delay,
            "retry_exponential_backoff": True,
            "max_retry_delay": LONGEST_DELAY,
        }
        return {**settings, "pool": spec.schedule.pool} if spec.schedule.pool else settings

    def _chain(self, spec: Spec, chain: str) -> MillraceOperator:
        tables = [table for stage in _stages_of(spec, chain) for table in _tables(stage, spec)]
        task = self._task(spec, COMMANDS[chain][0], COMMANDS[chain], tables)
        self._retrain(spec, chain, task)
        return task

    def _stages(self, spec: Spec, chain: str) -> MillraceOperator:
        before, last = None, None
        for stage in _stages_of(spec, chain):
            training = ["--for-training"] if (chain, stage) == ("train", "features") else []
            task = self._task(spec, stage, [stage, *training], _tables(stage, spec))
            if before is not None:
                before >> task
            if stage == "monitor":
                self._retrain(spec, chain, task)
            if stage == "report":
                task.trigger_rule = "all_done"  # the page of a date that is kept back is the one to read
            else:
                last = task
            before = task
        return last

    def _task(self, spec: Spec, task_id: str, command: list[str], tables: list[str]) -> MillraceOperator:
        outlets = [self.asset(table) for table in tables]
        return MillraceOperator(task_id=task_id, command=command, pipeline=spec.name, every=spec.every, outlets=outlets)

    def _retrain(self, spec: Spec, chain: str, monitor: MillraceOperator) -> None:
        if chain == "daily" and spec.retrains and spec.has_train:
            names = {"asked_by": monitor.task_id, "pipeline": spec.name, "every": spec.every}
            running = spec.schedule.running
            monitor >> RetrainOperator(task_id="retrain", trigger_rule="all_done", running=running, **names)

    def asset(self, table: str) -> Asset:
        """A table of the lake, such as `predictions/churn`: the name by which others' DAGs wait for it."""
        return Asset(name=table, uri=f"millrace://{self.env}/{table}", group="millrace")


DATE_HELP = "Logical date to run; empty: the one that holds the run's logical date."


def _stages_of(spec: Spec, chain: str) -> list[str]:
    scored = {"score", "monitor", "release", "report"}
    return [
        stage
        for stage in CHAINS[chain]
        if not ((stage == "label" and not spec.has_label) or (stage in scored and not spec.has_train))
    ]


def _tables(stage: str, spec: Spec) -> list[str]:
    """The tables that a stage brings up to date."""
    return {
        "ingest": [f"raw/{source}" for source in spec.sources],
        "validate": [f"quarantine/{source}" for source in spec.checked],
        "label": [f"labels/{spec.name}"],
        "features": [f"features/{spec.name}"],
        "promote": [f"models/{spec.name}"],
        "release": [f"predictions/{spec.name}"],
    }.get(stage, [])


def _timetable(cron: str, spec: Spec) -> PeriodTimetable:
    return PeriodTimetable(cron, spec.every, spec.schedule.running, spec.schedule.start, spec.schedule.end)


def _doc(spec: Spec, chain: str) -> str:
    lines = [f"**{TITLES[chain]}** of the pipeline `{spec.name}`, by `{spec.file.name}`."]
    if spec.description:
        lines.append(spec.description)
    lines.append(f"Owner: {spec.owner}. A run's logical date is the first day of its {spec.every} (UTC).")
    lines.append("A task that fails without a retry tells why in the last line of its log.")
    return "\n\n".join(lines)


def notifiers(environment=os.environ) -> list[Callable[[Any], Any]]:
    """What MILLRACE_NOTIFIERS names: dotted paths, with commas, of Airflow notifiers or lists of them."""
    found: list[Callable[[Any], Any]] = []
    for path in filter(None, (word.strip() for word in environment.get("MILLRACE_NOTIFIERS", "").split(","))):
        value = resolve_name(path)
        found.extend(value if isinstance(value, (list, tuple)) else [value])
    return found


def _deadline(after: timedelta | None) -> Any:
    if after is None:
        return None
    from airflow.sdk import AsyncCallback, DeadlineAlert, DeadlineReference

    return DeadlineAlert(
        reference=DeadlineReference.DAGRUN_QUEUED_AT,
        interval=after,
        callback=AsyncCallback("millrace_airflow.late.tell", {"after": str(after)}),
    )

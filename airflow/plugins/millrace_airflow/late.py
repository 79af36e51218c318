"""What is said of a run that takes longer than `schedule.deadline`. The triggerer calls it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from airflow.sdk import BaseNotifier

log = logging.getLogger(__name__)


async def tell(context: dict[str, Any] | None = None, after: str = "", **_: Any) -> None:
    """
    Logs that a run is late, and tells the notifiers.

    The time counts from when the run was queued: Airflow sets it when it makes the run, and knows no reference by the
    start. So a run of a long backfill may be late that hasn't begun; that is said.

    One that can't be told, since it wants to know what a triggerer doesn't, keeps no other one back; the callback fails
    then, which its state in Airflow shows.
    """
    from millrace_airflow.dags import notifiers

    run = dict((context or {}).get("dag_run") or {})
    run.setdefault("run_id", run.get("dag_run_id", "?"))  # its name where a task or a failed run is told of
    context = {**(context or {}), "dag_run": run}
    what = "waits for its turn still" if run.get("state") == "queued" else "is not done"
    log.error("%s %s %s %s after it was queued; it goes on", run.get("dag_id", "?"), run.get("run_id", "?"), what, after)
    failed = []
    for notifier in notifiers():
        try:
            await _notify(notifier, {**context})
        except Exception as e:
            log.exception("%s can't be told", notifier)
            failed.append(e)
    if failed:
        raise failed[0]


async def _notify(notifier: Callable[[Any], Any], context: dict[str, Any]) -> None:
    waits = isinstance(notifier, BaseNotifier) and type(notifier).async_notify is not BaseNotifier.async_notify
    if waits:
        notifier.context = context
        await notifier  # renders its templates first
    else:
        await asyncio.to_thread(notifier, context)

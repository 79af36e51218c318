"""What is said of a run that takes longer than `schedule.deadline`. The triggerer calls it."""

from __future__ import annotations

import logging
from typing import Any

log = logging.getLogger(__name__)


async def tell(context: dict[str, Any] | None = None, after: str = "", **_: Any) -> None:
    """Logs that a run is late, and tells the notifiers that can be awaited."""
    from millrace_airflow.dags import notifiers

    run = (context or {}).get("dag_run") or {}
    dag, name = (run.get(key, "?") if isinstance(run, dict) else getattr(run, key, "?") for key in ("dag_id", "run_id"))
    log.error("%s %s is not done %s after it was queued; it goes on", dag, name, after)
    for notifier in notifiers():
        if hasattr(notifier, "async_notify"):
            await notifier.async_notify(context or {})

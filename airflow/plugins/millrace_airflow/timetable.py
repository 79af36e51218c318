"""A timetable whose logical dates are those of Millrace."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from airflow.timetables.base import DagRunInfo, DataInterval, Timetable
from airflow.utils.types import DagRunType
from croniter import croniter
from pendulum import UTC, DateTime, instance

from millrace_airflow import periods


class PeriodTimetable(Timetable):
    """
    Runs at the moments of a cron expression (UTC), one for each period of `every`.

    A run's logical date is the first day of its period and its data interval is the period, so `--date` is the
    logical date whoever made the run: the scheduler, a backfill or a person. `running` tells which period a moment
    is for: the one that holds it, or (not running) the last that has ended by then. Where the expression ticks more
    often than once a period, the first tick counts.

    `start` and `end` limit what the scheduler runs: its first date is that of the period that holds `start`, its last
    that of the one that holds `end`. They aren't limits of the DAG, since Airflow gives a run outside those no task and
    calls it a success, whoever asked for it.
    """

    def __init__(
        self, cron: str, every: str, running: bool = False, start: date | None = None, end: date | None = None
    ) -> None:
        self._cron = cron
        self._every = every
        self._running = running
        self._start = start and periods.start(every, start)
        self._end = end and periods.start(every, end)
        limits = "".join(f", {word} {day}" for word, day in (("from", self._start), ("to", self._end)) if day)
        self.description = f"at {cron} (UTC), for the {every} that {'runs then' if running else 'has ended'}{limits}"

    @classmethod
    def deserialize(cls, data: dict[str, Any]) -> Timetable:
        # Airflow's database may hold what was written before there were limits.
        start, end = (data.get(key) and date.fromisoformat(data[key]) for key in ("start", "end"))
        return cls(data["cron"], data["every"], data["running"], start, end)

    def serialize(self) -> dict[str, Any]:
        limits = {"start": self._start and self._start.isoformat(), "end": self._end and self._end.isoformat()}
        return {"cron": self._cron, "every": self._every, "running": self._running, **limits}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PeriodTimetable) and self.serialize() == other.serialize()

    def __hash__(self) -> int:
        return hash(tuple(self.serialize().values()))

    @property
    def summary(self) -> str:
        return self._cron

    def generate_run_id(self, *, run_type, run_after, data_interval, **extra) -> str:
        """Named by the logical date, where Airflow's own are named by the moment that a run is due."""
        if run_type == DagRunType.MANUAL or data_interval is None:
            return super().generate_run_id(run_type=run_type, run_after=run_after, data_interval=data_interval, **extra)
        return run_type.generate_run_id(suffix=data_interval.start.format("YYYY-MM-DD"))

    def infer_manual_data_interval(self, *, run_after: DateTime) -> DataInterval:
        return self._interval(periods.start(self._every, run_after.in_timezone(UTC).date()))

    def next_dagrun_info(self, *, last_automated_data_interval, restriction) -> DagRunInfo | None:
        if restriction.earliest is None:
            return None
        first, latest = self._date_from(restriction.earliest), restriction.latest
        if latest is None:
            # The scheduler asks: no DAG of ours has an end. A backfill tells its own, and means the dates that it tells.
            first = max(first, self._start or first)
            latest = self._end and _midnight(self._end)
        if last_automated_data_interval is not None:
            # A date that is there already isn't made again, whatever has become of the schedule.
            last = last_automated_data_interval.start.in_timezone(UTC).date()
            first = max(first, periods.following(self._every, last))
        if not restriction.catchup:
            first = max(first, self._date_of(self._last_tick(DateTime.now(UTC))))
        tick = self._tick_of(first)
        return self._info(tick, latest)

    def _info(self, tick: DateTime, latest: DateTime | None) -> DagRunInfo | None:
        interval = self._interval(self._date_of(tick))
        if latest is not None and interval.start > latest:
            return None
        return DagRunInfo(run_after=tick, data_interval=interval)

    def _tick_of(self, day: date) -> DateTime:
        """The first tick that is for the date, or for one after it where none is for it."""
        opens = day if self._running else periods.following(self._every, day)
        return instance(croniter(self._cron, _midnight(opens) - timedelta(seconds=1)).get_next(datetime))

    def _last_tick(self, moment: DateTime) -> DateTime:
        return instance(croniter(self._cron, moment + timedelta(seconds=1)).get_prev(datetime))

    def _date_of(self, tick: DateTime) -> date:
        day = tick.in_timezone(UTC).date()
        return periods.start(self._every, day) if self._running else periods.previous(self._every, day)

    def _date_from(self, moment: DateTime) -> date:
        """The first logical date at the moment or after it."""
        day = moment.in_timezone(UTC).date()
        whole = periods.start(self._every, day)
        return whole if _midnight(whole) >= moment else periods.following(self._every, day)

    def _interval(self, day: date) -> DataInterval:
        return DataInterval(_midnight(day), _midnight(periods.following(self._every, day)))


def _midnight(day: date) -> DateTime:
    return DateTime(day.year, day.month, day.day, tzinfo=UTC)

"""Which date is run when."""

from __future__ import annotations

import json
from datetime import date

import pendulum
import pytest
from airflow.timetables.base import TimeRestriction
from airflow.utils.types import DagRunType
from millrace_airflow import periods
from millrace_airflow.timetable import PeriodTimetable


def moment(text: str) -> pendulum.DateTime:
    return pendulum.parse(text, tz="UTC")


def runs(timetable: PeriodTimetable, earliest: str, count: int, latest: str | None = None, catchup: bool = True):
    """The first runs: logical date, end of its interval, and when it is due."""
    restriction = TimeRestriction(moment(earliest), latest and moment(latest), catchup)
    found, last = [], None
    for _ in range(count):
        info = timetable.next_dagrun_info(last_automated_data_interval=last, restriction=restriction)
        if info is None:
            break
        last = info.data_interval
        assert info.logical_date == last.start
        found.append((str(last.start.date()), str(last.end.date()), info.run_after.format("YYYY-MM-DD HH:mm")))
    return found


def test_a_day_is_run_when_it_has_ended():
    assert runs(PeriodTimetable("0 6 * * *", "day"), "2026-02-27", 3) == [
        ("2026-02-27", "2026-02-28", "2026-02-28 06:00"),
        ("2026-02-28", "2026-03-01", "2026-03-01 06:00"),
        ("2026-03-01", "2026-03-02", "2026-03-02 06:00"),
    ]


def test_at_the_very_end_of_a_month():
    assert runs(PeriodTimetable("0 0 1 * *", "month"), "2008-09-01", 2) == [
        ("2008-09-01", "2008-10-01", "2008-10-01 00:00"),
        ("2008-10-01", "2008-11-01", "2008-11-01 00:00"),
    ]


def test_a_week_begins_on_monday():
    assert runs(PeriodTimetable("30 7 * * 3", "week"), "2026-03-03", 2) == [
        ("2026-03-09", "2026-03-16", "2026-03-18 07:30"),
        ("2026-03-16", "2026-03-23", "2026-03-25 07:30"),
    ]


def test_the_running_period_is_run_before_its_end():
    assert runs(PeriodTimetable("0 18 * * *", "day", running=True), "2026-03-01", 2) == [
        ("2026-03-01", "2026-03-02", "2026-03-01 18:00"),
        ("2026-03-02", "2026-03-03", "2026-03-02 18:00"),
    ]


def test_a_quarterly_training_is_of_the_last_month_that_has_ended():
    assert runs(PeriodTimetable("0 5 1 */3 *", "month"), "2008-07-01", 2) == [
        ("2008-09-01", "2008-10-01", "2008-10-01 05:00"),
        ("2008-12-01", "2009-01-01", "2009-01-01 05:00"),
    ]


def test_on_working_days_the_days_before_them_are_run():
    friday_on = runs(PeriodTimetable("0 6 * * 1-5", "day"), "2026-03-05", 3)
    assert [run[0] for run in friday_on] == ["2026-03-05", "2026-03-08", "2026-03-09"]  # Thursday, Sunday, Monday


def test_a_schedule_that_ticks_more_often_runs_each_date_once():
    assert [run[0] for run in runs(PeriodTimetable("0 * * * *", "day"), "2026-03-01", 3)] == [
        "2026-03-01",
        "2026-03-02",
        "2026-03-03",
    ]


def test_it_ends_with_the_last_date():
    assert len(runs(PeriodTimetable("0 0 * * *", "day"), "2026-03-01", 9, latest="2026-03-03")) == 3


LONG_AGO = "1000-01-01"


def test_the_limits_of_the_schedule_are_those_of_the_scheduler():
    limited = PeriodTimetable("0 6 3 * *", "month", start=date(2008, 9, 17), end=date(2008, 11, 30))
    assert runs(limited, LONG_AGO, 9) == [
        ("2008-09-01", "2008-10-01", "2008-10-03 06:00"),
        ("2008-10-01", "2008-11-01", "2008-11-03 06:00"),
        ("2008-11-01", "2008-12-01", "2008-12-03 06:00"),
    ]


def test_a_backfill_is_of_the_dates_that_it_tells_whatever_the_limits():
    limited = PeriodTimetable("0 6 3 * *", "month", start=date(2008, 9, 17), end=date(2008, 10, 31))
    asked = runs(limited, "2008-07-01", 9, latest="2008-12-01")
    assert [run[0] for run in asked] == [f"2008-{month:02}-01" for month in range(7, 13)]


def test_the_date_that_is_due_comes_first_from_the_start_on_and_never_after_the_end():
    today = pendulum.now("UTC").date()
    yesterday, tomorrow = today.subtract(days=1), today.add(days=1)
    began = PeriodTimetable("0 0 * * *", "day", start=date(2020, 1, 1))
    assert runs(began, LONG_AGO, 1, catchup=False)[0][0] == str(yesterday)
    begins = PeriodTimetable("0 0 * * *", "day", start=tomorrow)
    assert runs(begins, LONG_AGO, 1, catchup=False)[0][0] == str(tomorrow)
    over = PeriodTimetable("0 0 * * *", "day", start=date(2020, 1, 1), end=date(2020, 1, 2))
    assert not runs(over, LONG_AGO, 1, catchup=False)


def test_without_catchup_the_date_that_is_due_comes_first():
    today = pendulum.now("UTC").date()
    first = runs(PeriodTimetable("0 0 * * *", "day"), "2000-01-01", 1, catchup=False)[0]
    assert first[0] == str(today.subtract(days=1))


def test_a_run_by_hand_is_of_the_period_that_holds_its_date():
    interval = PeriodTimetable("0 6 * * *", "month").infer_manual_data_interval(run_after=moment("2008-11-17T13:00"))
    assert (str(interval.start.date()), str(interval.end.date())) == ("2008-11-01", "2008-12-01")


def test_a_run_is_named_by_its_logical_date():
    timetable = PeriodTimetable("0 6 * * *", "month")
    interval = timetable.infer_manual_data_interval(run_after=moment("2008-11-17"))
    due = {"run_after": moment("2008-12-01T06:00"), "data_interval": interval}
    assert timetable.generate_run_id(run_type=DagRunType.SCHEDULED, **due) == "scheduled__2008-11-01"
    assert timetable.generate_run_id(run_type=DagRunType.BACKFILL_JOB, **due) == "backfill__2008-11-01"
    assert timetable.generate_run_id(run_type=DagRunType.MANUAL, **due).startswith("manual__2008-12-01")


def test_it_survives_serialisation():
    timetable = PeriodTimetable("0 6 * * *", "week", running=True)
    assert PeriodTimetable.deserialize(timetable.serialize()) == timetable
    limited = PeriodTimetable("0 6 * * *", "day", start=date(2020, 1, 1), end=date(2020, 1, 3))
    again = PeriodTimetable.deserialize(json.loads(json.dumps(limited.serialize())))
    assert again == limited != PeriodTimetable("0 6 * * *", "day")
    assert [run[0] for run in runs(again, LONG_AGO, 9)] == ["2020-01-01", "2020-01-02", "2020-01-03"]


def test_what_was_serialised_before_there_were_limits_is_read():
    old = {"cron": "0 6 * * *", "every": "week", "running": True}
    assert PeriodTimetable.deserialize(old) == PeriodTimetable("0 6 * * *", "week", running=True)


@pytest.mark.parametrize("every", periods.EVERY)
def test_periods_follow_each_other(every):
    for ordinal in range(date(2023, 12, 1).toordinal(), date(2025, 2, 1).toordinal()):
        day = date.fromordinal(ordinal)
        first, after = periods.start(every, day), periods.following(every, day)
        assert first <= day < after
        assert periods.start(every, after) == after
        assert periods.previous(every, after) == first

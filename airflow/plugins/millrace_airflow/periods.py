"""Logical dates: each is the first day of a period, in UTC, as io.millrace.config.Every has it."""

from __future__ import annotations

from datetime import date, timedelta

EVERY = ("day", "week", "month")


def start(every: str, day: date) -> date:
    """The logical date whose period holds the day; weeks start on Monday."""
    if every == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if every == "month" else day


def following(every: str, day: date) -> date:
    """The logical date after the one that holds the day."""
    first = start(every, day)
    if every == "month":
        return start(every, first + timedelta(days=31))
    return first + timedelta(days=7 if every == "week" else 1)


def previous(every: str, day: date) -> date:
    """The logical date before the one that holds the day."""
    return start(every, start(every, day) - timedelta(days=1))

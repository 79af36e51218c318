"""
The specs of a conf folder, as far as a DAG is made of them.

The rules of a spec live in the program: `millrace check` tells all faults. Here stands what a DAG can't be made
without, so that the DAG file stays quick and starts no JVM.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from croniter import CroniterError, croniter

from millrace_airflow.periods import EVERY

NAME = re.compile(r"[a-z][a-z0-9-]{0,89}")  # a tag of Airflow's has at most 100 characters
SPAN = re.compile(r"([0-9]{1,9})([smhdw])")
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
AT_END = {"day": "0 0 * * *", "week": "0 0 * * 1", "month": "0 0 1 * *"}
LONGEST_SPAN = timedelta(days=366)  # a moment so long after a run is one that Airflow can store
SMALL = 16_000  # bytes; so few can't nest so deep that the YAML parser, which is C and recursive, runs out of its stack
DEEPEST = 200
KEYS = {
    "daily", "train", "period", "tasks", "retries", "retry-delay", "start", "end", "catchup", "pool", "deadline",
    "max-active",
}  # fmt: skip


@lru_cache(maxsize=1024)
def is_cron(text: str) -> bool:
    """Whether the text has the five fields of cron and a moment comes that fits them."""
    try:
        return len(text.split()) == 5 and croniter(text, datetime(2026, 1, 1)).get_next() > 0
    except CroniterError:
        return False


class SpecFault(Exception):
    """What is wrong in a spec: one line for each fault, `file: path.to.key: fault; mend`."""


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """Texts are taken as they are written; only `true` and `false` are truth values, as the program has it."""


# Of YAML 1.1's types only whole numbers, null and true/false are wanted; the rest (dates, 12:30, yes) is text.
_Loader.yaml_implicit_resolvers = {}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^-?[0-9]{1,9}$"), list("-0123456789"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|)$"), ["~", "n", ""])


@dataclass(frozen=True)
class Schedule:
    """The section `schedule:` with its defaults; docs/spec.md tells each key."""

    daily: str | None
    train: str | None
    running: bool
    stages: bool
    retries: int
    retry_delay: timedelta
    start: date | None
    end: date | None
    catchup: bool
    pool: str | None
    deadline: timedelta | None
    max_active: int


@dataclass(frozen=True)
class Spec:
    """A pipeline, as far as its DAGs show it."""

    file: Path
    name: str
    every: str
    description: str
    owner: str
    sources: tuple[str, ...]
    has_label: bool
    has_train: bool
    checked: tuple[str, ...]
    retrains: bool
    schedule: Schedule = field(repr=False)


def files(conf: Path) -> list[Path]:
    """The files of a conf folder that the program takes for pipelines."""
    if not conf.is_dir():
        raise SpecFault(f"{conf}: no such folder; set MILLRACE_CONF to the folder of the specs")
    return sorted(f for f in conf.iterdir() if f.suffix in (".yaml", ".yml") and f.name[0] != "." and f.is_file())


def read_all(conf: Path) -> tuple[list[Spec], dict[Path, str]]:
    """The specs that DAGs can be made of, and the faults of the other files."""
    specs: list[Spec] = []
    faults: dict[Path, str] = {}
    for file in files(conf):
        try:
            specs.append(read(file))
        except SpecFault as fault:
            faults[file] = str(fault)
        except Exception as e:  # whatever is odd about a file, the others have DAGs
            faults[file] = odd(file, e)
    by_name: dict[str, list[Spec]] = {}
    for spec in specs:
        by_name.setdefault(spec.name, []).append(spec)
    for name, same in by_name.items():
        if len(same) > 1:
            both = " and ".join(str(spec.file) for spec in same)
            for spec in same:
                faults[spec.file] = f"{both}: more than one file for the pipeline {name}; rename one"
    return [spec for spec in specs if spec.file not in faults], faults


def odd(file: Path, e: Exception) -> str:
    """The fault of a spec that nothing here foresees."""
    return f"{file}: no DAG can be made of it: {type(e).__name__}: {e}; mend what the message names"


def read(file: Path) -> Spec:
    """
    One spec.

    :raises SpecFault: for what no DAG can be made of
    """
    try:
        text = file.read_bytes()
    except OSError as e:
        raise SpecFault(f"{file}: can't be read: {e.strerror}; let the user that runs Airflow read it") from None
    return _Reading(file).spec(_tree(file, text))


def _tree(file: Path, text: bytes) -> Any:
    try:
        if len(text) > SMALL and _is_deep(text):
            raise SpecFault(f"{file}: nested more than {DEEPEST} levels deep; see docs/spec.md")
        return yaml.load(text, Loader=_Loader)
    except yaml.YAMLError as e:
        mark = getattr(e, "problem_mark", None)
        where = f"line {mark.line + 1}: " if mark else ""
        raise SpecFault(f"{file}: {where}not YAML: {getattr(e, 'problem', None) or 'not UTF-8'}; mend it") from None
    except (ValueError, LookupError, AttributeError) as e:  # what PyYAML's constructors raise
        raise SpecFault(f"{file}: not YAML: a value isn't what its tag (!!) says: {e}; take the tag away") from None


def _is_deep(text: bytes) -> bool:
    """Whether a text is nested more than DEEPEST levels deep; reads no further than that."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            return True
    return False


class _Reading:
    """Collects all faults of one file."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.faults: list[str] = []

    def spec(self, tree: Any) -> Spec:
        if not isinstance(tree, Mapping):
            raise SpecFault(f"{self.file}: no map of keys; see docs/spec.md")
        name = tree.get("pipeline")
        if not isinstance(name, str) or not NAME.fullmatch(name):
            mend = "use a to z, digits and hyphens, a letter first, at most 90 characters"
            self._add("pipeline", f"no name of a pipeline: {name}; {mend}")
            name = "?"
        every = self._word(tree, "every", "", EVERY, "day")
        monitor = tree.get("monitor")
        spec = Spec(
            file=self.file,
            name=name,
            every=every,
            description=str(tree.get("description") or ""),
            owner=str(tree.get("owner") or "millrace"),
            sources=tuple(sorted(map(str, self._map(tree, "sources")))),
            has_label=tree.get("label") is not None,
            has_train=tree.get("train") is not None,
            checked=tuple(sorted(str(source) for source, checks in self._map(tree, "validate").items() if checks)),
            retrains=isinstance(monitor, Mapping) and monitor.get("retrain") is not None,
            schedule=self._schedule(self._map(tree, "schedule"), every),
        )
        if self.faults:
            raise SpecFault("\n".join(self.faults))
        return spec

    def _schedule(self, keys: Mapping, every: str) -> Schedule:
        for key in keys:
            if key not in KEYS:
                self._add(f"schedule.{key}", f"unknown key; known keys: {', '.join(sorted(KEYS))}")
        running = self._word(keys, "period", "schedule.", ("ended", "running"), "ended") == "running"
        start, end = self._date(keys, "start"), self._date(keys, "end")
        if start and end and end < start:
            self._add("schedule.end", f"before start, {start}; swap them")
        catchup = keys.get("catchup", False)
        if not isinstance(catchup, bool):
            self._add("schedule.catchup", f"expected true or false, found {catchup}")
        elif catchup and start is None:
            self._add("schedule.catchup", "true, but nothing says from when on; add schedule.start, a date")
        delay = self._span(keys, "retry-delay", "5m")
        return Schedule(
            daily=self._cron(keys, "daily", AT_END[every]),
            train=self._cron(keys, "train", "none"),
            running=running,
            stages=self._word(keys, "tasks", "schedule.", ("chain", "stages"), "chain") == "stages",
            retries=self._whole(keys, "retries", 2, 0),
            retry_delay=timedelta(minutes=5) if delay is None else delay,
            start=start,
            end=end,
            catchup=catchup is True,
            pool=None if keys.get("pool") is None else str(keys["pool"]),
            deadline=self._span(keys, "deadline", None),
            max_active=self._whole(keys, "max-active", 1, 1),
        )

    def _add(self, path: str, fault: str) -> None:
        self.faults.append(f"{self.file}: {path}: {fault}")

    def _map(self, tree: Mapping, key: str) -> Mapping:
        found = tree.get(key, {})
        if isinstance(found, Mapping):
            return found
        self._add(key, f"expected a map of keys, found {found}")
        return {}

    def _word(self, tree: Mapping, key: str, prefix: str, words: tuple[str, ...], default: str) -> str:
        word = tree.get(key, default)
        if word in words:
            return word
        self._add(prefix + key, f"expected one of {', '.join(words)}, found {word}")
        return default

    def _whole(self, keys: Mapping, key: str, default: int, least: int) -> int:
        number = keys.get(key, default)
        if isinstance(number, int) and not isinstance(number, bool) and number >= least:
            return number
        self._add(f"schedule.{key}", f"expected a whole number of {least} or more, found {number}")
        return default

    def _span(self, keys: Mapping, key: str, default: str | None) -> timedelta | None:
        text = keys.get(key, default)
        if text is None:
            return None
        span = SPAN.fullmatch(str(text))
        if not span:
            self._add(f"schedule.{key}", f"expected a span of time such as 7d or 12h, found {text}")
            return None
        seconds = int(span.group(1)) * SECONDS[span.group(2)]
        if seconds > LONGEST_SPAN.total_seconds():
            self._add(f"schedule.{key}", f"longer than a year: {text}; say at most {LONGEST_SPAN.days}d")
            return None
        return timedelta(seconds=seconds)

    def _date(self, keys: Mapping, key: str) -> date | None:
        text = keys.get(key)
        try:
            return None if text is None else date.fromisoformat(str(text))
        except ValueError:
            self._add(f"schedule.{key}", f"expected a date such as 2018-07-25, found {text}")
            return None

    def _cron(self, keys: Mapping, key: str, default: str) -> str | None:
        text = str(keys.get(key, default))
        if text == "none":
            return None
        if is_cron(text):
            return text
        mend = "write it like 0 6 * * * (daily at 06:00 UTC) or none"
        self._add(f"schedule.{key}", f"'{text}' is no schedule; {mend}")
        return None

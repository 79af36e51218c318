"""The faults of specs as import errors, one for each file."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from airflow.dag_processing.bundles.base import BaseDagBundle
from airflow.models.pool import Pool
from sqlalchemy.exc import SQLAlchemyError

from millrace_airflow.dags import Builder
from millrace_airflow.place import Place
from millrace_airflow.specs import Spec, SpecFault, files, read_all

log = logging.getLogger(__name__)

BAD_SPEC = 2
CHECK_SECONDS = 300
STUB = '''"""Made by Millrace from the faults of a spec: an import error of Airflow belongs to a file, and this is the file."""
# airflow looks for the words dag and airflow before it reads a file


class SpecFault(Exception):
    pass


raise SpecFault({message!r})
'''


class SpecFaults(BaseDagBundle):
    """
    A bundle without DAGs: one file for each broken spec, `<name of its file>.py`, that raises what is wrong with it.

    What the DAG file can't read, or Airflow makes no DAG of, is told at each refresh, and when a file of the conf folder
    has changed, what `millrace check` says of all, at the first refresh after it has ended. A spec that only the latter
    finds fault with keeps its DAGs, and each run of it fails with the same message. A pool that isn't there is told too,
    which Airflow itself says in its scheduler's log alone.
    """

    supports_versioning = False

    def __init__(self, **kwargs) -> None:
        super().__init__(**kwargs)
        self._seen: tuple = ()
        self._checked: dict[Path, str] = {}
        self._check: Check | None = None
        self._built: tuple = ()
        self._odd: dict[Path, str] = {}

    @property
    def path(self) -> Path:
        return self.base_dir

    def get_current_version(self) -> None:
        return None

    def initialize(self) -> None:
        self.path.mkdir(parents=True, exist_ok=True)
        super().initialize()

    def refresh(self) -> None:
        with self.lock():
            self.path.mkdir(parents=True, exist_ok=True)
            stubs = {f"{file.name}.py": STUB.format(message=text) for file, text in self.faults(Place.of()).items()}
            for old in self.path.glob("*.py"):
                if old.name not in stubs:
                    old.unlink()
            for name, text in stubs.items():
                stub = self.path / name
                if not stub.is_file() or stub.read_text("utf-8") != text:
                    new = self.path / f"{name}.new"
                    new.write_text(text, "utf-8")
                    os.replace(new, stub)

    def faults(self, place: Place) -> dict[Path, str]:
        """What is wrong with each broken file."""
        try:
            present = files(place.conf)
            specs, found = read_all(place.conf)
        except SpecFault as fault:
            return {place.conf: str(fault)}
        places = [*present, *sorted((place.conf / "env").glob("*.yaml"))]
        seen = tuple((file, file.stat().st_mtime_ns, file.stat().st_size) for file in places)
        if seen != self._built:
            self._odd, self._built = Builder(place.env, []).all(specs)[1], seen
        self._ask(place, present, seen)
        lacking = without_pool(specs, pools())
        return {**lacking, **self._checked, **self._odd, **found}

    def _ask(self, place: Place, present: list[Path], seen: tuple) -> None:
        """Takes in what a check has said that has ended meanwhile, and begins one where a file is another one since."""
        if self._check is not None and self._check.ended():
            checked = self._check.faults()
            if checked is not None:
                self._checked, self._seen = checked, self._check.seen
            self._check = None
        if self._check is None and seen != self._seen:
            try:
                self._check = Check(place, present, seen)
            except OSError as e:
                log.warning("specs are checked by their sight alone: %s", e)


def pools() -> set[str] | None:
    """The pools that Airflow has; None where its database can't be asked."""
    try:
        return {pool.pool for pool in Pool.get_pools()}
    except SQLAlchemyError as e:
        log.warning("pools aren't checked: %s", e)
        return None


def without_pool(specs: list[Spec], known: set[str] | None) -> dict[Path, str]:
    """Specs whose tasks would wait without a word, since Airflow has no pool of the name that they tell."""
    faults = {}
    for spec in specs:
        pool = spec.schedule.pool
        if pool and known is not None and pool not in known:
            faults[spec.file] = (
                f"{spec.file}: schedule.pool: Airflow has no pool {pool}, so its tasks wait until there is one; "
                f'make it: airflow pools set {pool} 1 "for {spec.name}"'
            )
    return faults


class Check:
    """
    `millrace check` of all specs, which runs beside the dag-processor: that does nothing else while a bundle is refreshed.

    :param seen: what the conf folder was like when it began
    """

    def __init__(self, place: Place, present: list[Path], seen: tuple) -> None:
        self.present = present
        self.seen = seen
        self._until = time.monotonic() + CHECK_SECONDS
        line = [str(place.home / "bin" / "millrace"), "check", "--env", place.env, "--conf", str(place.conf)]
        self._said = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115 - faults() closes it
        self._process = subprocess.Popen(
            line,
            cwd=place.home,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._said,
            start_new_session=True,
        )

    def ended(self) -> bool:
        """Whether it has ended; one that takes longer than CHECK_SECONDS is ended."""
        if self._process.poll() is None and time.monotonic() > self._until:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        return self._process.returncode is not None

    def faults(self) -> dict[Path, str] | None:
        """What it has said, by file; None where it can't be asked here."""
        self._said.seek(0)
        said = self._said.read()
        self._said.close()
        if self._process.returncode not in (0, BAD_SPEC):
            why = said.strip() or f"nothing, and ended with {self._process.returncode}"
            log.warning("specs are checked by their sight alone: millrace check said %s", why)
            return None
        return by_file(said, self.present) if self._process.returncode else {}


def by_file(said: str, present: list[Path]) -> dict[Path, str]:
    """Lines of faults, by the file that each begins with; a line that names none goes on with the one before."""
    faults: dict[Path, list[str]] = {}
    last: Path | None = None
    for text in said.splitlines():
        text = text.removeprefix("millrace: ")
        named = next((file for file in present if text.startswith(f"{file}: ")), None)
        if named is not None and text == f"{named}: fine":
            continue
        last = named or last
        if last is not None:
            faults.setdefault(last, []).append(text)
    return {file: "\n".join(lines) for file, lines in faults.items()}

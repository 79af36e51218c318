"""Two lakes side by side: LakeRows of the Java tests reads and compares them."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from conftest import ROOT

FAST = "-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=240m -XX:+UseSerialGC"
OPENED = ["java.lang", "java.lang.invoke", "java.lang.reflect", "java.io", "java.net", "java.nio", "java.util"]
OPENED += ["java.util.concurrent", "java.util.concurrent.atomic", "jdk.internal.ref", "sun.nio.ch", "sun.nio.cs"]
OPENED += ["sun.security.action", "sun.util.calendar"]


def compare(one: Path, other: Path) -> dict[str, int]:
    """Rows of each table, all of them the same in both lakes; fails with the rows that only one of them has."""
    classes = [ROOT / module / "target" / kind for kind in ("test-classes", "classes") for module in ("jobs", "common")]
    if not (classes[0] / "io/millrace/jobs/LakeRows.class").is_file():
        line = ["sh", "./mvnw", "-q", "-B", "-pl", "common,jobs", "-am", "test-compile", "-Dspotless.check.skip=true"]
        subprocess.run(line, cwd=ROOT, check=True)
    target = ROOT / "jobs" / "target"
    path = os.pathsep.join([*map(str, [*classes, target / "millrace.jar"]), (target / "classpath.txt").read_text().strip()])
    open_up = [f"--add-opens=java.base/{name}=ALL-UNNAMED" for name in OPENED]
    line = ["java", *open_up, "-Xmx1g", *FAST.split(), "-Duser.timezone=UTC", "-cp", path, "io.millrace.jobs.LakeRows"]
    done = subprocess.run([*line, str(one), str(other)], cwd=one.parent, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-3000:]
    return {name: int(rows) for name, rows, _ in (text.rsplit(" ", 2) for text in done.stdout.splitlines())}

"""A lake that has all that the notebooks show: refused rows, changes of champion, a backfill that changed predictions.

MILLRACE_TEST_LAKE=DIR keeps it there and takes it as it is the next time; else it is made in a temporary folder.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT / "notebooks"))


def run(command, cwd=PROJECT, **more):
    """Runs a command and gives what it printed; a failure shows all that it said."""
    done = subprocess.run(command, cwd=cwd, text=True, capture_output=True, check=False, **more)
    faults = "\n".join(line for line in done.stderr.splitlines() if "Exception" in line or "Error" in line or "millrace:" in line)
    assert done.returncode == 0, f"{command} ended with {done.returncode}\n{done.stdout[-3000:]}\n{faults[:3000]}"
    return done.stdout


# Months of the demo's data: few, since the lake is made anew in each run of the tests. What a model learns from them is little,
# so the gates are lower.
CONTACTS, OUTCOMES = ["2008-06", "2008-08", "2008-10", "2008-11", "2008-12"], ["2008-07", "2008-09", "2008-11", "2008-12"]


def edit(file, old, new):
    text = file.read_text()
    assert old in text, f"{file} has no {old}"
    file.write_text(text.replace(old, new))


def make(place):
    """Four months, two models; then the older dates get the younger model, and a stricter check."""
    conf, data = place / "conf", place / "examples/bank-marketing"
    shutil.copytree(PROJECT / "conf", conf)
    data.mkdir(parents=True)
    for kind, months in [("contacts", CONTACTS), ("outcomes", OUTCOMES)]:
        for month in months:
            shutil.copy(PROJECT / f"examples/bank-marketing/{kind}-{month}.csv.gz", data)
    edit(conf / "env/local.yaml", "examples: examples ", f"examples: {data.parent} ")
    edit(conf / "bank.yaml", "rounds: 200", "rounds: 40")
    edit(conf / "bank.yaml", "value: 0.54", "value: 0.5")
    edit(conf / "bank.yaml", "tolerance: 0.02", "tolerance: 0.2")
    edit(conf / "bank.yaml", "tolerance: 0.001", "tolerance: 1")

    def millrace(*arguments):
        return run(["bin/millrace", *arguments, "--conf", str(conf), "--lake", str(place / "lake")])

    edit(conf / "bank.yaml", "min: 16, max: 110", "min: 16, max: 60")
    millrace("replay", "bank", "--from", "2008-09-01", "--to", "2008-12-01", "--train-every", "3")
    models = [json.loads(line) for line in millrace("models", "bank", "--json").splitlines() if line.startswith("{")]
    younger = max(models, key=lambda model: model["date"])["model"]
    edit(conf / "bank.yaml", "max: 60", "max: 55")
    millrace("promote", "bank", "--to", younger, "--date", "2008-10-01")
    millrace("backfill", "bank", "--from", "2008-10-01", "--to", "2008-11-01")
    (place / "done").touch()


@pytest.fixture(scope="session")
def lake_folder(tmp_path_factory):
    kept = os.environ.get("MILLRACE_TEST_LAKE")
    place = Path(kept).resolve() if kept else tmp_path_factory.mktemp("analysts")
    if not (place / "done").exists():
        make(place)
    return place / "lake"

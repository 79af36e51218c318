"""Fourteen dates that Airflow scores again by another model, backwards and with overlap, beside one run that goes forwards."""

from __future__ import annotations

import os
import subprocess

import pytest

from conftest import ROOT, SHOP, visits, write
from lakes import compare
from server import Airflow

TRAINED, FIRST, LAST = "2026-03-02", "2026-03-03", "2026-03-16"

pytestmark = pytest.mark.skipif("MILLRACE_NIGHT" not in os.environ, reason="takes minutes; MILLRACE_NIGHT=1 runs it")


class Lakes:
    """A shop of sixteen days, and two lakes in which the same model has scored fourteen of them and another one is promoted."""

    def __init__(self, folder) -> None:
        self.airflow = Airflow(folder, MILLRACE_HEAP="1g", AIRFLOW__CORE__PARALLELISM="2")
        (folder / "data").mkdir()
        visits(folder / "data", 16)
        conf = folder / "conf"
        # Airflow backfills only what has a schedule; without catching up that adds no date to the fourteen.
        write(conf, "shop", SHOP + f"schedule: {{retry-delay: 1s, start: {FIRST}, end: {LAST}}}\n")
        for name in ("local", "clean"):
            write(conf / "env", name, f"lake: {folder}/{name}\nmaster: local[2]\nvariables: {{data: {folder}/data}}\n")
            for command in (
                ["run", "--date", TRAINED],
                ["backfill", "--from", FIRST, "--to", LAST],
                ["run", "--date", TRAINED, "--set", "train.seed=8"],
            ):
                self.run(name, *command)

    def run(self, place: str, command: str, *more: str) -> None:
        line = [ROOT / "bin" / "millrace", command, "shop", *more, "--env", place, "--conf", self.airflow.folder / "conf"]
        subprocess.run(line, cwd=ROOT, env=self.airflow.env, check=True)


@pytest.fixture(scope="module")
def lakes(tmp_path_factory):
    made = Lakes(tmp_path_factory.mktemp("backfill"))
    made.airflow.start()
    yield made
    made.airflow.stop()


def test_fourteen_dates_backwards_and_with_overlap_leave_what_one_forward_run_leaves(lakes):
    airflow = lakes.airflow
    airflow.switch_on("shop_daily")
    airflow.backfill("shop_daily", "2026-03-09", LAST, run_backwards=True)
    airflow.backfill("shop_daily", FIRST, "2026-03-11", run_backwards=True, reprocess_behavior="completed")
    airflow.backfill("shop_daily", "2026-03-05", "2026-03-06", reprocess_behavior="completed")
    runs = airflow.runs("shop_daily")
    assert len(runs) == 14
    assert {run["state"] for run in runs} == {"success"}
    lakes.run("clean", "backfill", "--from", FIRST, "--to", LAST)
    rows = compare(airflow.folder / "clean", airflow.folder / "local")
    assert rows["predictions/shop"] == 14 * 150
    assert rows["promotions"] == 2

"""Settings that must stand before airflow is imported, and a small pipeline."""

from __future__ import annotations

import os
import random
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PLUGINS = ROOT / "airflow" / "plugins"
sys.path.insert(0, str(PLUGINS))
os.environ["AIRFLOW_HOME"] = tempfile.mkdtemp(prefix="millrace-airflow-")
os.environ["AIRFLOW__CORE__LOAD_EXAMPLES"] = "False"
os.environ["AIRFLOW__CORE__PLUGINS_FOLDER"] = str(PLUGINS)
os.environ["AIRFLOW__CORE__DAGS_FOLDER"] = str(ROOT / "airflow" / "dags")
for name in [name for name in os.environ if name.startswith("MILLRACE_") and name != "MILLRACE_NIGHT"]:
    del os.environ[name]

FIRST = date(2026, 3, 1)
SHOP = """\
pipeline: shop
description: Will a visitor buy?
owner: sales
sources:
  shop_visits:
    kind: csv
    path: "${data}/visits-{date}.csv"
    key: [visit]
    time: day
    types: {visit: long}
  shop_sales: {kind: csv, path: "${data}/sales-{date}.csv", key: [visit], types: {visit: long}}
entity: [visit]
population: {source: shop_visits, per: event}
label: {kind: source, source: shop_sales, column: bought, positive: "yes", negative: "no"}
features: {columns: [pages, minutes, channel]}
split: {kind: by-hash, train: 0.6, tune: 0.2, test: 0.2}
train:
  algorithm: {kind: xgboost, rounds: 5, depth: 2, learning-rate: 0.3}
  baseline: {kind: logistic}
promote: {gates: [{gate: at-least, metric: auc, value: 0.6}]}
"""


def visits(folder: Path, days: int, odd: int | None = None) -> None:
    """Writes the visits of some days and the sales of each a day later; on the odd day all come by an app."""
    for i in range(days):
        day = FIRST + timedelta(days=i)
        draw = random.Random(day.toordinal())
        rows, sold = ["visit,day,pages,minutes,channel"], ["visit,bought"]
        for k in range(150):
            pages, minutes = draw.randrange(20), draw.randrange(300) / 10
            channel = "app" if i == odd else draw.choice(["web", "mail", "shop"])
            rows.append(f"{i * 1000 + k},{day},{pages},{minutes},{channel}")
            sold.append(f"{i * 1000 + k},{'yes' if pages + draw.randrange(8) > 13 else 'no'}")
        (folder / f"visits-{day}.csv").write_text("\n".join(rows) + "\n")
        (folder / f"sales-{day + timedelta(days=1)}.csv").write_text("\n".join(sold) + "\n")


def write(conf: Path, name: str, text: str) -> Path:
    file = conf / f"{name}.yaml"
    file.write_text(text)
    return file


@pytest.fixture
def conf(tmp_path: Path) -> Path:
    folder = tmp_path / "conf"
    folder.mkdir()
    return folder

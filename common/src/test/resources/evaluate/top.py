"""Writes top.csv and top.json: card precision by the Fraud Detection Handbook (Le Borgne et al.
2022, chapter 4.4, https://fraud-detection-handbook.github.io), whose rule is written down anew
here with pandas. Also on the handbook's own transactions where MILLRACE_DATA has them: its split
of 7 days of training, 7 of delay and 7 of test, ranked by amount.

python top.py    (numpy 2, pandas 2 or later)
"""

import json
import os
from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).parent


def card_precision_top_k(rows, k, drop_detected):
    detected, days = set(), []
    for _, of_day in rows.groupby("day", sort=True):
        of_day = of_day[~of_day.key.isin(detected)]
        cards = of_day.groupby("key")[["score", "label"]].max()
        top = cards.sort_values("score", ascending=False).head(k)
        found = top.index[top.label == 1]
        days.append(len(found) / k)
        if drop_detected:
            detected |= set(found)
    return {"mean": float(np.mean(days)), "days": [float(d) for d in days]}


def figures(rows, ks):
    return {
        f"{k}-{drop}".lower(): card_precision_top_k(rows, k, drop) for k in ks for drop in (True, False)
    }


def synthetic():
    rng = np.random.default_rng(11)
    n = 1200
    key = rng.integers(0, 90, n)
    bad = rng.random(90) < 0.2
    label = (bad[key] & (rng.random(n) < 0.4)).astype(int)
    score = np.round(1 / (1 + np.exp(-(rng.normal(size=n) + 2 * label - 1))), 12)
    day = rng.integers(0, 6, n)
    return pd.DataFrame({"label": label, "score": score, "key": key, "day": day})


def get_train_test_set(rows, start, delta_train=7, delta_delay=7, delta_test=7):
    """The handbook's split: test rows without cards whose fraud is known by their day."""
    day = (rows.TX_DATETIME.dt.normalize() - pd.Timestamp(start)).dt.days
    train = rows[(day >= 0) & (day < delta_train)]
    known, test = set(train[train.TX_FRAUD == 1].CUSTOMER_ID), []
    for i in range(delta_test):
        shown = rows[(day == delta_train + i - 1) & (rows.TX_FRAUD == 1)]
        known |= set(shown.CUSTOMER_ID)
        of_day = rows[day == delta_train + delta_delay + i]
        test.append(of_day[~of_day.CUSTOMER_ID.isin(known)])
    return train, pd.concat(test)


def handbook(folder):
    months = [pd.read_parquet(folder / f"transactions_2018-0{m}.parquet") for m in (7, 8)]
    train, test = get_train_test_set(pd.concat(months), "2018-07-25")
    rows = pd.DataFrame(
        {
            "label": test.TX_FRAUD,
            "score": (test.TX_AMOUNT + test.TRANSACTION_ID * 1e-9) / 10000,
            "key": test.CUSTOMER_ID,
            "day": test.TX_DATETIME.dt.normalize(),
        }
    )
    counts = {"train": [len(train), int(train.TX_FRAUD.sum())], "test": [len(test), int(test.TX_FRAUD.sum())]}
    return {"rows": counts} | figures(rows, [100])


if __name__ == "__main__":
    rows = synthetic()
    rows.assign(day=(pd.Timestamp("2026-03-01") + pd.to_timedelta(rows.day, "D")).dt.strftime("%Y-%m-%d")).to_csv(
        HERE / "top.csv", index=False
    )
    found = {"synthetic": figures(rows, [5, 25, 100])}
    found["handbook"] = handbook(Path(os.environ["MILLRACE_DATA"]) / "fraud-handbook")
    (HERE / "top.json").write_text(json.dumps(found, indent=1) + "\n")

"""Features of the Fraud Detection Handbook (chapter 3, baseline feature transformation) by pandas.

https://fraud-detection-handbook.github.io/fraud-detection-handbook/Chapter_3_GettingStarted/BaselineFeatureTransformation.html
Usage: python handbook_reference.py FOLDER_OF_PARQUET_FILES > handbook_reference.csv
All payments of the customers and terminals below, which are drawn once by pandas (seed 7).
"""

import sys
import time
from pathlib import Path

import pandas as pd

SPANS = [1, 7, 30]
DELAY = 7


def read(folder):
    files = sorted(Path(folder).glob("*.parquet"))
    return pd.concat([pd.read_parquet(file) for file in files], ignore_index=True)


def customer(rows):
    rows = rows.sort_values("TX_DATETIME", kind="stable")
    amounts = rows.set_index("TX_DATETIME")["TX_AMOUNT"]
    for span in SPANS:
        window = amounts.rolling(f"{span}D")
        rows[f"customer_count_{span}"] = window.count().values
        rows[f"customer_avg_{span}"] = (window.sum() / window.count()).values
    return rows


def terminal(rows):
    rows = rows.sort_values("TX_DATETIME", kind="stable")
    frauds = rows.set_index("TX_DATETIME")["TX_FRAUD"]
    late_frauds = frauds.rolling(f"{DELAY}D").sum()
    late_count = frauds.rolling(f"{DELAY}D").count()
    for span in SPANS:
        window = frauds.rolling(f"{DELAY + span}D")
        count = window.count() - late_count
        rows[f"terminal_count_{span}"] = count.values
        risk = (window.sum() - late_frauds) / count.where(count > 0)
        rows[f"terminal_risk_{span}"] = risk.values
    return rows


def per_key(rows, key, function):
    return pd.concat([function(group) for _, group in rows.groupby(key)])


def keys(rows, key):
    return rows[key].drop_duplicates().sort_values().sample(20, random_state=7)


def main(folder):
    rows = read(folder)
    rows["weekend"] = (rows["TX_DATETIME"].dt.day_of_week >= 5).astype(int)
    rows["night"] = (rows["TX_DATETIME"].dt.hour <= 6).astype(int)
    of_customers = per_key(
        rows[rows["CUSTOMER_ID"].isin(keys(rows, "CUSTOMER_ID"))], "CUSTOMER_ID", customer
    )
    # pandas lets a row know only those of the same instant that stand before it; here all do.
    names = [name for name in of_customers if name.startswith("customer_")]
    of_customers[names] = of_customers.groupby(["CUSTOMER_ID", "TX_DATETIME"])[names].transform(
        "last"
    )
    of_terminals = per_key(
        rows[rows["TERMINAL_ID"].isin(keys(rows, "TERMINAL_ID"))], "TERMINAL_ID", terminal
    )
    for table in (of_customers, of_terminals):
        columns = ["TRANSACTION_ID", "weekend", "night"]
        columns += [name for name in table if name.startswith(("customer_", "terminal_"))]
        found = table[columns].sort_values("TRANSACTION_ID")
        print("# " + ",".join(columns))
        found.to_csv(sys.stdout, index=False, header=False, float_format="%.10g", na_rep="")


def timed(folder):
    """All features of all rows: what is compared in time."""
    start = time.time()
    rows = read(folder)
    rows["weekend"] = (rows["TX_DATETIME"].dt.day_of_week >= 5).astype(int)
    rows["night"] = (rows["TX_DATETIME"].dt.hour <= 6).astype(int)
    read_in = time.time()
    rows = per_key(rows, "CUSTOMER_ID", customer)
    rows = per_key(rows, "TERMINAL_ID", terminal)
    print(f"read {read_in - start:.1f} s, windows {time.time() - read_in:.1f} s, {len(rows)} rows")


if __name__ == "__main__":
    timed(sys.argv[2]) if sys.argv[1] == "--time" else main(sys.argv[1])

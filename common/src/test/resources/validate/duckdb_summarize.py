"""Figures of DuckDB's SUMMARIZE, with exact quantiles and counts, of public tables.

pip install duckdb==2.0.0; python duckdb_summarize.py DATA_FOLDER > duckdb-summarize.json
"""

import json
import sys

import duckdb

NAMES = [f"v{i}" for i in range(1, 43)]
TABLES = {
    "adult": ("adult/adult-train.csv", dict(header=False, names=NAMES[:15], na_values="?"), True),
    "telco": ("telco-churn/Telco-Customer-Churn.csv", dict(header=True, na_values=" "), False),
    "bank": ("bank-marketing/bank-full.csv", dict(header=True, sep=";"), False),
    "bike": ("bike-sharing/hour.csv", dict(header=True), False),
    "kdd": ("kddcup99/kddcup.data_10_percent.gz", dict(header=False, names=NAMES), False),
}
NUMBERS = ("BIGINT", "DOUBLE")


def type_of(con: duckdb.DuckDBPyConnection, text: str) -> str:
    """The first type to which all values can be cast."""
    for kind in ("BIGINT", "DOUBLE", "DATE"):
        query = f"select count({text}) = count(try_cast({text} as {kind})) from raw"
        whole = f" and count_if({text} like '%.%') = 0" if kind == "BIGINT" else ""
        if con.execute(query.replace(" from raw", whole + " from raw")).fetchall()[0][0]:
            return kind
    return "VARCHAR"


def main(data: str) -> None:
    out = {}
    for name, (path, options, trim) in TABLES.items():
        con = duckdb.connect()
        con.execute("set threads = 1")
        rows = con.read_csv(f"{data}/{path}", all_varchar=True, **options)
        con.register("raw", rows)
        columns = con.execute("describe raw").fetchall()
        parts = []
        for column, *_ in columns:
            quoted = f'"{column}"'
            text = f"nullif(trim({quoted}), '?')" if trim else quoted
            kind = type_of(con, text)
            parts.append(f'cast({text} as {kind}) as "{column}"')
        con.execute(f"create or replace table t as select {', '.join(parts)} from raw")
        summary = con.sql("summarize t").to_arrow_table().to_pylist()
        table = {}
        for row in summary:
            column, kind = row["column_name"], row["column_type"]
            q = f'"{column}"'
            figures = {"type": kind, "count": row["count"], "min": row["min"], "max": row["max"]}
            exact = con.execute(f"select count({q}), count(distinct {q}) from t").fetchall()[0]
            figures["values"], figures["distinct"] = exact
            if kind in NUMBERS:
                figures["avg"] = float(row["avg"])
                figures["std"] = float(row["std"])
                quantiles = con.execute(
                    f"select quantile_disc({q}, [0.05, 0.25, 0.5, 0.75, 0.95]) from t"
                ).fetchall()[0][0]
                figures["quantiles"] = [float(x) for x in quantiles]
            if kind == "VARCHAR":
                figures["top"] = con.execute(
                    f"select {q}, count(*) c from t where {q} is not null"
                    f" group by 1 order by c desc, {q} limit 1"
                ).fetchall()[0]
                figures["lengths"] = con.execute(
                    f"select min(length({q})), max(length({q})), avg(length({q})) from t"
                ).fetchall()[0]
            table[column] = figures
        out[name] = table
    tables = []
    for name, table in out.items():
        lines = [f"  {json.dumps(c)}: {json.dumps(f, default=str)}" for c, f in table.items()]
        tables.append(json.dumps(name) + ": {\n" + ",\n".join(lines) + "\n}")
    print("{\n" + ",\n".join(tables) + "\n}")


main(sys.argv[1])

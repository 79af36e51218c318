"""A lake as tables that DuckDB can query, with the views of `bin/millrace sql`.

    import lake
    db = lake.connect()                            # reads only
    db.sql("select * from releases").df()

A table is a view whose name has `_` for `/` and `-`. Of a table that is only added to, `<name>` is what holds now and
`<name>_log` all of its rows; docs/tables.md says which, and views.sql how. For spark-sql, `python notebooks/lake.py`
prints the same views.
"""

import os
import re
from pathlib import Path

import duckdb
from deltalake import DeltaTable
from pyarrow.fs import LocalFileSystem, SubTreeFileSystem

PROJECT = Path(__file__).resolve().parents[1]
VIEWS = PROJECT / "jobs/src/main/resources/io/millrace/jobs/views.sql"
NOT_ENTITY = {"run_id", "known_at", "label_text", "label", "label_time"}
LAST = ["label_time", "known_at", "label_text"]


def root():
    """The folder of the lake: MILLRACE_LAKE, else the project's `lake`."""
    return Path(os.environ.get("MILLRACE_LAKE") or PROJECT / "lake")


def tables(lake):
    """The names of all tables of a lake: folders at depth one or two that hold a Delta log."""
    if not Path(lake).is_dir():
        raise FileNotFoundError(f"there is no lake at {Path(lake).resolve()}; set MILLRACE_LAKE to its folder")
    logs = [*Path(lake).glob("*/_delta_log"), *Path(lake).glob("*/*/_delta_log")]
    return sorted(str(log.parent.relative_to(lake)) for log in logs)


def view(table):
    """The name by which a query knows a table."""
    return re.sub("[/-]", "_", table).lower()


def statements(lake, quote='"'):
    """What defines the views, in order: (view, SQL); a template once for each of its tables."""
    text = re.sub(r"(?m)^--.*\n", "", VIEWS.read_text())
    for statement in text.split(";\n"):
        name = re.search(r"create or replace temporary view (\S+) as", statement)
        if name and "{" in name[1]:
            for table in tables(lake):
                if table.startswith(name[1].split("_")[0] + "/"):
                    yield view(table), filled(statement, lake, table, quote)
        elif name:
            yield name[1], statement.strip()


def plan(lake, quote='"'):
    """What a connection needs: the tables by the names that queries know, and the statements that make the views."""
    made = list(statements(lake, quote))
    views = {name for name, _ in made}
    named = {view(table) + ("_log" if view(table) in views else ""): table for table in tables(lake)}
    known, chosen = set(named), []
    for name, statement in made:
        if set(re.findall(r"\b(?:from|join) (\w+)", statement)) <= known:
            chosen.append(statement)
        elif name + "_log" in known:  # what it reads besides isn't there yet
            chosen.append(f"create or replace temporary view {name} as select * from {name}_log")
        else:
            continue
        known.add(name)
    return named, chosen


def filled(statement, lake, table, quote):
    """A template for one table."""
    name = view(table.split("/")[1])
    columns = [field.name for field in DeltaTable(str(Path(lake) / table)).schema().fields]
    return (
        statement.strip()
        .replace("{source}", name)
        .replace("{pipeline}", name)
        .replace("{columns}", quoted(columns, quote))
        .replace("{entity}", quoted((c for c in columns if c not in NOT_ENTITY), quote))
        .replace("{last}", ", ".join(f"{c} desc nulls last" for c in LAST if c in columns))
    )


def quoted(columns, quote):
    return ", ".join(quote + c.replace(quote, 2 * quote) + quote for c in columns)


def connect(lake=None):
    """A connection that knows the tables as they are now; without an argument those of root()."""
    lake = lake or root()
    db = duckdb.connect()
    db.execute("set timezone = 'UTC'")
    named, made = plan(lake)
    for name, table in named.items():
        db.register(name, dataset(Path(lake) / table))
    for statement in made:
        db.execute(statement)
    return db


def table(name, version=None):
    """A table as Delta has it, at a version if one is given: `predictions/bank`, 12."""
    return DeltaTable(str(root() / name), version=version)


def dataset(folder, version=None):
    """A table's rows for Arrow, DuckDB and pandas: `dataset(lake.root() / "predictions/bank").to_table().to_pandas()`.

    Arrow reads the files itself. Left to deltalake, its threads would read them through Python, and one that is still at it
    while Python ends aborts the process, a script in ten on a busy machine: https://github.com/apache/arrow/issues/34314.
    """
    folder = str(Path(folder).resolve())
    return DeltaTable(folder, version=version).to_pyarrow_dataset(filesystem=SubTreeFileSystem(folder, LocalFileSystem()))


def spark_sql(lake=None):
    """The same views for Spark: a file for `spark-sql -i`."""
    lake = Path(lake or root()).resolve()
    named, made = plan(lake, "`")
    reads = [f"create or replace temporary view {name} as select * from delta.`{lake / table}`" for name, table in named.items()]
    return "".join(f"{statement};\n" for statement in [*reads, *made])


if __name__ == "__main__":
    print(spark_sql(), end="")

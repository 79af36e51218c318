"""docs/analysts.md holds: each snippet runs as it stands, and the same SQL gives the same in the program, DuckDB and Spark."""

import datetime
import decimal
import json
import math
import os
import re
import subprocess
import sys

import pytest
from conftest import PROJECT, run

import lake

PAGE = (PROJECT / "docs/analysts.md").read_text()
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", PAGE, re.DOTALL)
QUERIES = re.findall(r'bin/millrace sql "([^"]*)"', PAGE)
TABLES = re.findall(r'bin/millrace sql "([^"]*)"', (PROJECT / "docs/tables.md").read_text())
# Lists of structs, which engines write in forms of their own.
LISTS = "r.inputs"


@pytest.fixture(scope="session")
def project(lake_folder, tmp_path_factory):
    """A folder that looks like the project, with the lake of the tests at `lake`."""
    folder = tmp_path_factory.mktemp("project")
    for name in os.listdir(PROJECT):
        if name not in ("lake", ".git"):
            os.symlink(PROJECT / name, folder / name)
    os.symlink(lake_folder, folder / "lake")
    return folder


@pytest.fixture(scope="session")
def db(lake_folder):
    return lake.connect(lake_folder)


@pytest.mark.parametrize("code", [code for kind, code in BLOCKS if kind == "python"])
def test_a_python_snippet_runs_and_tells_of_the_lake(code, project, monkeypatch):
    monkeypatch.delenv("MILLRACE_LAKE", raising=False)
    printed = run([sys.executable, "-c", code], cwd=project)
    assert "2008-1" in printed or "C" in printed


def plain(value):
    """A value as JSON has it, numbers to nine digits: engines add doubles up in orders of their own."""
    if isinstance(value, dict):
        return {key: plain(v) for key, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, (float, decimal.Decimal, int)):
        return None if math.isnan(value) else float(f"{float(value):.9g}")
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M:%S.%f")
    return str(value)


def duck(db, query):
    answer = db.execute(query)
    names = [column[0] for column in answer.description]
    return [dict(zip(names, map(plain, row))) for row in answer.fetchall()]


def by_text(rows):
    return sorted(json.dumps(row, sort_keys=True) for row in rows)


def views(folder):
    """What views.sql makes of this lake; other tables are read as they are."""
    return sorted(re.search(r"view (\S+) as", statement)[1] for statement in lake.plan(folder)[1])


def everything(db):
    return [name for (name,) in db.execute("select table_name from information_schema.tables union select view_name from duckdb_views()").fetchall()]


def named(query):
    """The tables that a query names; a demo without refused rows has no quarantine."""
    return set(re.findall(r"\b(?:from|join) (\w+)", query))


def whole(db, view):
    """A query for all of a view but what engines write in forms of their own: moments, lists, maps."""
    simple = [name for name, kind, *_ in db.execute(f"describe {view}").fetchall() if re.match(r"VARCHAR|DATE|BIGINT|DOUBLE|BOOLEAN|INTEGER|FLOAT", kind)]
    return f"select {', '.join('v.' + name for name in simple)} from {view} v"


@pytest.fixture(scope="session")
def spark(lake_folder, db, tmp_path_factory):
    """What Spark answers, with Delta's jars and the views that notebooks/lake.py prints."""
    folder = tmp_path_factory.mktemp("spark")
    queries = QUERIES + [q for q in TABLES if LISTS not in q and named(q) <= set(everything(db))] + [whole(db, view) for view in views(lake_folder)]
    asked = {
        "settings": {
            "spark.jars": str(PROJECT / "jobs/target/millrace.jar"),
            "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
            "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
            # Small tables: what is made for large ones takes most of the time.
            "spark.sql.shuffle.partitions": "2",
            "spark.sql.adaptive.enabled": "false",
            "spark.sql.codegen.wholeStage": "false",
            "spark.sql.codegen.factoryMode": "NO_CODEGEN",
            "spark.sql.debug.maxToStringFields": "2",
            "spark.databricks.delta.snapshotPartitions": "1",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.driver.host": "127.0.0.1",
            "spark.driver.memory": "1g",
            "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=240m -XX:+UseSerialGC",
            "spark.sql.warehouse.dir": str(folder / "warehouse"),
        },
        "statements": [s for s in lake.spark_sql(lake_folder).split(";\n") if s],
        "queries": queries,
    }
    (folder / "asked.json").write_text(json.dumps(asked))
    python = run([PROJECT / "bin/venv", "spark"]).strip() + "/bin/python"
    run([python, str(PROJECT / "notebooks/tests/spark_answers.py"), str(folder / "asked.json"), str(folder / "answers")], cwd=folder)
    answers = [json.loads(line, parse_constant=lambda name: None) for line in (folder / "answers").read_text().splitlines()]
    assert len(answers) == len(queries)
    return dict(zip(queries, ([plain(row) for row in rows] for rows in answers)))


@pytest.mark.parametrize("query", QUERIES)
def test_duckdb_and_spark_answer_alike(query, db, spark):
    rows = duck(db, query)
    assert spark[query] == rows if "order by" in query else by_text(spark[query]) == by_text(rows)


def test_the_questions_have_answers(db):
    """But those of the demo's later months, which the lake of the tests hasn't."""
    answered = [query for query in QUERIES if duck(db, query)]
    assert len(answered) >= len(QUERIES) - 4


def test_every_view_is_the_same_in_spark(db, spark, lake_folder):
    assert len(views(lake_folder)) > 12
    for view in views(lake_folder):
        query = whole(db, view)
        assert by_text(spark[query]) == by_text(duck(db, query)), view


def test_queries_of_the_tables_page_answer_alike(db, spark):
    compared = [query for query in TABLES if query in spark]
    assert len(compared) >= 6
    for query in compared:
        assert by_text(spark[query]) == by_text(duck(db, query)), query


@pytest.mark.parametrize(
    "query",
    [
        "select slice_value, metric, value, low, high, rows from metrics where role = 'released' order by slice_value, metric",
        "select q.rule, q.column, q.reason, count(*) as rows from quarantine_bank_contacts q group by q.rule, q.column, q.reason order by q.reason",
        (
            "select 'releases' as name, count(*) as rows from releases union all select 'log', count(*) from releases_log union all select 'checks', count(*) from checks "
            "union all select 'profiles', count(*) from profiles union all select 'drift', count(*) from drift union all select 'labels', count(*) from labels_bank order by name"
        ),
    ],
)
def test_the_program_answers_as_duckdb_does(query, db, lake_folder):
    printed = run([PROJECT / "bin/millrace", "sql", query, "--json", "--lake", str(lake_folder)])
    rows = [plain(json.loads(line)) for line in printed.splitlines() if line.startswith("{")]
    assert rows == duck(db, query)
    assert rows


def test_spark_sql_runs_as_the_page_says(project, db):
    (code,) = [code for kind, code in BLOCKS if kind == "sh" and "spark-sql" in code]
    printed = subprocess.run(["bash", "-euo", "pipefail", "-c", code], cwd=project, text=True, capture_output=True, check=False)
    assert printed.returncode == 0, printed.stderr[-3000:]
    query = re.search(r'-e "([^"]*)"', code)[1]
    lines = ["\t".join(map(str, row)) for row in db.execute(query).fetchall()]
    assert lines and printed.stdout.strip().splitlines() == lines


def test_what_was_superseded_is_in_the_logs_alone(db):
    """The lake of the tests had a backfill, so a plain select and the log differ where they should."""
    for view in ["releases", "verdicts", "drift", "profiles", "checks", "quarantine_bank_contacts"]:
        ((now, all_of_it),) = db.execute(f"select (select count(*) from {view}), (select count(*) from {view}_log)").fetchall()
        assert 0 < now < all_of_it, view


@pytest.mark.parametrize(
    ("view", "key"),
    [
        ("runs", "run_id, outputs"),
        ("releases", "pipeline, date"),
        ("verdicts", "pipeline, date"),
        ("drift", "pipeline, date, kind, v.column, against, metric"),
        ("metrics", "run_id, model_version, role, metric, slice_column, slice_value"),
        ("checks", "pipeline, slice_run_id, v.check, v.column"),
        ("profiles", "pipeline, v.table, slice_run_id, slice_column, slice_value, v.column"),
        ("models", "pipeline, model_version"),
        ("labels_bank", "contact_id"),
        ("predictions_bank", "contact_id, date"),
        ("features_bank", "contact_id, date"),
        ("champions", "pipeline, effective_from"),
        ("quarantine_bank_contacts", "pipeline, _row_id, v.column, rule"),
    ],
)
def test_a_plain_select_has_one_row_per_key(view, key, db):
    assert db.execute(f"select count(*) from {view}").fetchall()[0][0] > 0
    assert db.execute(f"select {key}, count(*) from {view} v group by {key} having count(*) > 1").fetchall() == []


def test_releases_tell_what_the_predictions_are(db):
    told = db.execute("select date, run_id, score_run_id, model_version, rows from releases where pipeline = 'bank' order by date").fetchall()
    found = db.execute("select date, run_id, score_run_id, model_version, count(*) from predictions_bank group by all order by date").fetchall()
    assert told == found


def test_what_is_refused_has_no_prediction(db):
    refused = "select distinct q.row::json->>'contact_id' as contact_id from quarantine_bank_contacts q"
    ((count,),) = db.execute(f"select count(*) from ({refused}) r").fetchall()
    assert count > 0
    released = "select contact_id from predictions_bank"
    assert db.execute(f"select count(*) from ({refused}) r where contact_id in ({released})").fetchall() == [(0,)]

"""The rows of ProfileBenchmark with other tools: a profile by DuckDB, the 25 checks by Great Expectations.

usage: python profile.py ROWS.parquet; prints seconds by the clock and of the processor.
"""

import resource
import sys
import time

import duckdb
import great_expectations as gx
import pandas as pd


def measured(name, run):
    wall, cpu = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF)
    told = run()
    now = resource.getrusage(resource.RUSAGE_SELF)
    used = now.ru_utime + now.ru_stime - cpu.ru_utime - cpu.ru_stime
    print(f"{name}: {time.perf_counter() - wall:.2f} s, of the processor {used:.2f} s, {told}")


def duckdb_summarize(path):
    con = duckdb.connect()
    con.execute("set threads = 2")
    rows = con.execute(
        f"summarize select * exclude (run_id, _row_id) from '{path}/*.parquet'"
    ).fetchall()
    return f"{len(rows)} columns"


def great_expectations(path):
    rows = pd.read_parquet(path)
    context = gx.get_context(mode="ephemeral")
    asset = context.data_sources.add_pandas("pandas").add_dataframe_asset("rows")
    batch = asset.add_batch_definition_whole_dataframe("all")
    suite = context.suites.add(gx.ExpectationSuite("checks"))
    expect = gx.expectations
    for i in range(20):
        suite.add_expectation(
            expect.ExpectColumnValuesToBeBetween(
                column=f"x{i}", min_value=-4.5, max_value=4.5, mostly=0.99
            )
        )
    suite.add_expectation(
        expect.ExpectColumnValuesToBeInSet(column="s2", value_set=["v-0", "v-1"])
    )
    suite.add_expectation(expect.ExpectColumnValuesToNotBeNull(column="s10"))
    suite.add_expectation(
        expect.ExpectColumnValuesToMatchRegex(column="s100", regex="^v-[0-9]{1,2}$")
    )
    suite.add_expectation(
        expect.ExpectColumnValuesToMatchRegex(column="s5000", regex="^v-[0-9]{1,4}$")
    )
    suite.add_expectation(
        expect.ExpectColumnValueLengthsToBeBetween(column="s50000", max_value=7)
    )
    checks = gx.ValidationDefinition(data=batch, suite=suite, name="checks")
    result = context.validation_definitions.add(checks).run(
        batch_parameters={"dataframe": rows}
    )
    return f"{len(result.results)} checks, passed: {result.success}"


if __name__ == "__main__":
    measured("DuckDB summarize", lambda: duckdb_summarize(sys.argv[1]))
    measured("Great Expectations", lambda: great_expectations(sys.argv[1]))

"""What DAGs read of specs, and what they say of broken ones."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from millrace_airflow.bundle import by_file, without_pool
from millrace_airflow.specs import KEYS, SpecFault, read, read_all

from conftest import ROOT, SHOP, write


def test_a_spec_without_the_section_has_the_defaults_of_the_program(conf):
    schedule = read(write(conf, "shop", SHOP)).schedule
    keys = json.loads((ROOT / "conf" / "schema.json").read_text())["$defs"]["schedule-spec"]["properties"]
    assert set(keys) == KEYS
    told = {
        "train": schedule.train or "none",
        "period": "running" if schedule.running else "ended",
        "tasks": "stages" if schedule.stages else "chain",
        "retries": schedule.retries,
        "retry-delay": f"{int(schedule.retry_delay.total_seconds() / 60)}m",
        "catchup": schedule.catchup,
        "max-active": schedule.max_active,
    }
    assert told == {key: keys[key]["default"] for key in keys if "default" in keys[key]}
    assert (schedule.start, schedule.end, schedule.pool, schedule.deadline) == (None, None, None, None)
    assert schedule.daily == "0 0 * * *"


def test_every_key_is_read(conf):
    spec = read(
        write(
            conf,
            "shop",
            SHOP + "every: month\nschedule: {daily: 0 6 3 * *, train: 0 5 1 */3 *, period: running, tasks: stages,"
            " retries: 0, retry-delay: 30s, start: 2008-09-01, end: 2010-12-01, catchup: true, pool: spark,"
            " deadline: 4h, max-active: 3}\n",
        )
    )
    schedule = spec.schedule
    assert (spec.every, spec.owner, spec.sources) == ("month", "sales", ("shop_sales", "shop_visits"))
    assert (schedule.daily, schedule.train, schedule.running, schedule.stages) == ("0 6 3 * *", "0 5 1 */3 *", True, True)
    assert (schedule.start, schedule.end, schedule.catchup) == (date(2008, 9, 1), date(2010, 12, 1), True)
    assert (schedule.retries, schedule.retry_delay, schedule.max_active) == (0, timedelta(seconds=30), 3)
    assert (schedule.pool, schedule.deadline) == ("spark", timedelta(hours=4))


def test_no_delay_is_none_and_not_the_default(conf):
    delays = [
        read(write(conf, "shop", SHOP + f"schedule: {{retry-delay: {text}}}\n")).schedule.retry_delay
        for text in ("0s", "null", "366d")
    ]
    assert delays == [timedelta(0), timedelta(minutes=5), timedelta(days=366)]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("every: fortnight", "every: expected one of day, week, month, found fortnight"),
        ("schedule: {daily: hourly}", "schedule.daily: 'hourly' is no schedule; write it like 0 6 * * *"),
        ("schedule: {train: 0 0 30 2 *}", "schedule.train: '0 0 30 2 *' is no schedule"),
        ("schedule: {retry: 2}", "schedule.retry: unknown key; known keys: catchup, daily"),
        ("schedule: {retries: many}", "schedule.retries: expected a whole number of 0 or more, found many"),
        ("schedule: {start: soon}", "schedule.start: expected a date such as 2018-07-25, found soon"),
        ("schedule: {catchup: true}", "schedule.catchup: true, but nothing says from when on"),
        ("schedule: {deadline: 4 hours}", "schedule.deadline: expected a span of time such as 7d or 12h"),
        ("schedule: {deadline: 999999999w}", "schedule.deadline: longer than a year: 999999999w; say at most 366d"),
        ("schedule: {retry-delay: 367d}", "schedule.retry-delay: longer than a year: 367d; say at most 366d"),
        ("schedule: daily", "schedule: expected a map of keys, found daily"),
        ("schedule: {start: 2026-02-01, end: 2026-01-01}", "schedule.end: before start, 2026-02-01; swap them"),
    ],
)
def test_each_fault_names_its_place(conf, text, fault):
    file = write(conf, "shop", SHOP + text + "\n")
    with pytest.raises(SpecFault) as told:
        read(file)
    assert str(told.value).startswith(f"{file}: {fault}")


def test_a_broken_spec_hides_no_other(conf):
    write(conf, "shop", SHOP)
    torn = write(conf, "torn", "pipeline: [torn\n")
    nameless = write(conf, "nameless", "pipeline: Bad Name\n")
    first = write(conf, "twice-a", SHOP.replace("pipeline: shop", "pipeline: twice"))
    second = write(conf, "twice-b", SHOP.replace("pipeline: shop", "pipeline: twice"))
    specs, faults = read_all(conf)
    assert [spec.name for spec in specs] == ["shop"]
    assert set(faults) == {torn, nameless, first, second}
    assert faults[torn] == f"{torn}: line 2: not YAML: did not find expected ',' or ']'; mend it"
    assert "no name of a pipeline: Bad Name" in faults[nameless]
    assert faults[first] == faults[second] == f"{first} and {second}: more than one file for the pipeline twice; rename one"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("owner: !!int abc", "not YAML: a value isn't what its tag (!!) says: invalid literal for int()"),
        ("owner: !!int ''", "not YAML: a value isn't what its tag (!!) says: "),
        ("owner: !!bool abc", "not YAML: a value isn't what its tag (!!) says: 'abc'; take the tag away"),
        ("owner: !!timestamp abc", "not YAML: a value isn't what its tag (!!) says: "),
        ("schedule: {retries: " + "[" * 5_000 + "]" * 5_000 + "}", "no DAG can be made of it: RecursionError: "),
        ("schedule: " + "[" * 100_000, "nested more than 200 levels deep; see docs/spec.md"),
        ("schedule:\n  " + "- " * 100_000, "nested more than 200 levels deep; see docs/spec.md"),
        ("owner: 2\n" + "# no end\n" * 10_000 + "]", "line 10022: not YAML: "),
    ],
    ids=["no number", "no digit", "no truth value", "no time", "deep", "deep enough to crash", "lists", "long"],
)
def test_an_odd_spec_hides_no_other(conf, text, fault):
    write(conf, "shop", SHOP)
    file = write(conf, "odd", SHOP.replace("pipeline: shop", "pipeline: odd") + text + "\n")
    specs, faults = read_all(conf)
    assert [spec.name for spec in specs] == ["shop"]
    assert list(faults) == [file]
    assert faults[file].startswith(f"{file}: {fault}")


def test_a_file_that_cannot_be_read_hides_no_other(conf):
    write(conf, "shop", SHOP)
    file = conf / "odd.yaml"
    file.symlink_to("/proc/self/mem")  # a file whose first byte is never there
    specs, faults = read_all(conf)
    assert [spec.name for spec in specs] == ["shop"]
    assert faults == {file: f"{file}: can't be read: Input/output error; let the user that runs Airflow read it"}


@pytest.mark.parametrize("length", [1, 90, 91, 250])
def test_a_name_is_as_long_as_a_tag_of_airflow_lets_it_be(conf, length):
    write(conf, "long", SHOP.replace("pipeline: shop", f"pipeline: {'a' * length}"))
    specs, faults = read_all(conf)
    assert [len(spec.name) for spec in specs] == ([length] if length <= 90 else [])
    told = f"no name of a pipeline: {'a' * length}; use a to z, digits and hyphens, a letter first, at most 90 characters"
    assert [told in fault for fault in faults.values()] == ([True] if length > 90 else [])


def test_a_long_spec_is_read_as_a_short_one(conf):
    long = write(conf, "shop", SHOP + "# nothing\n" * 10_000)
    assert read(long).sources == ("shop_sales", "shop_visits")


def test_what_check_says_goes_to_the_files_that_it_names(conf):
    a, b = write(conf, "a", ""), write(conf, "b", "")
    said = f"{a}: fine\nmillrace: {b}: train.seed: expected a number\n{b}: x: unknown key\nsee docs\n"
    assert by_file(said, [a, b]) == {b: f"{b}: train.seed: expected a number\n{b}: x: unknown key\nsee docs"}


def test_the_specs_of_the_project_make_dags():
    specs, faults = read_all(ROOT / "conf")
    assert not faults
    assert "bank" in [spec.name for spec in specs]


def test_a_pool_that_airflow_lacks_is_told_with_its_mend(conf):
    file = write(conf, "shop", SHOP + "schedule: {pool: spark}\n")
    specs = [read(file), read(write(conf, "other", SHOP))]
    assert without_pool(specs, {"default_pool"}) == {
        file: f"{file}: schedule.pool: Airflow has no pool spark, so its tasks wait until there is one; "
        'make it: airflow pools set spark 1 "for shop"'
    }
    assert without_pool(specs, {"spark"}) == without_pool(specs, None) == {}

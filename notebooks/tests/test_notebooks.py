"""The notebooks run from top to bottom, show what the lake holds, and are stored without outputs."""

import os

import nbformat
import pytest
from conftest import PROJECT
from nbclient import NotebookClient

NOTEBOOKS = sorted(path.stem for path in (PROJECT / "notebooks").glob("*.ipynb"))


def read(name):
    return nbformat.read(PROJECT / "notebooks" / f"{name}.ipynb", 4)


def execute(name, lake, monkeypatch):
    """The notebook with its outputs; a cell that fails raises."""
    monkeypatch.setenv("MILLRACE_LAKE", str(lake))
    notebook = read(name)
    NotebookClient(notebook, timeout=600, startup_timeout=600, kernel_name="python3", resources={"metadata": {"path": str(PROJECT / "notebooks")}}).execute()
    return notebook


def outputs(notebook):
    return [output for cell in notebook.cells for output in cell.get("outputs", [])]


def pictures(notebook):
    return [output for output in outputs(notebook) if "image/png" in output.get("data", {})]


def said(notebook):
    """All text that a reader sees below the cells."""
    return "\n".join(o.get("text", "") + o.get("data", {}).get("text/html", "") for o in outputs(notebook))


def test_the_four_are_there():
    assert NOTEBOOKS == ["backfill", "data", "predictions", "quality"]


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_it_is_stored_without_outputs(name):
    for cell in read(name).cells:
        if cell.cell_type == "code":
            assert cell.outputs == [], f"{name}.ipynb has outputs: clear them before you commit (jupyter nbconvert --clear-output --inplace)"
            assert cell.execution_count is None, f"{name}.ipynb has been run: clear its outputs before you commit"


# How many pictures a notebook draws of the lake of the tests, and what its tables must tell.
EXPECTED = {
    "predictions": (2, ["2008-10-01", "rollback"]),
    "quality": (5, ["rollback", "xgboost"]),
    "data": (4, ["in-range(age)", "psi"]),
    "backfill": (1, ["2008-11-01", "moved", "features/bank@"]),
}


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_it_shows_what_the_lake_holds(name, lake_folder, monkeypatch):
    notebook = execute(name, lake_folder, monkeypatch)
    least, words = EXPECTED[name]
    assert len(pictures(notebook)) >= least
    for word in words:
        assert word in said(notebook)
    assert not [o for o in outputs(notebook) if o.get("name") == "stderr"], "a warning is shown to the reader"


def test_backfill_counts_as_the_tables_do(lake_folder, monkeypatch):
    import lake

    html = said(execute("backfill", lake_folder, monkeypatch))
    counts = lake.connect(lake_folder).execute("select count(*) from predictions_bank where date = date '2008-11-01'").fetchall()[0][0]
    assert f"{counts:,}" in html
    assert "2 of them more than once" in html


def test_a_lake_with_one_version_of_each_date_says_so(lake_folder, monkeypatch, tmp_path):
    """As the lake of the tests was before its backfill."""
    for name in os.listdir(lake_folder):
        if name not in ("releases", "reports"):
            os.symlink(lake_folder / name, tmp_path / name)
    import deltalake

    import lake

    first = lake.connect(lake_folder).sql("select * from releases_log qualify row_number() over (partition by date order by predictions_version) = 1").to_arrow_table()
    deltalake.write_deltalake(str(tmp_path / "releases"), first)
    notebook = execute("backfill", tmp_path, monkeypatch)
    assert "only one version of each date" in said(notebook)
    assert pictures(notebook) == []


def test_a_lake_that_is_not_there_is_named(monkeypatch, tmp_path):
    import lake

    monkeypatch.setenv("MILLRACE_LAKE", str(tmp_path / "nowhere"))
    with pytest.raises(FileNotFoundError, match="there is no lake at .*nowhere; set MILLRACE_LAKE"):
        lake.connect()

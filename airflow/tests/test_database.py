"""airflow/database: a PostgreSQL for as long as a command runs."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from conftest import ROOT
from server import children, command_line

CONNECT = "import os, sqlalchemy as s; run = s.create_engine(os.environ['AIRFLOW__DATABASE__SQL_ALCHEMY_CONN']).connect()\n"
KEEP = "run.execute(s.text('create table kept as select 7 as n'))\nrun.commit()\nprint(0, flush=True)\ninput()"


def begin(folder: Path, code: str) -> subprocess.Popen:
    """Python code with a connection `run`, which says what it has to say in one line."""
    python = Path(sys.executable).parent
    env = {**os.environ, "PATH": f"{python}:{os.environ['PATH']}"}
    command = [ROOT / "airflow" / "database", folder / "data", python / "python", "-c", CONNECT + code]
    return subprocess.Popen(command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def servers(process: subprocess.Popen) -> list[int]:
    return [pid for pid in children(process.pid) if "/postgres -D" in command_line(pid)]


def value(sql: str) -> str:
    return f"print(run.execute(s.text({sql!r})).scalar(), flush=True)\n"


def test_data_stay_and_the_server_ends_with_its_command(tmp_path):
    first = begin(tmp_path, KEEP)
    assert first.stdout.readline() == "0\n"
    (server,) = servers(first)

    beside = begin(tmp_path, value("select n from kept"))
    assert beside.communicate()[0] == "7\n"
    assert beside.returncode == 0

    first.communicate("go\n")
    assert first.returncode == 0
    assert not command_line(server)

    failed = begin(tmp_path, value("select n + 1 from kept") + "raise SystemExit(3)")
    assert failed.communicate()[0] == "8\n"
    assert failed.returncode == 3


def test_a_server_whose_command_was_killed_ends_and_another_one_goes_on(tmp_path):
    killed = begin(tmp_path, KEEP)
    assert killed.stdout.readline() == "0\n"
    (server,) = servers(killed)
    killed.kill()
    killed.communicate()
    for _ in range(300):
        if not command_line(server):
            break
        time.sleep(0.1)
    assert not command_line(server)

    after = begin(tmp_path, value("select n from kept"))
    assert after.communicate()[0] == "7\n"

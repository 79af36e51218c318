"""A running bin/airflow, its API, and what becomes of its runs."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from conftest import ROOT


class Airflow:
    """
    A bin/airflow in a folder of its own, which holds its specs (`conf`), its database and its logs (`home`).

    :param settings: more of its environment
    """

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        (folder / "conf" / "env").mkdir(parents=True)
        clean = {key: value for key, value in os.environ.items() if not key.startswith("AIRFLOW")}
        ours = {"AIRFLOW_HOME": str(folder / "home"), "MILLRACE_CONF": str(folder / "conf")}
        self.env = {**clean, **ours, **settings}

    def start(self) -> None:
        self.said = self.folder / "said.txt"
        with self.said.open("w") as out:
            self.process = subprocess.Popen(
                [ROOT / "bin" / "airflow"],
                env=self.env,
                stdout=out,
                stderr=out,
                stdin=subprocess.DEVNULL,
                # A shell in the background is deaf to Ctrl-C, and so are those that it starts.
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
            )
        found = self.wait(
            lambda: re.search(r"Airflow: (http://127\.0\.0\.1:\d+) +user: admin +password: (\S+)", self.said.read_text()),
            "the address",
        )
        self.base, password = found.groups()
        self.token = None
        self.token = self.call("POST", "/auth/token", {"username": "admin", "password": password})["access_token"]

    def call(self, method: str, path: str, body: dict | None = None):
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                text = answer.read().decode()
        except urllib.error.HTTPError as e:
            if e.code >= 500:
                print(f"{method} {path}: {e.code} {e.read().decode()}")
            raise
        return json.loads(text) if text else None

    def api(self, method: str, path: str, body: dict | None = None):
        return self.call(method, f"/api/v2{path}", body)

    def wait(self, condition, what: str, seconds: int = 1500):
        for _ in range(seconds):
            if self.process.poll() is not None:
                log = self.folder / "home" / "airflow.log"
                raise AssertionError(f"Airflow has ended: {self.said.read_text()}{log.read_text()[-3000:]}")
            try:
                found = condition()
            except urllib.error.HTTPError as e:
                if e.code != 404:
                    raise
                found = None
            if found:
                return found
            time.sleep(1)
        raise AssertionError(f"never came: {what}")

    def switch_on(self, dag: str) -> None:
        self.wait(lambda: self.api("GET", f"/dags/{dag}"), dag)
        self.api("PATCH", f"/dags/{dag}", {"is_paused": False})

    def trigger(self, dag: str, date: str) -> str:
        self.switch_on(dag)
        return self.api("POST", f"/dags/{dag}/dagRuns", {"logical_date": f"{date}T00:00:00Z"})["dag_run_id"]

    def end(self, dag: str, run: str) -> str:
        """Waits for the end of a run; its state."""
        path = f"/dags/{dag}/dagRuns/{run}"
        ended = lambda: (r := self.api("GET", path))["state"] in ("success", "failed") and r["state"]  # noqa: E731
        return self.wait(ended, f"the end of {dag} {run}")

    def tasks(self, dag: str, run: str) -> dict[str, tuple[str, int]]:
        """The state and the number of tries of each task."""
        found = self.api("GET", f"/dags/{dag}/dagRuns/{run}/taskInstances")["task_instances"]
        return {task["task_id"]: (task["state"], task["try_number"]) for task in found}

    def runs(self, dag: str) -> list[dict]:
        return self.api("GET", f"/dags/{dag}/dagRuns?limit=100&order_by=id")["dag_runs"]

    def logs(self, dag: str, run: str, task: str) -> list[str]:
        """What the log of each try says, less Airflow's marks of groups; a worker that never began has none of ours."""
        folder = self.folder / "home" / "logs" / f"dag_id={dag}" / f"run_id={run}" / f"task_id={task}"
        said = [(folder / name).read_text() for name in sorted(os.listdir(folder))]
        return ["\n".join(t for t in text.splitlines() if "group::" not in t) for text in said]

    def backfill(self, dag: str, first: str, last: str, **more) -> None:
        body = {"dag_id": dag, "from_date": f"{first}T00:00:00Z", "to_date": f"{last}T00:00:00Z", **more}
        number = self.api("POST", "/backfills", body)["id"]
        self.wait(lambda: self.api("GET", f"/backfills/{number}")["completed_at"], f"the end of backfill {number}")

    def stop(self) -> None:
        """Ends it as Ctrl-C does; fails where a process is left over."""
        group = children(self.process.pid)
        self.process.send_signal(signal.SIGINT)
        assert self.process.wait(120) == 130
        assert len(group) > 4
        assert not [text for pid in group if (text := command_line(pid))]


def command_line(pid: int) -> str:
    """What a process was started with; empty where it has ended, also if nobody has asked yet how."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def children(pid: int) -> list[int]:
    """All processes below one."""
    found = []
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        found += [int(child), *children(int(child))]
    return found

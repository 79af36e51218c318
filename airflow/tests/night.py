"""Months of the bank on a Spark cluster of this machine, scheduled by Airflow, and the same commands run here."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import urllib.request
from pathlib import Path

from conftest import ROOT
from lakes import FAST, compare
from server import Airflow, children, command_line

FIRST = "2008-09-01"
RETRAIN = "3 of last 5 dates over stop"


class Cluster:
    """bin/cluster: two workers, each with room for both executors of an application."""

    def __init__(self, state: Path) -> None:
        self.state = state
        self.env = {**os.environ, "MILLRACE_CLUSTER": str(state)}
        self.call("start", "--workers", "2", "--cores", "2", "--memory", "2g")
        self.master = (state / "url").read_text().strip()

    def call(self, *words: str) -> None:
        subprocess.run([ROOT / "bin" / "cluster", *words], env=self.env, check=True, capture_output=True, text=True)

    def told(self) -> dict:
        """What the master's page knows of workers and applications."""
        with urllib.request.urlopen((self.state / "ui").read_text().strip() + "/json/", timeout=60) as answer:
            return json.load(answer)

    def workers(self) -> list[str]:
        """The states of all workers that the master remembers."""
        return sorted(worker["state"] for worker in self.told()["workers"])

    def kill(self, worker: str) -> None:
        os.kill(int((self.state / f"{worker}.pid").read_text()), signal.SIGKILL)


class Night:
    """
    A project's folder: specs, data, a lake that Airflow fills by the cluster and one that is filled here.

    :param spec: edits of conf/bank.yaml, old text and new
    :param months: of the demo's data; all where none are named
    """

    def __init__(self, folder: Path, spec: list[tuple[str, str]], months: tuple[str, ...] = ()) -> None:
        self.folder = folder
        self.cluster = Cluster(folder / "cluster")
        self.airflow = Airflow(
            folder,
            MILLRACE_ENV="standalone",
            MILLRACE_CLUSTER=str(folder / "cluster"),
            # What a killed scheduler leaves is taken up after a minute, not after five; on a busy machine a scheduler may be
            # that late and yet alive.
            AIRFLOW__SCHEDULER__SCHEDULER_HEALTH_CHECK_THRESHOLD="60",
            AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL="20",
        )
        data = folder / "examples" / "bank-marketing"
        data.mkdir(parents=True)
        for file in (ROOT / "examples" / "bank-marketing").glob("*.csv.gz"):
            if not months or file.name.partition("-")[2][:7] in months:
                shutil.copy(file, data)
        self.text = (ROOT / "conf" / "bank.yaml").read_text()
        for old, new in spec:
            assert old in self.text, old
            self.text = self.text.replace(old, new)
        place = f"variables: {{examples: {folder}/examples}}\n"
        (folder / "conf" / "env" / "local.yaml").write_text(f"lake: {folder}/here\n{place}")
        (folder / "conf" / "env" / "standalone.yaml").write_text(
            f"master: {self.cluster.master}\nlake: {folder}/lake\n{place}"
            "cluster: {executors: 2, cores: 1, memory: 1g, driver-memory: 1g}\n"
            f"spark: {{spark.driver.extraJavaOptions: {FAST}, spark.executor.extraJavaOptions: {FAST}}}\n"
        )
        self.schedule("tasks: stages, daily: none")

    def schedule(self, keys: str) -> None:
        """Writes the spec anew: the same but for its schedule."""
        new = self.folder / "conf" / "bank.new"
        new.write_text(f"{self.text}\nschedule: {{retries: 5, retry-delay: 1s, {keys}}}\n")
        new.replace(self.folder / "conf" / "bank.yaml")

    def catch_up(self, dates: list[str]) -> None:
        """Switches the daily DAG on, from the first date to the last; its runs begin at once, one after the other."""
        self.schedule(f"start: {dates[0]}, end: {dates[-1]}, catchup: true")
        self.airflow.wait(lambda: self.airflow.api("GET", "/dags/bank_daily/details")["catchup"], "the schedule")
        self.airflow.switch_on("bank_daily")

    def kill(self, what: str) -> None:
        """
        Kills one process and waits until the place is whole again; whoever runs a driver starts it anew.

        :param what: "driver", "scheduler", or a worker's name
        """
        if what == "driver":
            os.kill(self.drivers()[0], signal.SIGKILL)
        elif what == "scheduler":
            before = self.schedulers()
            os.kill(before[0], signal.SIGKILL)
            self.airflow.wait(lambda: (now := self.schedulers()) and now[0] not in before, "another scheduler")
        else:
            alive = self.cluster.workers().count("ALIVE")
            self.cluster.kill(what)
            self.airflow.wait(lambda: self.cluster.workers().count("ALIVE") == alive - 1, "the worker's end")
            self.cluster.call("mend")
            assert self.cluster.workers().count("ALIVE") == alive

    def has_calls(self, date: str) -> bool:
        """Whether there is anybody to be scored at a date."""
        return (self.folder / "examples" / "bank-marketing" / f"contacts-{date[:7]}.csv.gz").is_file()

    def drivers(self) -> list[int]:
        """Processes of spark-submit that run a driver of this folder."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                line = (folder / "cmdline").read_bytes().decode(errors="replace")
            except OSError:
                continue
            if "org.apache.spark.deploy.SparkSubmit" in line and str(self.folder) in line:
                found.append(int(folder.name))
        return found

    def schedulers(self) -> list[int]:
        """The scheduler and what it runs tasks by, in the order of their ids."""
        return sorted(pid for pid in children(self.airflow.process.pid) if "airflow scheduler" in command_line(pid))

    def working(self, dag: str, run: str, task: str) -> bool:
        """Whether a task runs and Spark works on it with both executors."""
        found = self.airflow.tasks(dag, run).get(task, ("", 0))[0] == "running"
        active = self.cluster.told()["activeapps"] if found else []
        return any(app["state"] == "RUNNING" and app["cores"] == 2 for app in active)

    def wait_for_work(self, dag: str, run: str, task: str) -> None:
        self.airflow.wait(lambda: self.working(dag, run, task), f"Spark's work for {dag} {run} {task}")

    def here(self, *command: str) -> list[dict]:
        """Runs a command in this machine's place; its lines of JSON. A challenger may stay out."""
        line = [ROOT / "bin" / "millrace", *command, "--env", "local", "--conf", str(self.folder / "conf"), "--json"]
        done = subprocess.run(line, cwd=ROOT, env=self.airflow.env, capture_output=True, text=True, check=False)
        events = [json.loads(text) for text in done.stdout.splitlines() if text.startswith("{")]
        stays_out = done.returncode == 10 and [e["stage"] for e in events if e["event"] == "stage"][-1] == "promote"
        assert done.returncode == 0 or stays_out, done.stdout[-2000:] + done.stderr[-2000:]
        return events

    def twin(self, dates: list[str]) -> list[str]:
        """Runs here what the scheduler has to run: the first training, then each date; the dates that asked for one."""
        self.here("run", "bank", "--date", FIRST)
        asked = []
        for date in dates:
            events = self.here("daily", "bank", "--date", date)
            if any(event["event"] == "verdict" and event["retrain"] for event in events):
                asked.append(date)
                self.here("run", "bank", "--date", date)
        return asked

    def compare(self) -> dict[str, int]:
        """Rows of each table, all of them the same here and there."""
        return compare(self.folder / "here", self.folder / "lake")

    def close(self) -> None:
        self.airflow.stop()
        self.cluster.call("stop")

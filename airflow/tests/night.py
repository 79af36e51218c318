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
from server import Airflow, children, command_line

FIRST = "2008-09-01"
RETRAIN = "3 of last 5 dates over stop"
FAST = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"


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
        """Rows of each table, all of them the same in both lakes: LakeRows of the Java tests says so."""
        classes = [ROOT / module / "target" / kind for kind in ("test-classes", "classes") for module in ("jobs", "common")]
        if not (classes[0] / "io/millrace/jobs/LakeRows.class").is_file():
            line = ["sh", "./mvnw", "-q", "-B", "-pl", "common,jobs", "-am", "test-compile", "-Dspotless.check.skip=true"]
            subprocess.run(line, cwd=ROOT, check=True)
        target = ROOT / "jobs" / "target"
        path = os.pathsep.join([*map(str, [*classes, target / "millrace.jar"]), (target / "classpath.txt").read_text().strip()])
        open_up = [f"--add-opens=java.base/{name}=ALL-UNNAMED" for name in OPENED]
        line = ["java", *open_up, "-Xmx1g", *FAST.split(), "-Duser.timezone=UTC", "-cp", path, "io.millrace.jobs.LakeRows"]
        lakes = [str(self.folder / "here"), str(self.folder / "lake")]
        done = subprocess.run([*line, *lakes], cwd=self.folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-3000:]
        return {name: int(rows) for name, rows, _ in (text.rsplit(" ", 2) for text in done.stdout.splitlines())}

    def close(self) -> None:
        self.airflow.stop()
        self.cluster.call("stop")


OPENED = ["java.lang", "java.lang.invoke", "java.lang.reflect", "java.io", "java.net", "java.nio", "java.util"]
OPENED += ["java.util.concurrent", "java.util.concurrent.atomic", "jdk.internal.ref", "sun.nio.ch", "sun.nio.cs"]
OPENED += ["sun.security.action", "sun.util.calendar"]

"""Runs the bank pipeline in places; started by benchmarks/places.

The start of a command is what the same command takes again, when all is done and no stage has work: the launcher, the JVM,
Spark's session, executors where there are some, and a look at the lake that finds every slice in place.
"""

import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# The first training, and the first calls after it.
COMMANDS = {"run": "2008-09-01", "daily": "2008-10-01"}
PLACES = ("local", "client", "cluster", "s3")
TICKS = os.sysconf("SC_CLK_TCK")
SIZES = "executors: 2, cores: 1, memory: 1g, driver-memory: 1g"


def of_children():
    used = os.times()
    return used.children_user + used.children_system


class Cluster:
    """Two workers of two cores by bin/cluster: room for two executors, and for a driver beside one of them."""

    def __init__(self, state):
        self.state = state
        self.env = {**os.environ, "MILLRACE_CLUSTER": str(state)}
        self.call("start", "--workers", "2", "--cores", "2", "--memory", "3g")
        self.master = (state / "url").read_text().strip()

    def call(self, *words):
        subprocess.run([ROOT / "bin/cluster", *words], env=self.env, check=True, stdout=subprocess.DEVNULL)

    def cpu(self):
        """Seconds of master and workers, and of the executors and drivers that they have started and seen end."""
        total = 0
        for file in self.state.glob("*.pid"):
            fields = Path(f"/proc/{file.read_text().strip()}/stat").read_text().rpartition(")")[2].split()
            total += sum(map(int, fields[11:15]))
        return total / TICKS

    def idle(self):
        """Waits until no executor and no driver is left, whose time the workers then know."""
        told = (self.state / "ui").read_text().strip() + "/json/"
        for _ in range(100):
            with urllib.request.urlopen(told) as answer:
                if json.load(answer)["coresused"] == 0:
                    break
            time.sleep(0.1)
        time.sleep(1)


class Store:
    """moto's server: an object store in memory, on a free port of the loopback."""

    def __init__(self, log):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        server = Path(sys.executable).with_name("moto_server")
        with log.open("w") as out:
            self.process = subprocess.Popen([server, "-H", "127.0.0.1", "-p", str(port)], stdout=out, stderr=out)
        self.endpoint = f"http://127.0.0.1:{port}"
        for _ in range(300):
            try:
                urllib.request.urlopen(self.endpoint + "/moto-api/data.json").close()
                return
            except OSError:
                time.sleep(0.1)
        raise SystemExit(f"moto doesn't answer: {log.read_text()}")

    def bucket(self, name):
        urllib.request.urlopen(urllib.request.Request(f"{self.endpoint}/{name}", method="PUT")).close()


def places(folder, master):
    """One file for each place, beside the spec of the bank."""
    env = folder / "conf/env"
    env.mkdir(parents=True)
    shutil.copy(ROOT / "conf/bank.yaml", folder / "conf")
    shutil.copy(ROOT / "conf/env/s3.yaml", env)
    data = f"variables: {{examples: {ROOT}/examples}}\n"
    (env / "local.yaml").write_text(data)
    for mode in ("client", "cluster"):
        (env / f"{mode}.yaml").write_text(f"master: {master}\ncluster: {{deploy-mode: {mode}, {SIZES}}}\n{data}")


def timed(line, settings, cluster):
    before = of_children() + (cluster.cpu() if cluster else 0)
    start = time.monotonic()
    done = subprocess.run(line, cwd=ROOT, env={**os.environ, **settings}, capture_output=True, text=True, check=False)
    wall = time.monotonic() - start
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, line))} ended with {done.returncode}: {done.stdout}{done.stderr}")
    if cluster:
        cluster.idle()
    return wall, of_children() + (cluster.cpu() if cluster else 0) - before


def measure(place, folder, number, cluster, store):
    """Each command on a fresh lake, then the same again: {(command, what): (wall, CPU)}."""
    settings, lake = {}, folder / f"lake-{place}-{number}"
    if place == "s3":
        bucket = f"places{number}"
        store.bucket(bucket)
        keys = {"AWS_ACCESS_KEY_ID": "any", "AWS_SECRET_ACCESS_KEY": "any"}
        settings, lake = {"BUCKET": bucket, "S3_ENDPOINT": store.endpoint, **keys}, f"s3a://{bucket}/lake"
    found = {}
    for command, date in COMMANDS.items():
        line = ["bin/millrace", command, "bank", "--date", date, "--env", place, "--conf", folder / "conf", "--lake", lake]
        found[command, "first"] = timed(line, settings, cluster)
        found[command, "again"] = timed(line, settings, cluster)
    return found


def middle(times):
    """The median by the clock and that of the processors."""
    return [statistics.median(figures) for figures in zip(*times, strict=True)]


def main(rounds, wanted):
    with tempfile.TemporaryDirectory(prefix="millrace-places-") as name:
        folder = Path(name)
        on_cluster = {"client", "cluster"} & set(wanted)
        cluster = Cluster(folder / "cluster") if on_cluster else None
        store = Store(folder / "moto.log") if "s3" in wanted else None
        try:
            places(folder, cluster.master if cluster else "local[2]")
            # The build, and the archive of classes that the first command makes.
            warm_up = ["bin/millrace", "sql", "select 1", "--lake", folder / "none"]
            subprocess.run(warm_up, cwd=ROOT, capture_output=True, check=False)
            print(f"{'place':8} {'command':8} {'wall s':>7} {'CPU s':>7} {'start s':>8} {'CPU s':>7} {'share':>6}", flush=True)
            for place in wanted:
                used = cluster if place in on_cluster else None
                found = [measure(place, folder, number, used, store) for number in range(rounds)]
                for command in COMMANDS:
                    wall, cpu = middle(one[command, "first"] for one in found)
                    start, start_cpu = middle(one[command, "again"] for one in found)
                    share = f"{start / wall:.0%}"
                    print(f"{place:8} {command:8} {wall:7.1f} {cpu:7.1f} {start:8.1f} {start_cpu:7.1f} {share:>6}", flush=True)
        finally:
            if cluster:
                cluster.call("stop")
            if store:
                store.process.terminate()
                store.process.wait()


if __name__ == "__main__":
    arguments = sys.argv[1:]
    number = int(arguments.pop(0)) if arguments and arguments[0].isdigit() else 1
    unknown = set(arguments) - set(PLACES)
    if unknown:
        raise SystemExit(f"places: no place {', '.join(sorted(unknown))}; there are {', '.join(PLACES)}")
    main(number, arguments or PLACES)

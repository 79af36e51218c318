"""Where things are: settings of the deployment, all from the process environment."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import yaml


@dataclass(frozen=True)
class Place:
    """
    home: the project's folder, or where its bin/ and conf/ were put (MILLRACE_HOME)
    conf: folder of the specs (MILLRACE_CONF)
    env: name of the file in conf/env (MILLRACE_ENV)
    """

    home: Path
    conf: Path
    env: str

    @classmethod
    def of(cls, environment=os.environ) -> Place:
        home = Path(environment.get("MILLRACE_HOME") or Path(__file__).resolve().parents[3])
        conf = Path(environment.get("MILLRACE_CONF") or home / "conf")
        return cls(home, conf if conf.is_absolute() else home / conf, environment.get("MILLRACE_ENV") or "local")

    def command(self, arguments: list[str]) -> list[str]:
        """
        The command line that runs Millrace with these arguments; the one place that knows how.

        MILLRACE_COMMAND wins. Else an environment with a `master` that isn't local is reached by spark-submit in
        client mode, since only there the program's exit code is that of spark-submit. Else bin/millrace.
        """
        given = os.environ.get("MILLRACE_COMMAND")
        options = ["--env", self.env, "--conf", str(self.conf), "--json"]
        if given:
            return [*given.split(), *arguments, *options]
        settings = self._environment()
        master = str(settings.get("master") or "local")
        if master.startswith("local"):
            return [str(self.home / "bin" / "millrace"), *arguments, *options]
        submit = os.environ.get("MILLRACE_SPARK_SUBMIT", "spark-submit")
        jar = os.environ.get("MILLRACE_JAR", str(self.home / "jobs" / "target" / "millrace.jar"))
        pairs = [f"{key}={value}" for key, value in sorted((settings.get("spark") or {}).items())]
        conf = [word for pair in pairs for word in ("--conf", pair)]
        submitted = [submit, "--master", master, "--deploy-mode", "client", "--name", "millrace " + " ".join(arguments)]
        return [*submitted, *conf, "--class", "io.millrace.jobs.Main", jar, *arguments, *options]

    def _environment(self) -> dict:
        file = self.conf / "env" / f"{self.env}.yaml"
        return (yaml.safe_load(file.read_text("utf-8")) or {}) if file.is_file() else {}

"""Where things are: settings of the deployment, all from the process environment."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


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

        `bin/millrace` runs a command wherever the place says: here, or on a cluster by spark-submit, and ends with the
        program's own exit code either way. MILLRACE_COMMAND is a program that stands in for it.
        """
        program = os.environ.get("MILLRACE_COMMAND", "").split() or [str(self.home / "bin" / "millrace")]
        return [*program, *arguments, "--env", self.env, "--conf", str(self.conf), "--json"]

# SPDX-License-Identifier: Apache-2.0
"""What is compared: an engine in some Python with some environment. It is run in worker processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from argparse import ArgumentTypeError
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Any

_FOLDER = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Installation:
    """`name` in the table, the Python that has it, variables for its environment, the worker's script."""

    name: str
    python: str = sys.executable
    environment: dict[str, str] = field(default_factory=dict)
    script: str = "worker.py"

    @classmethod
    def parse(cls, text: str) -> Installation:
        """[NAME=]PYTHON[,VARIABLE=VALUE ...], as in new=.venv/bin/python,RNNLIB_ISA=avx2."""
        first, *variables = text.split(",")
        name, _, python = first.rpartition("=")
        if not python or any("=" not in variable for variable in variables):
            raise ArgumentTypeError(f"expected [NAME=]PYTHON[,VARIABLE=VALUE...], found {text!r}")
        return cls(name or python, python, dict(variable.split("=", 1) for variable in variables))

    @classmethod
    def parse_torch(cls, text: str) -> Installation:
        """torch[=PYTHON[,VARIABLE=VALUE ...]]; without PYTHON this one."""
        parsed = cls.parse(f"torch={sys.executable}" if text == "torch" else text)
        if parsed.name != "torch":
            raise ArgumentTypeError(f"expected torch or torch=PYTHON, found {text!r}")
        return replace(parsed, script="torch_worker.py")

    @property
    def is_torch(self) -> bool:
        return self.script == "torch_worker.py"

    def problem(self) -> str:
        """Empty when the Python is there and has the engine's package."""
        package = "torch" if self.is_torch else "rnnlib_py"
        look = f"import importlib.util as u, sys; sys.exit(u.find_spec('{package}') is None)"
        try:
            found = subprocess.run([self.python, "-c", look], env={**os.environ, **self.environment}, check=False)
        except OSError as error:
            return str(error)
        return f"{self.python} has no package {package}" if found.returncode else ""

    def start(self, workload: str) -> WorkerProcess:
        return WorkerProcess(self, workload)


class WorkerError(RuntimeError):
    """A worker process ended before it answered; its own message is on the error output."""


class WorkerProcess:
    """A worker process with one workload. Use with `with`."""

    def __init__(self, installation: Installation, workload: str) -> None:
        self.installation = installation
        self._process = subprocess.Popen(
            [installation.python, str(_FOLDER / installation.script), workload],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **installation.environment},
        )

    def call(self, method: str, **arguments: Any) -> Any:
        """Calls a method of the process's Worker (serving.py)."""
        assert self._process.stdin and self._process.stdout
        try:
            self._process.stdin.write(json.dumps({"call": method, "arguments": arguments}) + "\n")
            self._process.stdin.flush()
            answer = self._process.stdout.readline()
        except BrokenPipeError:
            answer = ""
        if not answer:
            raise WorkerError(f"{self.installation.name}: the worker ended with status {self._process.wait()}")
        return json.loads(answer)["result"]

    def __enter__(self) -> WorkerProcess:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        if kind is not None:
            self._process.kill()
        self._process.communicate()

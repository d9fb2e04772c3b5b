# SPDX-License-Identifier: Apache-2.0
"""rnnlib-py --print-completion: the shells themselves complete with the scripts."""

from __future__ import annotations

import os
import re
import select
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tiny import run_cli

from rnnlib_py.cli.completion import SHELLS, completion_script

SECONDS = 30  # a shell that hangs is ended

# What is typed before the tab, and what the line is after it.
CASES = [
    ("rnnlib-py trai", "rnnlib-py train"),
    ("rnnlib-py tune", "rnnlib-py tune-decoder"),
    ("rnnlib-py prepare li", "rnnlib-py prepare lines"),
    ("rnnlib-py train --console fu", "rnnlib-py train --console full"),
    ("rnnlib-py train --log-f", "rnnlib-py train --log-format"),
    ("rnnlib-py train my.c", "rnnlib-py train my.config"),
    ("rnnlib-py train -o fold", "rnnlib-py train -o folder"),
    ("rnnlib-py train --hiddenS", "rnnlib-py train --hiddenSize"),
    ("rnnlib-py train --task=transcri", "rnnlib-py train --task=transcription"),
    ("rnnlib-py train --trainFile=my.n", "rnnlib-py train --trainFile=my.nc"),
    ("rnnlib-py train --task=regression my.c", "rnnlib-py train --task=regression my.config"),
    ("rnnlib-py models --hiddenS", "rnnlib-py models --hiddenS"),  # takes no config keys
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Scripts of all shells, and files to complete."""
    made = tmp_path_factory.mktemp("completion")
    for name in ("my.config", "my.nc"):
        (made / name).touch()
    (made / "folder").mkdir()
    (made / "functions").mkdir()
    for shell, name in (("bash", "bash"), ("zsh", "functions/_rnnlib-py"), ("fish", "fish")):
        (made / name).write_text(completion_script(shell), encoding="utf-8")
    return made


def lines_in_a_terminal(command: list[str], setup: str, typed: list[str], folder: Path) -> list[str]:
    """What an interactive shell makes of lines that end with a tab: each is then echoed instead of being run."""
    import pty

    child, terminal = pty.fork()
    if child == 0:
        os.chdir(folder)
        os.execvpe(command[0], command, {**os.environ, "TERM": "dumb", "HOME": str(folder), "PS1": "$ "})
    os.write(terminal, f"{setup}; stty cols 500\n".encode())
    for line in typed:
        os.write(terminal, f"{line}\t\x01echo '<\x05>'\n".encode())  # to the line's begin, and to its end
    os.write(terminal, b"exit\n")
    output = b""
    while select.select([terminal], [], [], SECONDS)[0]:
        try:
            read = os.read(terminal, 65536)
        except OSError:  # Linux: the shell has ended
            break
        if not read:
            break
        output += read
    os.close(terminal)
    os.waitpid(child, 0)
    return [found.strip().rstrip("=/") for found in re.findall(r"^<(.*?)>\r?$", output.decode(), re.MULTILINE)]


def needs(shell: str) -> str:
    found = shutil.which(shell)
    if found is None or sys.platform == "win32":
        pytest.skip(f"{shell} is not installed")
    return found


def test_bash(folder: Path) -> None:
    command = [needs("bash"), "--norc", "--noprofile", "-i"]
    found = lines_in_a_terminal(command, "source ./bash", [typed for typed, _ in CASES], folder)
    assert found == [line for _, line in CASES]


def test_zsh(folder: Path) -> None:
    command = [needs("zsh"), "-f", "-i"]
    setup = "fpath=($PWD/functions $fpath); autoload -Uz compinit; compinit -D; setopt no_beep"
    found = lines_in_a_terminal(command, setup, [typed for typed, _ in CASES], folder)
    assert found == [line for _, line in CASES]


def test_fish(folder: Path) -> None:
    commands = ["source ./fish", *(f"echo (complete -C'{typed}')[1]" for typed, _ in CASES)]
    done = subprocess.run(
        [needs("fish"), "--no-config", "-c", "\n".join(commands)],
        cwd=folder,
        env={**os.environ, "HOME": str(folder)},
        capture_output=True,
        text=True,
        check=True,
        timeout=SECONDS,
    )
    found = [line.partition("\t")[0].rstrip("/") for line in done.stdout.splitlines()]
    expected = [line.rpartition(" ")[2] if typed != line else "" for typed, line in CASES]
    assert [word.rpartition("=")[2] for word in found] == [word.rpartition("=")[2] for word in expected]


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("form", [["--print-completion", "{}"], ["--print-completion={}"]])
def test_the_command_prints_it(shell: str, form: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run_cli(*(word.format(shell) for word in form)) == 0
    assert capsys.readouterr().out == completion_script(shell)


@pytest.mark.parametrize("words", [[], [""], ["tcsh"], ["bash", "x.config"]])
def test_other_shells(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run_cli("--print-completion", *words) == 2
    message = f"--print-completion: expected one of bash, zsh, fish, found '{' '.join(words)}'"
    assert capsys.readouterr().err == f"rnnlib-py: error: {message}\n"


def test_without_shtab(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setitem(sys.modules, "shtab", None)
    assert run_cli("--print-completion", "bash") == 2
    error = capsys.readouterr().err
    assert error.startswith("rnnlib-py: error: --print-completion needs shtab (")
    assert error.endswith("): pip install 'rnnlib-py[completion]'\n")

# SPDX-License-Identifier: Apache-2.0
"""rnnlib-py --print-completion SHELL: a script by which a shell completes commands, options, config keys and files."""

from __future__ import annotations

import argparse
from collections.abc import Sequence as _Seq
from typing import Any

from rnnlib_py import _core
from rnnlib_py.cli.command import CommandParser, UsageError
from rnnlib_py.cli.commands import COMMANDS
from rnnlib_py.cli.parser import make_parser

OPTION = "--print-completion"

# How a config key is written in a script, where a value follows its "=" at once.
_KEY_ENDS = {"bash": "=", "zsh": "=-", "fish": ""}
SHELLS = tuple(_KEY_ENDS)

_FOLDERS = {"DIR"}
_FILES = {"PNG", "PICTURE", "LOG", "IMAGE", "SOUND", "TABLE", "REPORT", "CONFIG", "SAVE", "FILE", "DUMP", "OUT", "TEXT"}

# Files, also after "--trainFile=".
_FISH_FILES = "(__fish_complete_path (commandline -ct | string replace -r '^--[^=]*=' ''))"

# The shell takes "--task=x" for three words; shtab's function must not take the last two for arguments of their own.
_BASH_KEYS = """
_rnnlib_py_values() {
  case $1 in
%s
  esac
}

_rnnlib_py() {
  local all=("${COMP_WORDS[@]}") last=$COMP_CWORD i
  local key= word=${all[last]}
  if [[ $word == = ]]; then
    key=${all[last-1]} word=
  elif [[ ${all[last-1]} == = ]]; then
    key=${all[last-2]}
  fi
  if [[ $key == --* ]]; then
    if [[ $(_rnnlib_py_values "$key") == @files ]]; then
      compopt -o filenames 2>/dev/null
      mapfile -t COMPREPLY < <(compgen -f -- "$word")
    else
      mapfile -t COMPREPLY < <(compgen -W "$(_rnnlib_py_values "$key")" -- "$word")
    fi
    return
  fi
  local COMP_WORDS=() COMP_CWORD
  for ((i = 0; i <= last; ++i)); do
    if [[ ${all[i]} == --* && ${all[i+1]} == = ]]; then
      ((i += 2))
    else
      COMP_WORDS+=("${all[i]}")
    fi
  done
  COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
  _shtab_rnnlib_py
  if [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *= ]]; then compopt -o nospace 2>/dev/null; fi
}

complete -o bashdefault -F _rnnlib_py rnnlib-py
"""


def wanted_shell(arguments: _Seq[str]) -> str | None:
    """The shell that a command line asks a script for; None when it asks for something else.

    Raises
    ------
    UsageError
        It names none of SHELLS, or says more.
    """
    if not arguments or arguments[0].partition("=")[0] != OPTION:
        return None
    _, equals, shell = arguments[0].partition("=")
    rest = list(arguments[1:])
    if not equals and rest:
        shell = rest.pop(0)
    if shell not in SHELLS or rest:
        found = " ".join([shell, *rest])
        raise UsageError(f"{OPTION}: expected one of {', '.join(SHELLS)}, found '{found}'")
    return shell


def completion_script(shell: str) -> str:
    """The script for one of SHELLS.

    Raises
    ------
    ConfigError
        The package shtab is missing.
    """
    try:
        import shtab
    except ImportError as error:
        raise _core.ConfigError(f"{OPTION} needs shtab ({error}): pip install 'rnnlib-py[completion]'") from None
    parser, _ = make_parser()
    keys = [key for key in _core.key_table() if key.available]
    for name, command_parser in _command_parsers(parser).items():
        if COMMANDS[name].takes_keys:
            _add_keys(command_parser, keys, _KEY_ENDS[shell])
    _say_what_is_a_file(parser, {**shtab.FILE, "fish": _FISH_FILES}, shtab.DIRECTORY)
    script = str(shtab.complete(parser, shell))
    return script + _BASH_KEYS % "\n".join(map(_bash_values, keys)) if shell == "bash" else script


def _command_parsers(parser: argparse.ArgumentParser) -> dict[str, CommandParser]:
    """The parsers of the commands that have options."""
    found = next(action for action in parser._actions if isinstance(action, argparse._SubParsersAction))
    return {name: chosen for name, chosen in found.choices.items() if name in COMMANDS}


def _values(key: _core.KeyInfo) -> list[str]:
    """The words that a key takes; none where it takes numbers or texts."""
    return ["true", "false"] if key.type.startswith("bool") else list(key.choices)


def _takes_files(key: _core.KeyInfo) -> bool:
    return key.name.endswith(("File", "Path")) or key.name in ("dictionary", "bigrams", "languageModel", "warmStart")


def _bash_values(key: _core.KeyInfo) -> str:
    return f"    --{key.name}) echo '{'@files' if _takes_files(key) else ' '.join(_values(key))}' ;;"


def _add_keys(parser: CommandParser, keys: list[_core.KeyInfo], end: str) -> None:
    for key in keys:
        if f"--{key.name}" in parser.own_options:
            continue
        metavar = "FILE" if _takes_files(key) else "VALUE"
        meaning = key.meaning.replace("%", "%%")
        parser.add_argument(f"--{key.name}{end}", metavar=metavar, choices=_values(key) or None, help=meaning)


def _say_what_is_a_file(parser: argparse.ArgumentParser, file: Any, folder: Any) -> None:
    """Gives each argument that names a file or a folder, in this parser and those of its commands, what shtab reads."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for chosen in action.choices.values():
                _say_what_is_a_file(chosen, file, folder)
        elif isinstance(action.metavar, str) and not action.choices:
            words = {word.partition(".")[0] for word in action.metavar.replace("|", " ").replace(",", " ").split()}
            if words & _FOLDERS:
                vars(action)["complete"] = folder
            elif words & _FILES or ".nc" in action.metavar:
                vars(action)["complete"] = file

# SPDX-License-Identifier: Apache-2.0
"""docs/rnnlib-py.1: the manual page, from the parser and the key table.

`python -m rnnlib_py.cli.man_page > docs/rnnlib-py.1` renews it; the wheel installs it in share/man/man1.
"""

from __future__ import annotations

import argparse
import sys

from rnnlib_py import _core, _engine
from rnnlib_py.cli.commands import COMMANDS
from rnnlib_py.cli.parser import DEMO, make_parser
from rnnlib_py.config import threads
from rnnlib_py.config.key_docs import default_text, keys_by_group, values_text
from rnnlib_py.model import zoo

_ENVIRONMENT = {
    threads.VARIABLE: "The number of threads, where neither the config nor the command line names one.",
    "OMP_NUM_THREADS": "At most so many threads, where nothing else names a number.",
    _engine.VARIABLE: "Which build of the engine is loaded: baseline, avx2, avx512 or neon.",
    zoo.VARIABLE: "Folders of trained networks that have names.",
}
_STATUS = {
    "0": "All went well.",
    "1": "The run failed.",
    "2": "The command line or the config is wrong.",
    "128 + n": "The run was ended by signal n.",
}


def escaped(text: str) -> str:
    """Text for troff, whose signs it may hold; a sentence that begins with a dot or a quote is no request."""
    plain = text.replace("\\", "\\e").replace("-", "\\-")
    return "\n".join(f"\\&{line}" if line.startswith((".", "'")) else line for line in plain.split("\n"))


def man_page() -> str:
    """The page, as troff with the man macros."""
    parser, _ = make_parser()
    commands = next(action for action in parser._actions if isinstance(action, argparse._SubParsersAction))
    lines = [
        r".\" SPDX-License-Identifier: Apache-2.0",
        r".\" Made by python -m rnnlib_py.cli.man_page.",
        f'.TH RNNLIB\\-PY 1 "" "rnnlib\\-py {_core.__version__}" "User Commands"',
        ".ad l",
        ".SH NAME",
        r"rnnlib\-py \- train and run multidimensional recurrent networks",
        ".SH SYNOPSIS",
        r".B rnnlib\-py",
        r"[\-\-debug] [\-\-quiet] COMMAND [ARGUMENT ...] [\-\-KEY=VALUE ...]",
        ".SH DESCRIPTION",
        escaped(parser.description or ""),
        "A config is plain text with a key and its value on each line.",
        "Commands that take a config take every key also as",
        r".BR \-\-KEY=VALUE ;",
        r".B \-\-KEY=",
        "removes the key. Results go to standard output, and warnings, errors and progress to standard error.",
        ".SH OPTIONS",
        *_options(parser),
        ".SH COMMANDS",
        *(line for name in COMMANDS for line in _command(name, commands.choices[name])),
        f".SS rnnlib\\-py {DEMO}",
        "Learn to read lines of handwritten digits.",
        ".SH CONFIG KEYS",
        *_keys(),
        ".SH ENVIRONMENT",
        *_table(_ENVIRONMENT),
        ".SH EXIT STATUS",
        *_table(_STATUS),
    ]
    return "\n".join(lines) + "\n"


def _command(name: str, parser: argparse.ArgumentParser) -> list[str]:
    """A command's section; one that has commands of its own has a section for each of these."""
    inner = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    title = f".SS {escaped((parser.usage or name) % {'prog': parser.prog})}"
    lines = [title, escaped(parser.description or ""), *_options(parser)]
    for chosen in (chosen for action in inner for chosen in action.choices.items()):
        lines += _command(f"{name} {chosen[0]}", chosen[1])
    return lines


def _options(parser: argparse.ArgumentParser) -> list[str]:
    """Those that have a help, but those that every command has."""
    common = {"-h", "--debug", "--quiet"} if parser.prog != "rnnlib-py" else set()
    formatter = argparse.HelpFormatter(parser.prog)
    lines = []
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction) or not action.help or action.help == argparse.SUPPRESS:
            continue
        if common.intersection(action.option_strings):
            continue
        text = formatter._expand_help(action)
        lines += [".TP", f".B {escaped(_names(action))}", escaped(text)]
    return lines


def _names(action: argparse.Action) -> str:
    """An option and its value, "-o, --output DIR"; an argument. Python's own form depends on its version."""
    metavar = action.metavar or (f"{{{','.join(map(str, action.choices))}}}" if action.choices else action.dest.upper())
    value = metavar if isinstance(metavar, str) else " ".join(metavar)
    if action.nargs in ("*", "+"):
        value += " ..."
    if not action.option_strings:
        return value
    return ", ".join(action.option_strings) + (f" {value}" if action.nargs != 0 else "")


def _keys() -> list[str]:
    lines = []
    for group, keys in keys_by_group().items():
        lines.append(f".SS {escaped(group)}")
        for key in keys:
            lines += [
                ".TP",
                f'.BR {escaped(key.name)} " ({_quoted(values_text(key))}; {_quoted(default_text(key))})"',
                escaped(key.meaning),
            ]
    return lines


def _quoted(text: str) -> str:
    """Within the quotes of a macro's argument."""
    return escaped(text).replace('"', r"\(dq")


def _table(rows: dict[str, str]) -> list[str]:
    return [line for name, text in rows.items() for line in (".TP", f".B {escaped(name)}", escaped(text))]


if __name__ == "__main__":
    sys.stdout.write(man_page())

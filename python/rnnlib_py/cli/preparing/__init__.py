# SPDX-License-Identifier: Apache-2.0
"""The kinds of data that `rnnlib-py prepare` takes. A new one: a module here with a Command, and a line in KINDS."""

from rnnlib_py.cli.command import Command
from rnnlib_py.cli.preparing import audio, ink, lines, table

KINDS: dict[str, Command] = {kind.name: kind for kind in (lines.KIND, audio.KIND, ink.KIND, table.KIND)}

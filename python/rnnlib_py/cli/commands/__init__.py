# SPDX-License-Identifier: Apache-2.0
"""The commands of rnnlib-py, in the order of its help. A new one: a module here with a COMMAND, and a line below."""

from rnnlib_py.cli.command import Command
from rnnlib_py.cli.commands import check, check_gradient, export, info, predict, test, train

COMMANDS: dict[str, Command] = {
    module.COMMAND.name: module.COMMAND
    for module in (
        train,
        test,
        predict,
        check_gradient,
        check,
        info,
        export,
    )
}

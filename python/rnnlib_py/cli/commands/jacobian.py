# SPDX-License-Identifier: Apache-2.0
"""rnnlib-py jacobian: which inputs matter."""

from __future__ import annotations

from argparse import Namespace

from rnnlib_py.cli.command import Command, CommandParser, Overrides
from rnnlib_py.cli.commands.dump import add_sequence_options, say_files
from rnnlib_py.cli.commands.plot_errors import add_dpi_option
from rnnlib_py.cli.reading import read_save
from rnnlib_py.config.available import check_task
from rnnlib_py.data import Sequence
from rnnlib_py.inspect.dump import FORMATS
from rnnlib_py.inspect.jacobian import Jacobian, jacobian, split_coordinates
from rnnlib_py.inspect.unit_labels import output_labels
from rnnlib_py.model.network import Network
from rnnlib_py.model.opening import open_sequence
from rnnlib_py.model.tables import table


def _add_options(parser: CommandParser) -> None:
    add_sequence_options(parser)
    parser.add_argument(
        "--coords",
        metavar="X,Y[,UNIT]",
        default="",
        help="a point of the output, and a unit or label (default: all units); nothing where the output is one point",
    )
    parser.add_argument("-o", "--output", metavar="OUT", help="write every variable there, as dump does")
    parser.add_argument("--format", choices=FORMATS, default="text", help="of the variables")
    parser.add_argument("--picture", metavar="PNG", help="a picture of the derivatives over the input")
    add_dpi_option(parser)
    parser.add_argument("--top", type=int, metavar="N", default=5, help="how many inputs to list (default 5)")


def _run(options: Namespace, overrides: Overrides) -> int:
    config = read_save(options.path, overrides, "jacobian")
    check_task(config)
    network, sequence = open_sequence(config, options.file, options.sequence)
    found = jacobian(network, sequence, *split_coordinates(network, options.coords), raw=False)
    if options.output:
        say_files(found.dump.write(options.output, options.format), options.output, options.quiet)
    if options.picture:
        from rnnlib_py.plot import plot_jacobian, save_figure  # matplotlib is an extra

        save_figure(plot_jacobian(found, sequence), options.picture, options.dpi)
    print("\n".join(_lines(network, sequence, found, options.top)))
    return 0


def _lines(network: Network, sequence: Sequence, found: Jacobian, count: int) -> list[str]:
    names = output_labels(network) or [str(i) for i in range(len(found.outputs))]
    outputs = sorted(zip(found.outputs.tolist(), names, strict=True), key=lambda pair: -abs(pair[0]))[:3]
    place = ",".join(str(x) for x in found.point) or "its single point"
    rows = [
        [",".join(str(x) for x in point) or "-", str(unit), f"{derivative:.6g}"]
        for point, unit, derivative in found.largest(count)
    ]
    return [
        f"sequence {sequence.tag}, output at {place}, {found.unit_name}; largest there: "
        + ", ".join(f"{name} {value:.4g}" for value, name in outputs),
        *table(["input point", "input", "derivative"], rows),
    ]


COMMAND = Command(
    "jacobian",
    "show which inputs an output depends on",
    "SAVE [FILE.nc] [--sequence N] [--coords X,Y[,UNIT]] [-o OUT] [--picture PNG]",
    _add_options,
    _run,
)

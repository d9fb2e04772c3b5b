# SPDX-License-Identifier: Apache-2.0
"""rnnlib-py export: a save for use elsewhere."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from rnnlib_py._core import ConfigError
from rnnlib_py.cli.command import Command, CommandParser, Overrides, UsageError
from rnnlib_py.config.content import SAFETENSORS
from rnnlib_py.model.export import export_weights
from rnnlib_py.model.safetensors_file import TENSOR_TYPES


def _add_options(parser: CommandParser) -> None:
    parser.add_argument("path", metavar="SAVE")
    parser.add_argument(
        "-o",
        "--output",
        metavar="OUT",
        required=True,
        help=f"the file to write: a safetensors file where its name ends with {SAFETENSORS}, else a save",
    )
    parser.add_argument(
        "--weights-only",
        action="store_true",
        help="network and weights, without the state of training: all that there is to export; needed for a save",
    )
    parser.add_argument(
        "--dtype", choices=TENSOR_TYPES, help="of the weights in a safetensors file (default: the save's precision)"
    )
    parser.add_argument(
        "--metadata",
        metavar="NAME=TEXT",
        action="append",
        help="text to keep in a safetensors file, such as license=CC-BY-4.0; may be given several times; NAME= leaves "
        "out what the source has",
    )


def _metadata(options: Namespace) -> dict[str, str] | None:
    if options.metadata is None:
        return None
    texts: dict[str, str] = {}
    for argument in options.metadata:
        name, equals, text = argument.partition("=")
        if not name or not equals:
            raise UsageError(f"--metadata {argument}: expected NAME=TEXT")
        if name in texts:
            raise UsageError(f"--metadata {argument}: {name} is given twice")
        texts[name] = text
    return texts


def _run(options: Namespace, _: Overrides) -> int:
    source, target = Path(options.path), Path(options.output)
    metadata = _metadata(options)
    if not source.is_file():
        raise ConfigError(f"{source}: is a folder, expected a save" if source.is_dir() else f"{source}: no such file")
    if not (options.weights_only or options.output.endswith(SAFETENSORS)):
        raise UsageError(f"export writes saves with --weights-only, or a safetensors file: -o NAME{SAFETENSORS}")
    export_weights(source, target, options.dtype, metadata)
    if not getattr(options, "quiet", False):
        print(f"{target}: {target.stat().st_size} bytes, of {source.stat().st_size}")
    return 0


COMMAND = Command(
    "export",
    "a slim save, or a safetensors file, for use elsewhere",
    f"SAVE -o OUT{SAFETENSORS} [--dtype float16] [--metadata NAME=TEXT ...] | SAVE --weights-only -o OUT",
    _add_options,
    _run,
    takes_keys=False,
)

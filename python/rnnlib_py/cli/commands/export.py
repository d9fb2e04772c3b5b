# SPDX-License-Identifier: Apache-2.0
"""rnnlib-py export: a save for use elsewhere, or an ONNX file."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from rnnlib_py._core import ConfigError
from rnnlib_py.cli.command import Command, CommandParser, Overrides, UsageError
from rnnlib_py.cli.models import add_network
from rnnlib_py.config import Config
from rnnlib_py.config.content import SAFETENSORS
from rnnlib_py.model.export import export_weights, exported_metadata
from rnnlib_py.model.network import Network
from rnnlib_py.model.safetensors_file import TENSOR_TYPES

ONNX = ".onnx"  # how names of such files end


def _add_options(parser: CommandParser) -> None:
    add_network(parser)
    parser.add_argument(
        "-o",
        "--output",
        metavar="OUT",
        required=True,
        help=f"the file to write: a safetensors file where its name ends with {SAFETENSORS}, an ONNX file with {ONNX}, "
        "else a save",
    )
    parser.add_argument(
        "--weights-only",
        action="store_true",
        help="network and weights, without the state of training: all that there is to export; needed for a save",
    )
    parser.add_argument(
        "--dtype",
        choices=TENSOR_TYPES,
        help="of the weights in a safetensors file (default: the save's precision) or an ONNX file (float32, which is "
        "the default, or float16)",
    )
    parser.add_argument(
        "--opset", metavar="N", type=int, help="version of the operators in an ONNX file (default: a widely known one)"
    )
    parser.add_argument(
        "--metadata",
        metavar="NAME=TEXT",
        action="append",
        help="text to keep in a safetensors or ONNX file, such as license=CC-BY-4.0; may be given several times; NAME= "
        "leaves out what the source has",
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
    is_onnx = options.output.endswith(ONNX)
    if not (options.weights_only or is_onnx or options.output.endswith(SAFETENSORS)):
        raise UsageError(
            f"export writes saves with --weights-only, a safetensors file (-o NAME{SAFETENSORS}) or an ONNX file "
            f"(-o NAME{ONNX})"
        )
    if options.opset is not None and not is_onnx:
        raise UsageError(f"--opset is for ONNX files: -o NAME{ONNX}")
    if is_onnx:
        _write_onnx(source, target, options, metadata or {})
    else:
        export_weights(source, target, options.dtype, metadata)
    if not getattr(options, "quiet", False):
        print(f"{target}: {target.stat().st_size} bytes, of {source.stat().st_size}")
    return 0


def _write_onnx(source: Path, target: Path, options: Namespace, metadata: dict[str, str]) -> None:
    from rnnlib_py.integrations.onnx import DEFAULT_OPSET, export

    config = Config.read(source)
    network = Network.from_config(config)
    assert config.save is not None  # else it is no network
    export(
        network,
        target,
        opset=DEFAULT_OPSET if options.opset is None else options.opset,
        dtype=options.dtype or "float32",
        metadata=exported_metadata(config.save, str(source), metadata),
    )


COMMAND = Command(
    "export",
    "a slim save, a safetensors file or an ONNX file, for use elsewhere",
    f"SAVE -o OUT{SAFETENSORS} [--dtype float16] [--metadata NAME=TEXT ...] | SAVE -o OUT{ONNX} [--opset N] [--dtype "
    "float16] [--metadata NAME=TEXT ...] | SAVE --weights-only -o OUT",
    _add_options,
    _run,
    takes_keys=False,
)

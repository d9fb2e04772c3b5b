# SPDX-License-Identifier: Apache-2.0
"""What a safetensors file says of its network, read from its header alone: no weights are loaded."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rnnlib_py._core import Config, ConfigError, FormatError
from rnnlib_py.config.content import SAFETENSORS
from rnnlib_py.model.metrics import format_error
from rnnlib_py.system.files import open_to_read
from rnnlib_py.system.html_tables import html_table
from rnnlib_py.system.units import bytes_text

_SIZE_BYTES = 8  # of the header's size
_LARGEST_HEADER = 2**22  # bytes
_NETWORK = "rnnlib"  # in the metadata of every file with a network of ours


@dataclass(frozen=True)
class ModelInfo:
    """What is known of a trained network before it is loaded.

    Attributes
    ----------
    name : str
        What Network.load_model and the command line call it.
    path : Path
        Its file.
    size : int
        Of the file, in bytes.
    task : str
    num_labels : int
    num_weights : int
    dtype : str
        Of the weights, as the file says: "F16", "F32", …; of several kinds all.
    recipe : dict
        How files become inputs; empty where the network has none.
    scores : dict
        Set -> error -> value, of data it did not learn from.
    description, license, attribution, source : str
        What it reads; the licence of the data it learned from, whom they are owed to, and where they come from. Empty
        where the file does not say.
    metadata : dict
        All texts of the file.
    """

    name: str
    path: Path
    size: int
    task: str
    num_labels: int
    num_weights: int
    dtype: str
    recipe: dict[str, Any]
    scores: dict[str, dict[str, float]]
    description: str
    license: str
    attribution: str
    source: str
    metadata: dict[str, str]

    def _repr_html_(self) -> str:
        errors = [
            (f"{where}: {name}", format_error(name, x)) for where, of in self.scores.items() for name, x in of.items()
        ]
        texts = [(what, getattr(self, what)) for what in ("description", "license", "attribution", "source")]
        size = f"{self.num_weights:,} of {self.dtype}, {bytes_text(self.size)}"
        rows = [("task", self.task), ("labels", str(self.num_labels)), ("weights", size)]
        return html_table(self.name, (), [*rows, *errors, *((what, text) for what, text in texts if text)])


def read_model_info(path: Path) -> ModelInfo:
    """What a safetensors file says. IoError for one that cannot be read, FormatError for one that is damaged or holds
    no network of ours."""
    header = _read_header(path)
    metadata = header.pop("__metadata__", None)
    if not isinstance(metadata, dict) or not all(isinstance(text, str) for text in metadata.values()):
        raise FormatError(f"{path}: is damaged: expected metadata of texts")
    if _NETWORK not in metadata:
        raise FormatError(f"{path}: is a safetensors file, but no network of rnnlib")
    return ModelInfo(
        name=path.name.removesuffix(SAFETENSORS),
        path=path,
        size=path.stat().st_size,
        task=_task(path, metadata),
        num_labels=len(_parse(path, metadata, "labels", [])),
        num_weights=sum(_count(path, name, tensor) for name, tensor in header.items()),
        dtype=", ".join(sorted({str(tensor["dtype"]) for tensor in header.values()})),
        recipe=_parse(path, metadata, "recipe", {}),
        scores=_scores(path, metadata),
        metadata=metadata,
        **{name: metadata.get(name, "") for name in ("description", "license", "attribution", "source")},
    )


def _task(path: Path, metadata: dict[str, str]) -> str:
    try:
        return Config.parse(metadata.get("config", ""), f"{path}: the config").get_string("task")
    except ConfigError as error:
        raise FormatError(f"{path}: is damaged: {error}") from None


def _read_header(path: Path) -> dict[str, Any]:
    with open_to_read(path, "a safetensors file") as file:
        size = int.from_bytes(file.read(_SIZE_BYTES), "little")
        if not 0 < size <= _LARGEST_HEADER:
            raise FormatError(f"{path}: is no safetensors file, or a damaged one")
        text = file.read(size)
    try:
        header = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{path}: is no safetensors file, or a damaged one: {error}") from None
    if len(text) < size or not isinstance(header, dict):
        raise FormatError(f"{path}: is no safetensors file, or a damaged one")
    return header


def _count(path: Path, name: str, tensor: Any) -> int:
    """Of the numbers of a tensor."""
    shape = tensor.get("shape") if isinstance(tensor, dict) else None
    if not isinstance(shape, list) or not all(type(size) is int and size >= 0 for size in shape):
        raise FormatError(f"{path}: is damaged: tensor {name} has no shape")
    if not isinstance(tensor.get("dtype"), str):
        raise FormatError(f"{path}: is damaged: tensor {name} has no dtype")
    return math.prod(shape)


def _parse(path: Path, metadata: dict[str, str], name: str, default: Any) -> Any:
    """JSON in the metadata, of the default's type; the default where there is none."""
    if name not in metadata:
        return default
    try:
        value = json.loads(metadata[name])
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{path}: metadata {name}: damaged: {error}") from None
    if not isinstance(value, type(default)):
        raise FormatError(f"{path}: metadata {name}: expected {json.dumps(default)} with what it holds")
    return value


def _scores(path: Path, metadata: dict[str, str]) -> dict[str, dict[str, float]]:
    scores: dict[str, dict[str, float]] = _parse(path, metadata, "scores", {})
    for errors in scores.values():
        if not isinstance(errors, dict) or not all(isinstance(value, (int, float)) for value in errors.values()):
            raise FormatError(f"{path}: metadata scores: expected set -> error -> number")
    return scores

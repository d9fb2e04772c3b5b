# SPDX-License-Identifier: Apache-2.0
"""Safetensors files: when one is to be written, and what stands in it beside the network."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Literal

from rnnlib_py import _core
from rnnlib_py._core import ConfigError
from rnnlib_py.config.content import SAFETENSORS
from rnnlib_py.model.best import saved_best
from rnnlib_py.system.file_objects import PathOrFile, file_name

TensorType = Literal["float16", "bfloat16", "float32", "float64"]
TENSOR_TYPES: tuple[TensorType, ...] = ("float16", "bfloat16", "float32", "float64")

_EPOCHS = "epochs"
_SCORES = "scores"


def wants_safetensors(path: PathOrFile, dtype: TensorType | None, metadata: Mapping[str, str] | None) -> bool:
    """Whether the name asks for a safetensors file; a file object without such a name by what only those files have.
    ConfigError for another name together with what only those files have."""
    is_path = isinstance(path, (str, os.PathLike))
    name = os.fsdecode(path) if isinstance(path, (str, os.PathLike)) else file_name(path)
    if name.endswith(SAFETENSORS):
        return True
    if dtype is None and metadata is None:
        return False
    if is_path:
        raise ConfigError(
            f"{name}: dtype and metadata are those of safetensors files, whose names end with {SAFETENSORS}"
        )
    return True


def safetensors_content(
    network: _core.Network, config: _core.Config, dtype: TensorType | None, metadata: Mapping[str, str]
) -> bytes:
    """The file's content. ConfigError, NumericError."""
    for name, text in metadata.items():
        if not isinstance(name, str) or not isinstance(text, str):
            raise ConfigError(f"metadata {name!r}: expected text, found {text!r}")
    return _core.to_safetensors(network, config, "" if dtype is None else str(dtype), metadata)


def without_scores(metadata: Mapping[str, str]) -> dict[str, str]:
    """What holds whatever the weights have become."""
    return {name: text for name, text in metadata.items() if name not in (_EPOCHS, _SCORES)}


def training_metadata(save: _core.Save, source: str) -> dict[str, str]:
    """What a run's save says of its network: "epochs", and "scores" where it is the best for a criterion: all errors of
    that epoch as JSON, set -> error -> value. FormatError."""
    epochs = save.get_value("trainer_epoch")
    if epochs is None:
        return {}
    scores = [best.errors for best in saved_best(save, source).values() if str(best.epoch) == epochs]
    return {_EPOCHS: epochs, **({_SCORES: json.dumps(scores[0])} if scores else {})}

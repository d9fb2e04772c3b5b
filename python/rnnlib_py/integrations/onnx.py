# SPDX-License-Identifier: Apache-2.0
"""ONNX files of networks, for programs that run them with onnxruntime and the like (docs/onnx.md)."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from rnnlib_py._core import ConfigError, NumericError
from rnnlib_py.model.network import Network
from rnnlib_py.model.safetensors_file import without_scores
from rnnlib_py.system.files import write_atomically

if TYPE_CHECKING:
    import onnx

WeightType = Literal["float16", "float32"]

DEFAULT_OPSET = 17
OLDEST_OPSET = 13
_LARGEST = 2**31 - 2**24  # bytes of weights: a file's limit is 2 GB, with its nodes


def convert(
    network: Network,
    *,
    opset: int = DEFAULT_OPSET,
    raw: bool = True,
    dtype: WeightType = "float32",
    metadata: Mapping[str, str] | None = None,
) -> onnx.ModelProto:
    """A network as an ONNX model.

    Inputs: `inputs`, float32 [batch, *shape, inputs], holds sequences that are padded at the end of each dimension to
    one shape. `sizes`, int64 [batch, dimensions], has the shape of each sequence without its padding; left out, there
    is none.

    Outputs: `outputs`, float32 [batch, *output shape, units], is what Network.predict gives as `outputs`, with zeros in
    the padding. `output_sizes`, int64 [batch, output dimensions], has the shape of each output without padding; it is
    not there where an output is a single point.

    Parameters
    ----------
    network
        Of either precision; the model has float32.
    opset
        Version of ONNX's operator set, from 13 on.
    raw
        Where the network's data were normalised: True takes inputs, and gives outputs of regression, as they were
        measured; the normalisation is the model's first nodes. False leaves it out.
    dtype
        In which weights are kept. float16 halves the file, and rounds them to the nearest.
    metadata
        More text for the file: "license", "attribution", …. None: that of the safetensors file the network was loaded
        from, but for "scores" and "epochs".

    Raises
    ------
    ConfigError
        An operator set that is too old or not known; onnx is not installed; a layer that cannot be exported; more
        weights than a file can hold; metadata with a name that the file itself uses.
    NumericError
        A weight that is too large for dtype.
    """
    _check_opset(opset)
    if dtype not in get_args(WeightType):
        raise ConfigError(f"dtype {dtype!r}: the weights of an ONNX file are {' or '.join(get_args(WeightType))}")
    _check_weights(network, dtype)
    from rnnlib_py.integrations.onnx_graph.model import make_model

    texts = without_scores(network.metadata) if metadata is None else metadata
    return make_model(network, opset, dtype == "float16", raw, texts)


def export(
    network: Network,
    path: str | os.PathLike[str],
    *,
    opset: int = DEFAULT_OPSET,
    raw: bool = True,
    dtype: WeightType = "float32",
    metadata: Mapping[str, str] | None = None,
) -> None:
    """Writes a network as an ONNX file.

    Parameters
    ----------
    network, opset, raw, dtype, metadata
        As convert().
    path
        The file, which is replaced as a whole.

    Raises
    ------
    ConfigError, NumericError
        As convert().
    IoError
        What cannot be written.
    """
    model = convert(network, opset=opset, raw=raw, dtype=dtype, metadata=metadata)
    write_atomically(Path(path), model.SerializeToString())


def _check_opset(opset: int) -> None:
    try:
        import onnx
    except ImportError as error:
        raise ConfigError(f"writing ONNX files needs onnx ({error}): pip install 'rnnlib-py[onnx]'") from None
    newest = onnx.defs.onnx_opset_version()
    if opset < OLDEST_OPSET:
        raise ConfigError(f"operator set {opset} is too old: ONNX files of networks need {OLDEST_OPSET} to {newest}")
    if opset > newest:
        raise ConfigError(
            f"operator set {opset} is not known to onnx {onnx.__version__}: expected {OLDEST_OPSET} to {newest}"
        )


def _check_weights(network: Network, dtype: WeightType) -> None:
    size = np.dtype(dtype).itemsize * network.num_weights
    if size > _LARGEST:
        raise ConfigError(f"{network.num_weights:,} weights in {dtype} are {size:,} bytes: ONNX files end at 2 GB")
    largest = np.finfo(dtype).max
    for name, weights in network.weights.items():
        worst = np.abs(weights).max(initial=0)
        if worst > largest:
            raise NumericError(f"a weight of {name} is {worst:g} in size: {dtype} ends at {largest:g}")

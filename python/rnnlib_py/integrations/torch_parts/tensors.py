# SPDX-License-Identifier: Apache-2.0
"""Which tensors the engine takes: dense numbers of float32 or float64 in the processor's memory."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from rnnlib_py._core import ConfigError, DataError

PRECISIONS = {torch.float32: "float32", torch.float64: "float64"}
_HALF = (torch.float16, torch.bfloat16)


def refuse_device(device: torch.device | str | None) -> None:
    """ConfigError for another device than the CPU."""
    if device is not None and torch.device(device).type != "cpu":
        raise ConfigError(
            f"device {str(device)!r}: the engine runs on the CPU only, not on a GPU. Leave this module on the CPU and "
            "move its inputs there by .cpu()"
        )


def precision_of(dtype: torch.dtype, what: str) -> str:
    """ "float32" or "float64". DataError for another type of numbers."""
    if dtype in _HALF:
        raise DataError(f"{what} are {dtype}: the engine has no half precision; make them float32 by .float()")
    if dtype not in PRECISIONS:
        raise DataError(f"{what} are {dtype}, expected torch.float32 or torch.float64")
    return PRECISIONS[dtype]


def check_tensor(tensor: object, what: str, dtype: torch.dtype) -> None:
    """DataError for what the engine cannot read in place, and for another type of numbers than the module's."""
    if not isinstance(tensor, torch.Tensor):
        raise DataError(f"{what}: expected a tensor, found {type(tensor).__name__}")
    if tensor.device.type != "cpu":
        raise DataError(f"{what} are on the device {str(tensor.device)!r}: the engine runs on the CPU only")
    if tensor.is_nested or tensor.layout != torch.strided:
        raise DataError(f"{what} are a nested or sparse tensor, expected a dense one")
    precision_of(tensor.dtype, what)
    if tensor.dtype != dtype:
        raise DataError(
            f"{what} are {tensor.dtype}, the module's weights are {dtype}: bring both to one type by .to(dtype)"
        )


def as_array(tensor: torch.Tensor) -> NDArray[np.generic]:
    """A tensor's own memory where its layout allows, else a copy: C-contiguous."""
    return tensor.detach().contiguous().numpy()

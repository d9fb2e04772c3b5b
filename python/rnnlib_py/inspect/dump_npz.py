# SPDX-License-Identifier: Apache-2.0
"""A dump as one .npz file: an array per variable, `<variable>__labels` where its units have names, and `tag`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnlib_py._core import FormatError, IoError, OutOfMemoryError
from rnnlib_py.system.files import open_to_read, replacing

Array = NDArray[np.float64]
_LABELS = "__labels"


def write_npz_dump(path: Path, variables: Mapping[str, Array], labels: Mapping[str, list[str]], tag: str) -> Path:
    """Raises IoError."""
    arrays: dict[str, Any] = {**variables, "tag": np.array(tag)}
    arrays.update({f"{name}{_LABELS}": np.array(of_units) for name, of_units in labels.items()})
    with replacing(path) as temporary, temporary.open("wb") as file:
        np.savez_compressed(file, **arrays)
    return path


def read_npz_dump(path: Path) -> tuple[dict[str, Array], dict[str, list[str]], str]:
    """Raises FormatError, IoError, OutOfMemoryError."""
    try:
        with open_to_read(path) as stream, np.load(stream, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
    except IoError:
        raise
    except MemoryError as error:
        raise OutOfMemoryError(f"{path}: there is not enough memory to read it ({error})") from None
    except Exception as error:  # damaged files make NumPy, zipfile and zlib raise errors of many kinds
        raise FormatError(f"{path}: not a dump in .npz form ({error})") from None
    tag = str(arrays.pop("tag", ""))
    labels = {name.removesuffix(_LABELS): values for name, values in arrays.items() if name.endswith(_LABELS)}
    variables = {name: values for name, values in arrays.items() if not name.endswith(_LABELS)}
    bad = [name for name, values in variables.items() if values.ndim == 0 or values.dtype.kind not in "fiu"]
    if bad or not variables:
        raise FormatError(f"{path}: not a dump: {bad[0] if bad else 'no'} array of numbers (*points, units)")
    return (
        {name: values.astype(np.float64) for name, values in variables.items()},
        {name: [str(label) for label in values.reshape(-1).tolist()] for name, values in labels.items()},
        tag,
    )

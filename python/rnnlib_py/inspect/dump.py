# SPDX-License-Identifier: Apache-2.0
"""All variables of a network for one sequence, in memory and as files."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from rnnlib_py._core import ConfigError, IoError
from rnnlib_py.data import Sequence
from rnnlib_py.data.forms import Item, as_sequence
from rnnlib_py.inspect.dump_netcdf import read_netcdf_dump, write_netcdf_dump
from rnnlib_py.inspect.dump_npz import read_npz_dump, write_npz_dump
from rnnlib_py.inspect.dump_text import read_text_dump, write_text_dump
from rnnlib_py.inspect.unit_labels import unit_labels
from rnnlib_py.model.network import Network
from rnnlib_py.system.files import is_netcdf
from rnnlib_py.system.html_tables import html_table

Array = NDArray[np.float64]
Format = Literal["text", "npz", "nc"]
FORMATS = ("text", "npz", "nc")


@dataclass(frozen=True, eq=False)
class Dump:
    """The variables of a network for one sequence; `dump["<layer>_<variable>"]` is one of them.

    Attributes
    ----------
    variables : dict
        "<layer>_<variable>" -> float64 (*point shape, units), as Network.trace gives them.
    labels : dict
        Variable -> names of its units, where they have names.
    tag : str
        Of the sequence.
    """

    variables: dict[str, Array]
    labels: dict[str, list[str]] = field(default_factory=dict)
    tag: str = ""

    def __getitem__(self, name: str) -> Array:
        return self.variables[name]

    def _repr_html_(self) -> str:
        rows = [(name, str(values.shape), *_range(values)) for name, values in self.variables.items()]
        return html_table(f"variables for sequence {self.tag}", ("variable", "shape", "least", "largest"), rows)

    def write(self, path: str | os.PathLike[str], format: Format = "text") -> list[Path]:  # noqa: A002
        """Writes the variables; each file is written whole or not at all.

        Parameters
        ----------
        path
            A folder for "text", a file for the other formats.
        format
            "text": RNNLIB's text files, one per variable. "npz" or "nc": one file.

        Returns
        -------
        list of Path
            The files.

        Raises
        ------
        ConfigError
            Another format.
        IoError
            What cannot be written.
        """
        if format == "text":
            return write_text_dump(Path(path), self.variables, self.labels)
        if format == "npz":
            return [write_npz_dump(Path(path), self.variables, self.labels, self.tag)]
        if format == "nc":
            return [write_netcdf_dump(Path(path), self.variables, self.labels, self.tag)]
        raise ConfigError(f"unknown dump format {format!r}; expected one of {', '.join(FORMATS)}")


def _range(values: Array) -> tuple[str, str]:
    return (f"{values.min():.4g}", f"{values.max():.4g}") if values.size else ("", "")


def dump(network: Network, sequence: Item, raw: bool | None = None) -> Dump:
    """A network's variables after a forward pass and, with a target, a backward pass.

    Parameters
    ----------
    network
        Deltas are clipped, as in training.
    sequence
        A Sequence, an array (*shape, input size) or a pair (inputs, target).
    raw
        As Network.evaluate.

    Raises
    ------
    DataError
        A sequence that does not fit the network.
    """
    sequence = network.converted(as_sequence(sequence))
    return label_variables(network, sequence, network.trace(sequence, raw))


def label_variables(network: Network, sequence: Sequence, variables: dict[str, Array]) -> Dump:
    """Traced variables with the names of their units."""
    return Dump(variables, unit_labels(network, sequence, variables), sequence.tag)


def read_dump(path: str | os.PathLike[str]) -> Dump:
    """Reads a dump back.

    Parameters
    ----------
    path
        A folder of text files (ours or RNNLIB's), an .npz or a netCDF file.

    Raises
    ------
    IoError, FormatError
        What cannot be read, or is no dump.
    """
    path = Path(path)
    if path.is_dir():
        return Dump(*read_text_dump(path))
    if not path.exists():
        raise IoError(f"{path}: no such file or folder")
    return Dump(*(read_netcdf_dump(path) if is_netcdf(path) else read_npz_dump(path)))

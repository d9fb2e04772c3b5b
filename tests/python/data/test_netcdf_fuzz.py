# SPDX-License-Identifier: Apache-2.0
"""Hostile data files: only errors of rnnlib_py come out, and lack of memory is not called damage."""

from __future__ import annotations

import struct
import sys
from pathlib import Path

import netCDF4
import numpy as np
import pytest
from netcdf_fuzz import fuzz, mutate

import rnnlib_py as rnn
from rnnlib_py import DataError, Dataset, FormatError, OutOfMemoryError, Sequence
from rnnlib_py.data.netcdf.file import NetcdfFile
from rnnlib_py.data.netcdf.library import LibraryVariable


@pytest.mark.skipif(sys.platform == "win32", reason="the memory of a process cannot be limited here")
def test_mutated_files_give_errors_of_rnnlib_py() -> None:
    found = fuzz(400)
    assert found.wrong == []
    assert found.tried == 400
    assert len(found.crashes) <= 4  # of the HDF5 library, which an error in a file can still crash


def test_mutations_are_the_same_every_time() -> None:
    content = bytes(range(256)) * 8
    assert [mutate(content, i) for i in range(50)] == [mutate(content, i) for i in range(50)]
    assert len({mutate(content, i) for i in range(50)}) > 45


def cdf5(*parts: bytes) -> bytes:
    return b"CDF\x05" + struct.pack(">q", 0) + b"".join(parts)


@pytest.mark.parametrize(
    "content",
    [
        cdf5(struct.pack(">iq", 10, 1) + struct.pack(">q", 1 << 40)),  # a name of 2^40 bytes
        cdf5(struct.pack(">iq", 10, 1 << 60)),  # so many dimensions
        cdf5(struct.pack(">iq", 0, 0) + struct.pack(">iq", 12, 1 << 62)),  # so many attributes
        cdf5(
            struct.pack(">iq", 0, 0),
            struct.pack(">iq", 12, 1),
            struct.pack(">q", 4) + b"name",
            struct.pack(">iq", 6, 1 << 61),
        ),
        b"CDF\x01" + struct.pack(">iii", 0, 10, 2**31 - 1),
        b"CDF\x02" + struct.pack(">iiii", 0, 10, 1, 2**31 - 1),
    ],
)
def test_counts_of_a_header_are_not_believed(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "tiny.nc"
    path.write_bytes(content)
    with pytest.raises(FormatError, match="the netCDF header is cut short or damaged"):
        Dataset.read(path, task="transcription")


def test_a_small_file_cannot_promise_data_without_end(tmp_path: Path) -> None:
    """netCDF-4 files make numbers that were never written from nothing: here 8 TiB of them."""
    path = tmp_path / "sparse.nc"
    with netCDF4.Dataset(path, "w") as file:
        for name, size in {"numSeqs": 2**40, "numTimesteps": 2**40, "inputPattSize": 2, "numDims": 0}.items():
            file.createDimension(name, size)
        file.createVariable("inputs", "f4", ("numTimesteps", "inputPattSize"), chunksizes=(1024, 2))
    with pytest.raises(FormatError, match="damaged: dimension 'numSeqs' promises a size of 1099511627776"):
        Dataset.read(path, task="regression", targets=False)
    with pytest.raises(FormatError, match="damaged: variable 'inputs' promises 2199023255552 numbers"):
        NetcdfFile(path).read("inputs")


def test_large_files_that_compress_well_are_read(tmp_path: Path) -> None:
    path = tmp_path / "zeros.nc"
    rnn.write_netcdf(path, [Sequence(np.zeros((2**21, 1), np.float32), None)], task="regression", compression=True)
    assert path.stat().st_size < 2**21 / 64
    assert Dataset.read(path, task="regression", targets=False).num_points.tolist() == [2**21]


@pytest.mark.parametrize("message", ["NetCDF: Memory allocation (malloc) failure", ""])
def test_lack_of_memory_is_not_called_damage(tmp_path: Path, message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "data.nc"
    rnn.write_netcdf(path, [(np.ones((3, 1)), ["a"])], task="transcription")
    data = Dataset.read(path, task="transcription")

    original = LibraryVariable.__getitem__

    class Failing:
        shape = (3, 1)

        def __getitem__(self, key: object) -> None:
            raise RuntimeError(message) if message else MemoryError

    def failing(self: LibraryVariable, key: object) -> object:
        self._variable = Failing()
        return original(self, key)

    monkeypatch.setattr(LibraryVariable, "__getitem__", failing)
    with pytest.raises(OutOfMemoryError, match="not enough memory to read variable 'inputs'"):
        _ = data[0]
    monkeypatch.undo()
    data.close()
    assert data[0].inputs.shape == (3, 1)


def test_memory_that_numpy_lacks_is_named_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "data.nc"
    rnn.write_netcdf(path, [(np.ones((3, 1)), ["a"])], task="transcription")

    def fail(*_: object, **__: object) -> None:
        raise MemoryError("Unable to allocate 8 EiB")

    monkeypatch.setattr("rnnlib_py.data.netcdf.source.read_layout", fail)
    with pytest.raises(OutOfMemoryError, match=r"data\.nc: there is not enough memory to read it \(Unable"):
        Dataset.read(path, task="transcription")


def test_names_that_cannot_be_written_are_an_error_of_the_output(tmp_path: Path) -> None:
    """A classic file read byte by byte may hold a name that the library refuses to write."""
    path = tmp_path / "data.nc"
    rnn.write_netcdf(path, [(np.ones((3, 1)), ["a"])] * 4, task="transcription", format="NETCDF3_CLASSIC")
    path.write_bytes(path.read_bytes().replace(b"maxLabelLength", b"max/abelLength"))
    with pytest.raises((DataError, rnn.IoError, FormatError)):
        rnn.split(path, [0.5, 0.5])

# SPDX-License-Identifier: Apache-2.0
"""How long a netCDF classic file must be.

The netCDF library reads zeros past the end of a classic file that was cut short, so its length is checked against its
header. Source: "The NetCDF Classic Format Specification" (CDF-1, CDF-2, CDF-5), Unidata.
"""

from __future__ import annotations

import math
import os
import struct
from typing import BinaryIO

_TYPE_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 4, 6: 8, 7: 1, 8: 2, 9: 4, 10: 8, 11: 8}
_LIST_TAGS = (0, 10, 11, 12)  # absent, dimensions, variables, attributes


def _padded(size: int) -> int:
    return (size + 3) // 4 * 4


class _Header:
    """Reads the header's big-endian fields; EOFError when the file ends within it.

    Counts are compared with the bytes that are left before anything is read that they promise.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._left = file.seek(0, os.SEEK_END)
        file.seek(0)
        version = self._take(4)[3]
        self._count_format = ">q" if version == 5 else ">i"  # a count or size
        self._offset_format = ">i" if version == 1 else ">q"

    def _take(self, size: int) -> bytes:
        self._use(size)
        return self._file.read(size)

    def _use(self, size: int) -> None:
        if not 0 <= size <= self._left:
            raise EOFError
        self._left -= size

    def _number(self, layout: str) -> int:
        return int(struct.unpack(layout, self._take(struct.calcsize(layout)))[0])

    def tag(self) -> int:
        return self._number(">i")

    def size(self) -> int:
        """A count that may be -1, for "unknown" or "too large"."""
        return self._number(self._count_format)

    def count(self) -> int:
        count = self.size()
        if count < 0:
            raise LookupError
        return count

    def offset(self) -> int:
        return self._number(self._offset_format)

    def list_length(self) -> int:
        if self.tag() not in _LIST_TAGS:
            raise LookupError
        return self.count()

    def skip(self, size: int) -> None:
        self._use(_padded(size))
        self._file.seek(_padded(size), os.SEEK_CUR)

    def skip_attributes(self) -> None:
        for _ in range(self.list_length()):
            self.skip(self.count())
            item = _TYPE_SIZES[self.tag()]
            self.skip(self.count() * item)


def expected_size(file: BinaryIO) -> int:
    """The least number of bytes a classic file with this header has.

    Raises EOFError when the header itself is cut short and LookupError when it makes no sense.
    """
    header = _Header(file)
    records = max(0, header.size())
    sizes = []
    for _ in range(header.list_length()):
        header.skip(header.count())
        sizes.append(header.count())
    header.skip_attributes()
    fixed_end = 0
    in_records: list[tuple[int, int]] = []  # begin, bytes per record
    for _ in range(header.list_length()):
        header.skip(header.count())
        shape = [sizes[header.count()] for _ in range(header.count())]
        header.skip_attributes()
        item = _TYPE_SIZES[header.tag()]
        header.size()  # the variable's, which large variables do not have
        begin = header.offset()
        if shape and shape[0] == 0:
            in_records.append((begin, math.prod(shape[1:]) * item))
        else:
            fixed_end = max(fixed_end, begin + math.prod(shape) * item)
    if not in_records or not records:
        return max(fixed_end, file.tell())
    step = in_records[0][1] if len(in_records) == 1 else sum(_padded(size) for _, size in in_records)
    return max(fixed_end, *(begin + (records - 1) * step + size for begin, size in in_records))

# SPDX-License-Identifier: Apache-2.0
"""Label strings to indices: the compiled look-up against plain Python."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from raw_netcdf import chars

from rnnlib_py._labels import LabelIndex

LABELS = [b"a", b"ab", b"b", "ü".encode(), b"a-long-label-name-of-more-than-sixteen-bytes"]
WORDS = st.sampled_from([*LABELS, b"unknown", b"abc", b"A"])
SPACES = st.sampled_from([b" ", b"  ", b"\t", b"\n", b" \r\n"])
ROW = st.lists(st.one_of(WORDS, SPACES), max_size=12).map(b"".join)


@given(st.lists(ROW, min_size=1, max_size=8), st.sampled_from([0, 200]))
def test_agrees_with_python(rows: list[bytes], padding: int) -> None:
    index = LabelIndex(LABELS)
    width = max(1, *map(len, rows)) + padding
    indices, offsets = index.find(chars(*rows, width=width).view(np.uint8))
    places = {label: i for i, label in enumerate(LABELS)}
    for i, row in enumerate(rows):
        expected = [places[word] for word in row.split() if word in places]
        assert indices[offsets[i] : offsets[i + 1]].tolist() == expected
    assert index.unknown == Counter(word for row in rows for word in row.split() if word not in places)


def test_stops_at_nul_and_skips_padding_blanks() -> None:
    index = LabelIndex([b"a", b"b"])
    rows = np.frombuffer(b" b a \0a a" + b"a        " + b"\0a a a a ", dtype=np.uint8).reshape(3, 9)
    indices, offsets = index.find(rows)
    assert (indices.tolist(), offsets.tolist()) == ([1, 0, 0], [0, 2, 3, 3])
    assert index.unknown == {}


def test_counts_unknown_labels_over_all_calls() -> None:
    index = LabelIndex([b"a"])
    for _ in range(2):
        index.find(chars(b"a x", b"x y").view(np.uint8))
    assert index.unknown == {b"x": 4, b"y": 2}


def test_empty_rows() -> None:
    for shape in ((3, 0), (0, 3)):
        indices, offsets = LabelIndex([b"a"]).find(np.zeros(shape, dtype=np.uint8))
        assert (len(indices), offsets.tolist()) == (0, [0] * (shape[0] + 1))

# SPDX-License-Identifier: Apache-2.0
"""Do two headers (of files, or of a file and a network) fit together?"""

from __future__ import annotations

from rnnlib_py._core import DataError, DataHeader


def check_headers(expected: DataHeader, found: DataHeader, expected_in: str, found_in: str) -> None:
    """DataError naming both sources and the first difference in numDims, sizes or labels."""
    for attribute, name in (
        ("num_dims", "numDims"),
        ("input_size", "inputPattSize"),
        ("target_size", "targetPattSize"),
    ):
        a, b = getattr(expected, attribute), getattr(found, attribute)
        if a != b:
            raise DataError(f"{found_in} does not match {expected_in}: {name} is {b}, expected {a}")
    difference = _label_difference(list(expected.labels), list(found.labels))
    if difference:
        raise DataError(f"{found_in} does not match {expected_in}: {difference}")


def _label_difference(expected: list[str], found: list[str]) -> str:
    if len(expected) != len(found):
        more = [name for name in found if name not in set(expected)][:5]
        missing = [name for name in expected if name not in set(found)][:5]
        text = f"it has {len(found)} labels, expected {len(expected)}"
        text += f"; not expected: {', '.join(more)}" if more else ""
        return text + (f"; missing: {', '.join(missing)}" if missing else "")
    for i, (a, b) in enumerate(zip(expected, found, strict=True)):
        if a != b:
            return f"label {i} is '{b}', expected '{a}'"
    return ""

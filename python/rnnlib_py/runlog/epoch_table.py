# SPDX-License-Identifier: Apache-2.0
"""The epochs of a run as notebooks show them: a row per epoch."""

from __future__ import annotations

from collections.abc import Sequence as _Seq

from rnnlib_py.model.metrics import Errors, SetErrors, format_error, is_per_class
from rnnlib_py.system.html_tables import html_table


def epochs_html(caption: str, epochs: _Seq[tuple[int, SetErrors, list[str]]]) -> str:
    """Number, errors, and criteria for which it was the best so far, of each epoch. Errors of single classes, of which
    there may be thousands, are left out."""
    columns = [
        (name, error)
        for name, errors in (epochs[-1][1] if epochs else {}).items()
        for error in errors
        if not is_per_class(error)
    ]
    rows = [
        [str(number), *(_text(errors.get(name, {}), error) for name, error in columns), ", ".join(improved)]
        for number, errors, improved in epochs
    ]
    return html_table(caption, ["epoch", *(f"{name} {error}" for name, error in columns), "best"], rows)


def _text(errors: Errors, name: str) -> str:
    return format_error(name, errors[name]) if name in errors else ""

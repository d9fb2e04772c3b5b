# SPDX-License-Identifier: Apache-2.0
"""Lines as the user's files name them: where the picture is, the text, and what the line may be grouped by."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from rnnlib_py.prepare.cut_line import Outline


@dataclass(frozen=True)
class LineItem:
    """A line.

    Attributes
    ----------
    tag : str
        Its name in the data file, and in messages.
    text : str
        As it was found.
    image : Path
        Of the line, or of its page.
    outline : Outline or None
        Where it stands on a page.
    page : str
        The page's name; "" for a picture of a line alone.
    columns : dict
        The entries of a table's row.
    corrected : bool
        The text was corrected by somebody, so that it replaces an older one of the picture.
    """

    tag: str
    text: str
    image: Path
    outline: Outline | None = None
    page: str = ""
    columns: dict[str, str] = field(default_factory=dict)
    corrected: bool = False

# SPDX-License-Identifier: Apache-2.0
"""Pages of corrections of lines that no network had to read."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import Any

from line_pictures import picture
from made_readings import made_prediction

from rnnlib_py.model.reading import ReadText
from rnnlib_py.prepare.images import read_picture
from rnnlib_py.prepare.line_recipe import LineRecipe
from rnnlib_py.prepare.line_texts import text_of


def made_text(name: str, labels: list[tuple[str, float]], recipe: LineRecipe | None = None) -> ReadText:
    """What was read in a picture of this name, which is drawn where there is none; labels with their confidences."""
    if not Path(name).exists():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        picture("".join(label for label, _ in labels).encode("ascii", "replace").decode() or " ").save(name)
    prediction = made_prediction(name, [(label, 2 * i, 2 * i + 1, sure) for i, (label, sure) in enumerate(labels)])
    text = text_of(prediction.labels, recipe or LineRecipe())
    return ReadText(text, name, prediction, read_picture(name).grey.shape[::-1])  # type: ignore[arg-type]


def spelled(text: str, sure: float = 0.99) -> list[tuple[str, float]]:
    """Labels of a text, all with the same confidence."""
    return [("␣" if letter == " " else letter, sure) for letter in text]


def page_data(page: str) -> dict[str, Any]:
    """The JSON in a page."""
    (text,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    found: dict[str, Any] = json.loads(text)
    return found


def result_of(dom: str) -> Any:
    """What a script wrote as JSON into an element of the id `result`."""
    (text,) = re.findall(r'<pre id="result">(.*?)</pre>', dom, re.DOTALL)
    return json.loads(html.unescape(text))

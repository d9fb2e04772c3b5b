# SPDX-License-Identifier: Apache-2.0
"""XML files of the IAM On-Line Handwriting Database: single lines, and whole texts that are divided into lines."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from made_ink import draw

import rnnlib_py as rnn
from rnnlib_py.prepare import InkRecipe
from rnnlib_py.prepare.ink_files import read_ink_file
from rnnlib_py.prepare.notes import Notes

GENERAL = '<General><Form id="a01-001" writerID="10028"/></General>'
LINE = """<WhiteboardDescription><SensorLocation corner="top_left"/></WhiteboardDescription>
<StrokeSet><Stroke colour="black" start_time="769.05"><Point x="1073" y="1058" time="769.05"/>
<Point x="1072" y="1085" time="769.07"/></Stroke><Stroke/><Stroke><Point x="1176" y="1237" time="769.70"/></Stroke>
</StrokeSet>"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(body: str, name: str = "a.xml") -> Path:
    Path(name).write_text(f"<WhiteboardCaptureSession>{body}</WhiteboardCaptureSession>", encoding="utf-8")
    return Path(name)


def test_a_line() -> None:
    transcription = '<Transcription><TextLine id="a01-1" text="By Trevor"/></Transcription>'
    (item,) = read_ink_file(write(GENERAL + LINE + transcription), "a", InkRecipe(), Notes())
    assert (item.tag, item.text) == ("a", "By Trevor")
    assert item.columns == {"writer": "10028", "form": "a01-001"}
    assert item.ink.points.tolist() == [[1073, -1058, 769.05], [1072, -1085, 769.07], [1176, -1237, 769.70]]
    assert item.ink.strokes.tolist() == [0, 0, 1]


@pytest.mark.parametrize(
    ("transcription", "text"),
    [
        ("", None),
        ("<Transcription><Text>\n By Trevor \n</Text></Transcription>", "By Trevor"),
        ('<Transcription><TextLine><Word text="By"/><Word text="Trevor"/></TextLine></Transcription>', "By Trevor"),
    ],
)
def test_texts(transcription: str, text: str | None) -> None:
    (item,) = read_ink_file(write(LINE + transcription), "a", InkRecipe(), Notes())
    assert (item.text if item.text is None else item.text.strip()) == text


def strokes_of(lines: list[str]) -> str:
    """The lines of a text, below each other, on a board whose y grows downwards."""
    made = []
    for i, line in enumerate(lines):
        for stroke in draw(line):
            body = "".join(f'<Point x="{x:.1f}" y="{100 * i - y:.1f}" time="0"/>' for x, y in stroke)
            made.append(f"<Stroke>{body}</Stroke>")
    return f"<StrokeSet>{''.join(made)}</StrokeSet>"


TEXT = ["tov xlz", "cxo", "lo tx co"]


def transcription_of(lines: list[str]) -> str:
    inside = "".join(f'<TextLine id="z-{i}" text="{line}"/>' for i, line in enumerate(lines))
    return f"<Transcription><Text>{' '.join(lines)}{inside}</Text></Transcription>"


def test_a_text_is_divided_into_lines() -> None:
    notes = Notes()
    found = read_ink_file(write(strokes_of(TEXT) + transcription_of(TEXT)), "a", InkRecipe(), notes)
    assert [(item.tag, item.text) for item in found] == [(f"a/z-{i}", line) for i, line in enumerate(TEXT)]
    for i, item in enumerate(found):
        np.testing.assert_allclose(item.ink.points[:, :2], np.concatenate(draw(TEXT[i])) - (0, 100 * i), atol=0.06)
    assert str(notes.found[0]) == "a.xml: its strokes were divided into lines where the pen goes back"


def test_texts_that_cannot_be_divided() -> None:
    for strokes, count, error in (
        (strokes_of(["o"]), 2, "has 1 strokes, but a text of 2 lines"),
        (strokes_of(["oooooo"]), 3, "its strokes cannot be divided into the 3 lines of its text"),
        ("", 1, "has no strokes"),
    ):
        with pytest.raises(rnn.DataError, match=rf"a\.xml: {error}"):
            read_ink_file(write(strokes + transcription_of(TEXT[:count])), "a", InkRecipe(), Notes())

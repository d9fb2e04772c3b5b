# SPDX-License-Identifier: Apache-2.0
"""Files of ink that were changed at random are read, or refused with one of the package's errors, and never anything
else."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from made_ink import draw, write_csv

import rnnlib_py as rnn
from rnnlib_py.prepare import InkRecipe
from rnnlib_py.prepare.ink_clean import clean_ink
from rnnlib_py.prepare.ink_features import features_of
from rnnlib_py.prepare.ink_files import read_ink_file
from rnnlib_py.prepare.notes import Notes

INKML = b"""<ink><definitions><traceFormat xml:id="f"><channel name="Y"/><channel name="X"/><channel name="T"/>
</traceFormat><context xml:id="c" traceFormatRef="#f"/></definitions>
<trace contextRef="#c">1 2 10, '3'4'5, "1"2"0, 5-4 1</trace>
<traceGroup xml:id="g"><annotation type="truth">a</annotation><trace id="t">1 2, 3 4, 7 7</trace></traceGroup>
<traceGroup><annotation type="truth">b</annotation><traceView traceDataRef="#t"/></traceGroup></ink>"""
UNIPEN = b""".COORD X Y T
.SEGMENT WORD 0-1 ? "ab"
.SEGMENT WORD 1:1,0:0-0:2 ? "c"
.PEN_DOWN
1 2 0 3 4 10 5 5 20
.PEN_UP
5 5 30
.PEN_DOWN
7 7 40 8 9 50
"""
IAM = b"""<WhiteboardCaptureSession><Transcription><TextLine id="a" text="x"/><TextLine id="b" text="y"/>
</Transcription><StrokeSet><Stroke><Point x="1" y="2" time="3"/><Point x="9" y="2" time="4"/></Stroke>
<Stroke><Point x="1" y="50" time="5"/></Stroke></StrokeSet></WhiteboardCaptureSession>"""
PARTS = [b"0", b"-1", b"1e308", b"nan", b"9999999999", b",", b"\n", b'"', b"'", b"!", b"*", b"?", b":", b"\xff", b"\0"]
RECIPES = [
    InkRecipe(),
    InkRecipe(size="line", slope=True, slant=True, step=0.3),
    InkRecipe(resample="time", step=0.02, columns=("x", "dt"), level="inner"),
    InkRecipe(resample="none", size="none", y_axis="up"),
]


def changed(content: bytes, source: random.Random) -> bytes:
    for _ in range(source.randint(1, 3)):
        at = source.randrange(len(content))
        what = source.choice([b"", source.choice(PARTS), content[at : at + 30] * 2])
        content = content[:at] + what + content[at + source.randint(0, 8) :]
    return content


@pytest.mark.parametrize("content", [INKML, UNIPEN, IAM, b"csv"])
def test_changed_files(content: bytes, tmp_path: Path) -> None:
    source, path, made = random.Random(7), tmp_path / "a.csv", 0
    if content == b"csv":
        content = write_csv(path, [("w", "x", draw("x")), ("w", "v", draw("v"))]).read_bytes()
    for number in range(60):
        path.write_bytes(changed(content, source))
        recipe = RECIPES[number % len(RECIPES)]
        try:
            for item in read_ink_file(path, "a", recipe, Notes()):
                assert np.isfinite(features_of(clean_ink(item.ink).ink, recipe).inputs).all()
                made += 1
        except rnn.Error:
            pass
    assert made > 3

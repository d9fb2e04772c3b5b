# SPDX-License-Identifier: Apache-2.0
"""InkML files: differences of first and second order, formats of traces, groups with texts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import rnnlib_py as rnn
from rnnlib_py.prepare import InkRecipe, ink_inkml
from rnnlib_py.prepare.ink_files import read_ink_file
from rnnlib_py.prepare.ink_items import InkItem
from rnnlib_py.prepare.notes import Notes


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def read(body: str, notes: Notes | None = None, **reading: str) -> list[InkItem]:
    text = f'<?xml version="1.0"?>\n<ink xmlns="http://www.w3.org/2003/InkML">{body}</ink>'
    Path("a.inkml").write_text(text, encoding="utf-8")
    return read_ink_file(Path("a.inkml"), "a", InkRecipe(**reading), notes or Notes())  # type: ignore[arg-type]


def points(item: InkItem) -> list[list[float]]:
    return item.ink.points[:, :2].tolist()


def test_numbers_as_they_are() -> None:
    (item,) = read('<annotation type="truth">a</annotation><trace>10 0, 9 14,\n 8.5 2e1</trace><trace>1 1</trace>')
    assert (item.tag, item.text) == ("a", "a")
    assert points(item) == [[10, 0], [9, -14], [8.5, -20], [1, -1]]
    assert item.ink.strokes.tolist() == [0, 0, 0, 1]
    assert not item.ink.has_times


def test_differences() -> None:
    trace = "<trace>1125 18432,'23'43,\"7\"-8,3-5,7-3,6 2,6 8,3 6,2 4,3 6,3-6,-7-13</trace>"
    (item,) = read(trace, y_axis="up")
    x = [1125, 1148, 1178, 1211, 1251, 1297, 1349, 1404, 1461, 1521, 1584, 1640]
    y = [18432, 18475, 18510, 18540, 18567, 18596, 18633, 18676, 18723, 18776, 18823, 18857]
    assert points(item) == np.column_stack([x, y]).tolist()


def test_signs_stay_until_the_next_one_and_words_of_their_own() -> None:
    form = '<traceFormat><channel name="X"/><channel name="Y"/><channel name="S" type="boolean"/></traceFormat>'
    (item,) = read(form + "<trace>1 1 T, '1 ' -1 F, 2 * F, ! 9 !#1F T, ? 0 T, 5 ? T</trace>", y_axis="up")
    np.testing.assert_array_equal(item.ink.points[:, :2], [[1, 1], [2, 0], [4, -1], [9, 31], [np.nan, 0], [5, np.nan]])


FORMATS = """
<definitions>
  <traceFormat xml:id="f"><channel name="T" units="s"/><channel name="Y" orientation="-ve"/><channel name="F"/>
    <channel name="X"/><intermittentChannels><channel name="B"/></intermittentChannels></traceFormat>
  <inkSource xml:id="tablet"><traceFormat><channel name="Y"/><channel name="X"/></traceFormat></inkSource>
  <context xml:id="c" inkSourceRef="#tablet"/>
  <context xml:id="d" contextRef="#c"/>
  <context xml:id="e" traceFormatRef="#f"/>
</definitions>"""


def test_formats_of_traces() -> None:
    body = """<trace>1 2</trace><trace contextRef="#d">3 4</trace><context contextRef="#e"/><trace>0.5 6 0 5 7,
        0.6 6 0 5
        </trace><traceGroup contextRef="#c"><trace>7 8</trace></traceGroup>"""
    (item,) = read(FORMATS + body)
    assert points(item) == [[1, -2], [4, -3], [5, 6], [5, 6], [8, -7]]
    assert item.ink.points[2:4, 2].tolist() == [0.5, 0.6]
    times = '<traceFormat><channel name="X"/><channel name="Y"/><channel name="T"/></traceFormat>'
    (item,) = read(times + '<trace timeOffset="1000">0 0 20, 1 1 \'10</trace>')
    np.testing.assert_allclose(item.ink.points[:, 2], [1.02, 1.03])


def test_pen_up_and_continued_traces() -> None:
    body = """<trace xml:id="a" continuation="begin">1 1</trace><trace type="penUp">2 2</trace>
        <trace xml:id="b" continuation="middle" priorRef="#a">3 3</trace><trace>4 4</trace>
        <trace continuation="end" priorRef="#b">5 5</trace>"""
    (item,) = read(body)
    assert points(item) == [[1, -1], [3, -3], [5, -5], [4, -4]]
    assert item.ink.strokes.tolist() == [0, 0, 0, 1]


CROHME = """<annotation type="UI">u1</annotation><annotation type="writer">w7</annotation>
<annotation type="truth">$1+i$</annotation>
<trace id="0">1 1, 1 2</trace><trace id="1">3 1</trace><trace id="2">2 2</trace><trace id="3">5 5</trace>
<trace id="4">5 4</trace>
<traceGroup xml:id="g"><annotation type="truth">Segmentation</annotation>
  <traceGroup xml:id="s1"><annotation type="truth">1</annotation><traceView traceDataRef="0"/></traceGroup>
  <traceGroup xml:id="s2"><annotation type="truth">+</annotation><traceView traceDataRef="1"/><traceView
    traceDataRef="2"/></traceGroup>
  <traceGroup xml:id="s3"><annotation type="truth">i</annotation><traceView traceDataRef="3"/><traceView
    traceDataRef="#4"/></traceGroup>
</traceGroup>"""


def test_a_formula_and_its_symbols() -> None:
    (item,) = read(CROHME)
    assert (item.tag, item.text, item.columns["writer"]) == ("a", "$1+i$", "w7")
    assert len(item.ink) == 6
    found = read(CROHME, level="inner")
    assert [(item.tag, item.text) for item in found] == [("a/s1", "1"), ("a/s2", "+"), ("a/s3", "i")]
    assert points(found[1]) == [[3, -1], [2, -2]]
    assert found[1].ink.strokes.tolist() == [0, 1]
    assert found[2].columns["writer"] == "w7"


WORDS = """<annotation type="writerID">w</annotation>
<traceGroup><annotation type="level">line</annotation>
  <traceGroup><annotation type="level">word</annotation><annotation type="truth">ab</annotation>
    <traceGroup><annotation type="truth">a</annotation><trace>1 1</trace></traceGroup>
    <traceGroup><annotation type="truth">b</annotation><trace>2 2</trace></traceGroup></traceGroup>
  <traceGroup><annotation type="level">word</annotation><annotation type="truth">c</annotation><trace>3 3</trace>
  </traceGroup></traceGroup>
<traceGroup xml:id="none"><trace>4 4</trace></traceGroup>"""


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        ("outer", [("a/1", "ab", 2), ("a/2", "c", 1), ("a/none", None, 1)]),
        ("inner", [("a/1", "a", 1), ("a/2", "b", 1), ("a/3", "c", 1)]),
        ("word", [("a/1", "ab", 2), ("a/2", "c", 1)]),
        ("line", [("a/1", None, 3)]),
    ],
)
def test_groups_of_traces(level: str, expected: list[tuple[str, str, int]]) -> None:
    assert [(item.tag, item.text, len(item.ink)) for item in read(WORDS, level=level)] == expected


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("<trace xml:id='t'>1 2, 3</trace>", "a: trace 't': point 1 has 1 numbers ('3'), expected 2; left out"),
        ("<trace>1 2 3</trace>", "a: a trace: point 0 has 3 numbers ('1 2 3'), expected 2; left out"),
        ("<trace>1 x</trace>", "a: a trace: point 0 ('1 x') holds something else than numbers; left out"),
        ("<traceFormat><channel name='X'/></traceFormat><trace>1</trace>", "a: a trace: a traceFormat has the channels "
         "X, expected X and Y among them; left out"),
        ("<definitions><context xml:id='a' contextRef='#b'/><context xml:id='b' contextRef='#a'/></definitions>"
         "<trace contextRef='#a'>1 1</trace>", "a: a trace: its contexts refer to each other; left out"),
    ],
)  # fmt: skip
def test_damaged_traces(body: str, error: str) -> None:
    notes = Notes()
    with pytest.raises(rnn.DataError, match=r"a\.inkml: holds no ink"):
        read(body, notes)
    assert [str(note) for note in notes.found] == [error]


def test_files_that_would_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    laughs = '<!DOCTYPE ink [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><ink><trace>&b;</trace></ink>'
    Path("b.inkml").write_text(laughs, encoding="utf-8")
    with pytest.raises(rnn.DataError, match=r"b\.inkml: defines an entity \('a'\), which is not read"):
        read_ink_file(Path("b.inkml"), "b", InkRecipe(), Notes())
    monkeypatch.setattr(ink_inkml, "_MOST_POINTS", 50_000)
    trace = f'<trace id="t">{"1 1," * 900}</trace>'
    group = '<traceGroup><annotation type="truth">a</annotation><traceView traceDataRef="t"/></traceGroup>'
    with pytest.raises(rnn.DataError, match="its inks have more than 50,000 points"):
        read(trace + group * 60)


def test_files_of_another_kind() -> None:
    Path("c.xml").write_text("<alto/>", encoding="utf-8")
    with pytest.raises(rnn.DataError, match=r"c\.xml: its root element is alto, expected ink \(InkML\)"):
        read_ink_file(Path("c.xml"), "c", InkRecipe(), Notes())
    Path("d.inkml").write_text("<ink><trace>1 1</ink>", encoding="utf-8")
    with pytest.raises(rnn.DataError, match=r"d\.inkml: is no XML, or damaged: mismatched tag"):
        read_ink_file(Path("d.inkml"), "d", InkRecipe(), Notes())


def test_ink_without_strokes() -> None:
    Path("in").mkdir()
    Path("in/a.inkml").write_text("<ink><annotation type='truth'>a</annotation></ink>", encoding="utf-8")
    Path("in/b.inkml").write_text(
        "<ink><annotation type='truth'>b</annotation><trace>1 1, 2 2</trace><trace> </trace></ink>", encoding="utf-16"
    )
    made = rnn.prepare.ink("in", "out", fractions=[1])
    assert [str(note) for note in made.notes] == ["a: has no strokes; left out"]
    assert made.counts == {"train": 1}

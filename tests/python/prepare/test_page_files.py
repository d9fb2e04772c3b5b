# SPDX-License-Identifier: Apache-2.0
"""Lines cut out of pages: PAGE and ALTO files, outlines, baselines, and files that are wrong."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from line_pictures import TEXTS, picture
from PIL import Image
from tiny import run_cli

import rnnlib_py as rnn
from rnnlib_py.prepare.cut_line import Outline, cut_line
from rnnlib_py.prepare.safe_xml import read_xml

Capture = pytest.CaptureFixture[str]
STEP = 60  # pixels from line to line
LEFT = 30


@pytest.fixture(autouse=True)
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """page.png with all texts below each other."""
    monkeypatch.chdir(tmp_path)
    draw_page().save("page.png")


def draw_page() -> Image.Image:
    image = Image.new("L", (300, STEP * len(TEXTS)), 255)
    for i, text in enumerate(TEXTS):
        image.paste(picture(text), (LEFT, STEP * i + 10))
    return image


def box_of(i: int) -> tuple[int, int, int, int]:
    """left, top, right, bottom of a line's picture on the page."""
    width, height = picture(TEXTS[i]).size
    return LEFT, STEP * i + 10, LEFT + width, STEP * i + 10 + height


def corners(i: int) -> str:
    left, top, right, bottom = box_of(i)
    return f"{left},{top} {right},{top} {right},{bottom} {left},{bottom}"


def page_xml(lines: list[str], image: str = "page.png") -> str:
    return (
        '<?xml version="1.0"?><PcGts xmlns="http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15">'
        f'<Page imageFilename="{image}" imageWidth="300" imageHeight="{STEP * len(TEXTS)}"><TextRegion id="r">'
        f"{''.join(lines)}</TextRegion></Page></PcGts>"
    )


def page_line(i: int, points: str | None = None, text: str | None = None) -> str:
    return (
        f'<TextLine id="l{i}"><Coords points="{corners(i) if points is None else points}"/>'
        f"<TextEquiv index='1'><Unicode>wrong</Unicode></TextEquiv>"
        f"<TextEquiv index='0'><Unicode>{TEXTS[i] if text is None else text}</Unicode></TextEquiv></TextLine>"
    )


def alto_xml(lines: list[str], scale: int = 1) -> str:
    return (
        '<alto xmlns="http://www.loc.gov/standards/alto/ns-v4#"><Description><sourceImageInformation>'
        "<fileName>scans/page.png</fileName></sourceImageInformation></Description><Layout>"
        f'<Page WIDTH="{300 * scale}" HEIGHT="{STEP * len(TEXTS) * scale}"><PrintSpace><TextBlock>'
        f"{''.join(lines)}</TextBlock></PrintSpace></Page></Layout></alto>"
    )


def alto_line(i: int, scale: int = 1, shape: str = "") -> str:
    left, top, right, bottom = (scale * value for value in box_of(i))
    words = "<SP/>".join(f'<String CONTENT="{word}"/>' for word in TEXTS[i].split())
    return (
        f'<TextLine ID="l{i}" HPOS="{left}" VPOS="{top}" WIDTH="{right - left}" HEIGHT="{bottom - top}">'
        f"{shape}{words}</TextLine>"
    )


def write(name: str, text: str) -> str:
    Path(name).write_text(text, encoding="utf-8")
    return name


def read(made: rnn.prepare.PreparedLines) -> dict[str, tuple[str, np.ndarray]]:
    """Tag -> text and inputs."""
    found = {}
    for path in made.files.values():
        data = rnn.Dataset.read(path, task="transcription")
        for s in data:
            text = "".join(data.header.labels[i] for i in s.target).replace("␣", " ")  # type: ignore[union-attr]
            found[s.tag] = (text, s.inputs)
    return found


def as_folder() -> dict[str, np.ndarray]:
    """The inputs that the lines have as single pictures."""
    Path("single").mkdir()
    for i, text in enumerate(TEXTS):
        picture(text).save(f"single/l{i}.png")
        Path(f"single/l{i}.gt.txt").write_text(text, encoding="utf-8")
    made = rnn.prepare.lines("single", "single_out", fractions=[1])
    return {tag: inputs for tag, (_, inputs) in read(made).items()}


@pytest.mark.parametrize("kind", ["page", "alto"])
def test_lines_of_a_page_are_those_of_single_pictures(kind: str) -> None:
    numbers = range(len(TEXTS))
    if kind == "page":
        made = rnn.prepare.lines(
            output="out", page=write("page.xml", page_xml([page_line(i) for i in numbers])), fractions=[1]
        )
    else:
        made = rnn.prepare.lines(
            output="out", alto=write("page.xml", alto_xml([alto_line(i) for i in numbers])), fractions=[1]
        )
    single = as_folder()
    found = read(made)
    assert {tag: text for tag, (text, _) in found.items()} == {f"page/l{i}": text for i, text in enumerate(TEXTS)}
    for tag, (_, inputs) in found.items():
        np.testing.assert_array_equal(inputs, single[tag.removeprefix("page/")])
    assert made.notes == []


def test_pages_stay_together_and_images_may_be_elsewhere() -> None:
    Path("scans").mkdir()
    for page in range(5):
        draw_page().save(f"scans/p{page}.jpg")
        write(f"p{page}.xml", page_xml([page_line(i) for i in range(4)], "unknown.tif"))
    made = rnn.prepare.lines("scans", "out", page=[f"p{page}.xml" for page in range(5)], fractions=[0.6, 0.2, 0.2])
    assert made.counts == {"train": 12, "val": 4, "test": 4}
    for path in made.files.values():
        tags = [s.tag for s in rnn.Dataset.read(path, task="transcription")]
        assert len({tag.partition("/")[0] for tag in tags}) == len(tags) / 4


def test_files_of_the_same_name_in_several_folders() -> None:
    for folder in ("a", "b"):
        Path(f"books/{folder}").mkdir(parents=True)
        draw_page().save(f"books/{folder}/1.png")
        write(f"books/{folder}/1.xml", page_xml([page_line(0)], "1.png"))
    made = rnn.prepare.lines(output="out", page="books", fractions=[1])
    assert sorted(read(made)) == ["a/1/l0", "b/1/l0"]
    assert made.notes == []


def test_a_page_of_another_size_than_its_picture() -> None:
    path = write("page.xml", alto_xml([alto_line(i, scale=3) for i in range(len(TEXTS))], scale=3))
    made = rnn.prepare.lines(output="out", alto=path, fractions=[1])
    single = as_folder()
    for tag, (_, inputs) in read(made).items():
        np.testing.assert_array_equal(inputs, single[tag.removeprefix("page/")])
    assert {note.what for note in made.notes} == {"its page has another size than the picture: brought to it"}


def test_a_hyphen_and_words_without_spaces_between_them() -> None:
    left, top, right, bottom = box_of(0)
    line = (
        f'<TextLine HPOS="{left}" VPOS="{top}" WIDTH="{right - left}" HEIGHT="{bottom - top}"><String CONTENT="a"/>'
        '<String CONTENT="b"/><SP/><String CONTENT="c"/><HYP CONTENT="-"/></TextLine>'
    )
    made = rnn.prepare.lines(output="out", alto=write("page.xml", alto_xml([line])), fractions=[1])
    assert [text for text, _ in read(made).values()] == ["a b c-"]


def test_old_page_files_and_texts_of_words() -> None:
    left, top, right, bottom = box_of(0)
    points = "".join(f'<Point x="{x}" y="{y}"/>' for x, y in [(left, top), (right, top), (right, bottom)])
    words = "".join(f"<Word><TextEquiv><Unicode>{word}</Unicode></TextEquiv></Word>" for word in ("one", "two"))
    line = f"<TextLine><Coords>{points}</Coords>{words}</TextLine>"
    made = rnn.prepare.lines(output="out", page=write("page.xml", page_xml([line])), fractions=[1])
    assert {tag: text for tag, (text, _) in read(made).items()} == {"page/1": "one two"}


# --- cutting ---


@pytest.mark.parametrize("angle", [-25, -3, 10, 90])
def test_a_slanted_line_is_made_level(angle: float) -> None:
    image = picture("slanted line", size=30)
    width, height = image.size
    whole = image.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    cosine, sine = np.cos(np.radians(-angle)), np.sin(np.radians(-angle))
    turn = np.array([[cosine, -sine], [sine, cosine]])
    middle = np.array([width, height]) / 2
    centre = np.array(whole.size) / 2

    def turned(points: list[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
        return tuple(tuple(turn @ (np.array(p) - middle) + centre) for p in points)  # type: ignore[misc]

    polygon = turned([(0, 0), (width, 0), (width, height), (0, height)])
    found, changes = cut_line(np.asarray(whole), Outline(polygon, turned([(0, height - 5), (width, height - 5)])))
    assert abs(found.shape[0] - height) <= 1
    assert abs(found.shape[1] - width) <= 1
    expected = np.asarray(image)[: found.shape[0], : found.shape[1]].astype(int)
    assert np.abs(found[: len(expected), : expected.shape[1]] - expected).mean() < 12
    assert not changes or angle == 90


def test_a_bent_line_is_straightened() -> None:
    rows, columns = 80, 200
    bend = np.round(20 * np.sin(np.arange(columns) / columns * np.pi)).astype(int)
    page = np.full((rows, columns), 255, np.uint8)
    for x in range(columns):
        page[40 - bend[x] : 45 - bend[x], x] = 0
    baseline = tuple((x + 0.5, 45.0 - bend[x]) for x in range(0, columns, 4))
    upper = [(x, y - 20) for x, y in baseline]
    found, _ = cut_line(page, Outline((*upper, *((x, y + 5) for x, y in reversed(baseline))), baseline))
    inked = found[:, 2:-2] < 128
    assert found.shape[0] <= 27
    assert inked.sum(1)[inked.sum(1) > 0.5 * inked.shape[1]].size in (4, 5, 6)
    assert np.ptp(np.argmax(inked, 0)) <= 2


def test_baselines_may_run_from_right_to_left() -> None:
    page = np.asarray(draw_page())
    left, top, right, bottom = box_of(0)
    polygon = ((left, top), (right, top), (right, bottom), (left, bottom))
    there, _ = cut_line(page, Outline(polygon, ((left, bottom), (right, bottom))))
    back, _ = cut_line(page, Outline(polygon, ((right, bottom), (left, bottom))))
    np.testing.assert_array_equal(there, back)
    np.testing.assert_array_equal(there, page[top:bottom, left:right])


def test_outside_of_the_polygon_is_ground() -> None:
    page = np.full((50, 50), 200, np.uint8)
    page[10:40, 30:] = 0  # a neighbour
    found, _ = cut_line(page, Outline(((0, 10), (40, 10), (20, 40), (0, 40))))
    assert found.shape == (30, 40)
    assert found[25:, 25:].min() == 200


@pytest.mark.parametrize(
    ("polygon", "error"),
    [
        (((0, 0), (5, 5)), "its outline has 2 points, expected at least 3"),
        (((60, 0), (90, 0), (90, 20)), "its outline has no area on the page"),
        (((3, 3), (3, 3), (3, 3)), "its outline has no area on the page"),
        (((0, 5), (20, 5), (40, 5)), "its outline has no area on the page"),
    ],
)
def test_outlines_that_are_none(polygon: tuple[tuple[float, float], ...], error: str) -> None:
    with pytest.raises(rnn.DataError, match=error):
        cut_line(np.zeros((50, 50), np.uint8), Outline(polygon))


def test_an_outline_over_the_edge_is_cut_off() -> None:
    page = np.arange(2500, dtype=np.uint32).reshape(50, 50).astype(np.uint8)
    found, changes = cut_line(page, Outline(((-20, -5), (1e9, -5), (1e9, 10), (-20, 10))))
    np.testing.assert_array_equal(found, page[:10])
    assert changes == ["its outline reaches over the edge of the page: cut off there"]


# --- wrong files ---


def test_lines_that_are_left_out() -> None:
    lines = [
        page_line(0),
        page_line(1, points="1,2 3"),
        page_line(2, points="1,2 x,3 4,5"),
        page_line(3, points="1000,0 2000,0 2000,10"),
        page_line(4, text=" "),
        page_line(0, text="again"),
        '<TextLine id="none"><Coords points="0,0 9,0 9,9"/></TextLine>',
        '<TextLine id="shapeless"><TextEquiv><Unicode>x</Unicode></TextEquiv></TextLine>',
    ]
    made = rnn.prepare.lines(output="out", page=write("page.xml", page_xml(lines)), fractions=[1])
    assert sorted(map(str, made.notes)) == [
        "page/l0: a second line of this name, with another text; left out",
        "page/l1: its outline has 0 points, expected at least 3; left out",
        "page/l2: its outline has 0 points, expected at least 3; left out",
        "page/l3: its outline has no area on the page; left out",
        "page/l4: its text is empty; left out",
        "page/none: a line without a text; left out",
        "page/shapeless: its outline has 0 points, expected at least 3; left out",
    ]
    assert made.counts == {"train": 1}


def test_alto_lines_with_a_broken_outline_have_their_box() -> None:
    shape = '<Shape><Polygon POINTS="1,1"/></Shape>'
    lines = [alto_line(0, shape=shape), '<TextLine ID="x"><String CONTENT="x"/></TextLine>', '<TextLine ID="y"/>']
    made = rnn.prepare.lines(output="out", alto=write("page.xml", alto_xml(lines)), fractions=[1])
    assert sorted(map(str, made.notes)) == [
        "page/l0: its outline has 1 points, expected at least 3: its box is used",
        "page/x: has neither an outline nor a box; left out",
        "page/y: a line without a text; left out",
    ]


BOMB = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (BOMB + "<PcGts>&b;</PcGts>", "defines an entity ('a'), which is not read"),
        (OUTSIDE + "<PcGts>&a;</PcGts>", "defines an entity ('a'), which is not read"),
        ("", "is no XML, or damaged"),
        ("<PcGts>", "is no XML, or damaged"),
        ("<PcGts/>", "has no element Page, expected PAGE XML"),
        ("<a>" * 300 + "</a>" * 300, "its elements stand within each other more than 200 deep"),
        (page_xml([page_line(0)], "nowhere.png"), "its image 'nowhere.png' is not in "),
    ],
)
def test_files_that_are_left_out(text: str, error: str, capsys: Capture) -> None:
    write("good.xml", page_xml([page_line(i) for i in range(4)]))
    write("bad.xml", text)
    arguments = ["prepare", "lines", "--page", "good.xml", "bad.xml", "--fractions=1"]
    assert run_cli(*arguments, "-o", "out") == 0
    assert f"rnnlib-py: bad.xml: {error}" in capsys.readouterr().err
    assert run_cli(*arguments, "-o", "strict", "--strict") == 1
    assert f"error: bad.xml: {error}" in capsys.readouterr().err
    assert run_cli("prepare", "lines", "--page", "bad.xml", "-o", "none") == 1
    assert "no line is left: 1 left out (bad.xml" in capsys.readouterr().err


def test_files_that_are_not_there() -> None:
    Path("empty").mkdir()
    for path, error in (("nowhere.xml", "nowhere.xml: no such file"), ("empty", "empty: holds no XML files")):
        with pytest.raises(rnn.IoError, match=error):
            rnn.prepare.lines(output="out", page=path)


def test_a_document_type_without_entities_is_read() -> None:
    root = read_xml(write("a.xml", '<!DOCTYPE x SYSTEM "x.dtd"><n:x xmlns:n="u" n:a="1">t&amp;<y/></n:x>'))
    assert (root.tag, root.attrib, root.text) == ("x", {"a": "1"}, "t&")

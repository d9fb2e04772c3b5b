# SPDX-License-Identifier: Apache-2.0
"""Data that can be read but hardly mean what they should are warned about, and good data are not."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import netCDF4
import numpy as np
import pytest
from tiny import run_cli, write_config

import rnnlib_py as rnn
from rnnlib_py import Dataset, DataWarning, write_netcdf
from rnnlib_py.data.text_checks import labels_like_text

pytestmark = pytest.mark.usefixtures("folder")

TEXT = """
When the wind came over the hill in the morning we were still asleep and nobody had heard that
the old bridge was gone. Later people would say they knew it all along, but at breakfast there was
only bread, some cheese and a long silence which my uncle broke with his usual question about
weather and horses. Nothing prepared us for what the postman told: water everywhere, two boats
drifting slowly past our neighbour's garden, children laughing on their roof as if holidays began.
""".strip().split("\n")
SHEARED = "the images look sheared, as if width and height were swapped"
SIGNALS = "neighbouring inputs are as alike as neighbouring points: if these are images"
VOCABULARY = "labels look like the words of a text"
ON_ITS_SIDE = "times as high as wide"


def picture(rng: np.random.Generator, width: int, height: int) -> np.ndarray:
    """A smooth image [height, width]: some dark blobs on white."""
    y, x = np.mgrid[:height, :width]
    centres = zip(rng.uniform(0, width, 8), rng.uniform(0, height, 8), strict=True)
    return 1 - sum(np.exp(-((x - a) ** 2 + (y - b) ** 2) / 20) for a, b in centres)


def noise(rng: np.random.Generator, width: int, height: int) -> np.ndarray:
    return rng.normal(size=(height, width))


def images(make: Callable[..., np.ndarray], count: int = 12, square: bool = False) -> list[np.ndarray]:
    rng = np.random.default_rng(3)
    widths, heights = rng.integers(30, 60, count), rng.integers(16, 24, count)
    return [make(rng, int(w), int(w if square else h)) for w, h in zip(widths, heights, strict=True)]


def as_inputs(image: np.ndarray) -> np.ndarray:
    return image.T[:, :, np.newaxis]


def swap_sizes(path: Path) -> None:
    with netCDF4.Dataset(path, "a") as file:
        file["seqDims"][:] = file["seqDims"][:][:, ::-1]


def said(make: Callable[[], object]) -> list[str]:
    """DataWarnings, which must point to the caller's line."""
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        make()
    assert all(warning.category is DataWarning and warning.filename == __file__ for warning in found)
    return [str(warning.message) for warning in found]


def both_doors(items: list[Any], **options: Any) -> Iterator[list[str]]:
    yield said(lambda: Dataset(items, **options))
    yield said(lambda: write_netcdf("d.nc", items, **options))


# --- width and height swapped ---


def test_swapped_sizes_in_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    items = [(as_inputs(image), ["a", "b"]) for image in images(picture)]
    assert said(lambda: write_netcdf("train.nc", items, ["a", "b", "c"], task="transcription")) == []
    config = write_config(tmp_path / "x.config", hiddenSize=2)
    assert rnn.check(rnn.Config.read(config, trainFile="train.nc")).warnings[1:] == []  # one for the label c
    run_cli("info", "train.nc")
    assert "warning" not in capsys.readouterr().out
    swap_sizes(tmp_path / "train.nc")
    report = rnn.check(rnn.Config.read(config, trainFile="train.nc"))
    (warning,) = [text for text in report.warnings if SHEARED in text]
    assert warning.startswith("train set: ")
    assert "seqDims is (height, width)" in warning
    assert not [text for text in report.warnings if ON_ITS_SIDE in text]  # one fault, one warning
    run_cli("info", "train.nc")
    assert f"warning: {SHEARED}" in capsys.readouterr().out
    with pytest.warns(rnn.RunWarning, match=f"train.nc: {SHEARED}"):
        rnn.train(rnn.Config.read(config, totalEpochs=0))


def test_a_reshape_instead_of_a_transpose() -> None:
    sheared = [(image.reshape(image.shape[1], image.shape[0], 1), ["a"]) for image in images(picture)]
    for found in both_doors(sheared, task="transcription"):
        assert len(found) == 1
        assert SHEARED in found[0]
    for found in both_doors(sheared, task="transcription", dims=2):  # which says nothing about the order
        assert SHEARED in found[0]


@pytest.mark.parametrize("make", [picture, noise])
@pytest.mark.parametrize("square", [False, True])
def test_right_images_and_noise(make: Callable[..., np.ndarray], square: bool) -> None:
    for shown in (images(make, square=square), [np.dstack([image] * 3) for image in images(make, square=square)]):
        items = [(np.moveaxis(image.reshape(*image.shape[:2], -1), 0, 1), 1) for image in shown]
        for found in both_doors(items, task="sequence_classification"):
            assert found == []


def test_a_few_swapped_images_among_many_are_not_the_files_fault() -> None:
    right = [(as_inputs(image), 0) for image in images(picture)]
    wrong = [(image.reshape(image.shape[1], image.shape[0], 1), 1) for image in images(picture)[:4]]
    assert said(lambda: Dataset([*right, *wrong], task="sequence_classification")) == []


def test_empty_and_tiny_images() -> None:
    blank = [(np.ones((20, 30, 1)), 0), (np.ones((40, 30, 1)), 1)]
    tiny = [(np.arange(12.0).reshape(3, 4, 1), 0), (np.arange(12.0).reshape(4, 3, 1), 1)]
    for items in (blank, tiny):
        assert said(lambda items=items: Dataset(items, task="sequence_classification")) == []
    assert said(lambda: Dataset([(np.ones((1, 7, 1)), "a")], task="transcription")) == []


def test_lines_of_text_on_their_side() -> None:
    lines = [np.hstack([image] * 3) for image in images(picture)]
    for found in both_doors([(line[:, :, np.newaxis], ["a"]) for line in lines], task="transcription"):
        assert len(found) == 1
        assert ON_ITS_SIDE in found[0]
    assert said(lambda: Dataset([(as_inputs(line), ["a"]) for line in lines], task="transcription")) == []
    assert said(lambda: Dataset([(line[:, :, None], 1) for line in lines], task="sequence_classification")) == []


# --- dimensions ---


@pytest.mark.parametrize("make", [picture, noise])
@pytest.mark.parametrize("shape", [(28, 28), (20, 32), (8, 8)])
def test_equal_images_as_signals(make: Callable[..., np.ndarray], shape: tuple[int, int]) -> None:
    rng = np.random.default_rng(1)
    array = np.array([make(rng, *shape).T for _ in range(6)])
    items = list(zip(array, range(6), strict=True))
    for found in both_doors(items, task="sequence_classification"):
        assert len(found) == 1
        assert SIGNALS in found[0]
        assert "dims=2" in found[0]
    assert any(SIGNALS in text for text in rnn.describe(Dataset.read("d.nc", "sequence_classification")).advice)
    for found in both_doors(items, task="sequence_classification", dims=2):
        assert found == []
    data = Dataset.read("d.nc", task="sequence_classification")
    assert (data.header.num_dims, data.header.input_size) == (2, 1)
    assert np.array_equal(data[2].inputs[..., 0], array[2].astype(np.float32))
    assert said(lambda: Dataset(items, task="sequence_classification", dims=1)) == []


def test_signals_are_no_images() -> None:
    rng = np.random.default_rng(1)
    sets = {
        "different lengths": [rng.normal(size=(n, 12)) for n in (10, 12, 14)],
        "smooth channels": [np.cumsum(rng.normal(size=(40, 16)), axis=0) for _ in range(5)],
        "channels around values of their own": [rng.normal(size=(40, 16)) + 9 * np.arange(16) % 7 for _ in range(5)],
        "few inputs": [rng.normal(size=(12, 3)) for _ in range(5)],
        "long": [rng.normal(size=(200, 12)) for _ in range(5)],
        "one": [rng.normal(size=(12, 12))],
    }
    for name, signals in sets.items():
        items = [(signal, 1) for signal in signals]
        assert said(lambda items=items: Dataset(items, task="sequence_classification")) == [], name


def test_a_series_as_a_point() -> None:
    items = [(np.sin(np.arange(50) + i), i) for i in range(3)]
    for found in both_doors(items, task="sequence_classification"):
        assert len(found) == 1
        assert "it needs the shape (50, 1) (dims=1 in Python)" in found[0]
    assert "needs the shape (50, 1)" in rnn.describe(Dataset.read("d.nc", "sequence_classification")).advice[0]
    for found in both_doors(items, task="sequence_classification", dims=1):
        assert found == []
    data = Dataset.read("d.nc", task="sequence_classification")
    assert (data.header.num_dims, data.header.input_size) == (1, 1)
    assert data[1].inputs.shape == (50, 1)
    assert said(lambda: Dataset(items, task="sequence_classification", dims=0)) == []
    assert rnn.describe(Dataset([(np.ones(4), 1)], task="sequence_classification", dims=0)).advice == []


def test_a_missing_axis_in_a_lone_sequence_and_in_different_lengths() -> None:
    config = rnn.Config(task="sequence_classification", hiddenSize=1, randSeed=1)
    for shape in ((50,), (20, 30)):
        network = rnn.Network.build(config, rnn.DataHeader(len(shape), 1, 0, ["a", "b"]))
        expected = (
            rf"inputs of sequence 0 have shape \({shape[0]}.*one input per point is the shape \({shape[0]}.*, 1\)"
        )
        with pytest.raises(rnn.DataError, match=expected):
            network.predict(rnn.Sequence(np.zeros(shape)))
        assert len(network.predict(rnn.Sequence(np.zeros((*shape, 1))))) == 1
    series = [(np.zeros(50), 1), (np.zeros(40), 0)]
    with pytest.raises(rnn.DataError, match=r"with dims=1 inputs of the shape \(40,\) are taken as \(40, 1\)"):
        Dataset(series, task="sequence_classification")
    assert Dataset(series, task="sequence_classification", dims=1).shapes.tolist() == [[50], [40]]


def test_a_target_per_point_of_a_series() -> None:
    data = Dataset([(np.arange(5.0), np.arange(5.0))], task="regression", dims=1)
    assert data[0].inputs.shape == data[0].target.shape == (5, 1)


def test_wrong_dims(tmp_path: Path) -> None:
    with pytest.raises(rnn.DataError, match=r"have shape \[5\]; with dims=2 expected 2 axes, or 3"):
        Dataset([(np.ones(5), 1)], task="sequence_classification", dims=2)
    for dims in (-1, 9, 1.5, True, "2"):
        with pytest.raises(rnn.ConfigError, match=r"dims is .*, expected 0 to 8"):
            write_netcdf(tmp_path / "d.nc", [(np.ones(5), 1)], task="sequence_classification", dims=dims)  # type: ignore[arg-type]


# --- words and characters ---


def lines_of_text(lines: list[Any] = TEXT) -> list[tuple[np.ndarray, Any]]:
    return [(np.zeros((len(TEXT[0]) * 2, 1)), line) for line in lines]


@pytest.mark.parametrize("form", [str, str.split, str.encode])
def test_a_text_taken_for_words(form: Callable[[str], Any]) -> None:
    items = lines_of_text([form(line) for line in TEXT])
    for found in both_doors(items, task="transcription"):
        assert len(found) == 1
        assert VOCABULARY in found[0]
        assert "units='characters'" in found[0]
    advice = rnn.describe(Dataset.read("d.nc", task="transcription")).advice
    assert [VOCABULARY in text for text in advice] == [True]
    for found in both_doors(items, task="transcription", units="words"):
        assert found == []


def test_check_and_info_tell_of_a_vocabulary(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_netcdf("train.nc", lines_of_text(), task="transcription", units="words")
    report = rnn.check(rnn.Config.read(write_config(tmp_path / "x.config", hiddenSize=2)))
    assert any(VOCABULARY in text for text in report.warnings)
    run_cli("info", "train.nc")
    assert VOCABULARY in capsys.readouterr().out


def test_characters() -> None:
    for found in both_doors(lines_of_text(), task="transcription", units="characters"):
        assert found == []
    for data in (
        Dataset.read("d.nc", task="transcription"),
        Dataset(lines_of_text([line.encode() for line in TEXT]), task="transcription", units="characters"),
    ):
        assert data.header.labels == sorted(set("".join(TEXT).replace(" ", "␣")))
        for sequence, line in zip(data, TEXT, strict=True):
            assert "".join(data.header.labels[i] for i in sequence.target).replace("␣", " ") == line
    assert rnn.characters("  a\tb \n c") == ["a", "␣", "b", "␣", "c"]
    assert rnn.characters(" \n") == []


def test_characters_with_labels_of_their_own() -> None:
    data = Dataset(lines_of_text(["ab a", ""]), task="transcription", units="characters", labels="ab ")
    assert data.header.labels == ["a", "b", "␣"]
    assert [sequence.target.tolist() for sequence in data] == [[0, 1, 2, 0], []]
    network = rnn.Network.build(rnn.Config(task="transcription", hiddenSize=1, randSeed=1), data.header)
    x = data[0].inputs
    assert network.evaluate(rnn.Sequence(x, rnn.characters("ab a"))) == network.evaluate(rnn.Sequence(x, [0, 1, 2, 0]))
    hint = "its characters are: write units='characters', or characters"
    with pytest.raises(rnn.DataError, match=f"'ab' is not one of the 3 labels; {hint}"):
        network.evaluate(rnn.Sequence(x, "ab a"))
    with pytest.raises(rnn.DataError, match=r"'ax' is not one of the 3 labels$"):
        network.evaluate(rnn.Sequence(x, "ax"))


def test_wrong_units() -> None:
    with pytest.raises(rnn.DataError, match="target of sequence 0 holds '␣', which stands for the space between words"):
        Dataset(lines_of_text(["a␣b"]), task="transcription", units="characters")
    with pytest.raises(rnn.ConfigError, match="units is 'letters', expected 'words' or 'characters'"):
        Dataset(lines_of_text(), task="transcription", units="letters")  # type: ignore[arg-type]
    with pytest.raises(rnn.ConfigError, match="units is 'words', which is for task transcription; the task is class"):
        Dataset([(np.ones((2, 1)), ["a", "b"])], task="classification", units="words")


@pytest.mark.parametrize(
    ("labels", "count"),
    [
        ("up down swing", 9),
        ("zero one two three four five six seven eight nine", 60),
        (
            "aa ae ah ao aw ax ay b ch d dh eh el en er ey f g hh ih iy jh k l m n ng ow oy p r s sh t th",
            50,
        ),
        (" ".join("abcdefghijklmnopqrstuvwxyz,.;:!?0123456789"), 60),
        ("北 京 上 海 大 学 生 中 国 人 民 天 地 水 火 木 金 土 日 月 山 川", 30),
    ],
)
def test_labels_that_are_no_text(labels: str, count: int) -> None:
    drawn = np.random.default_rng(0).choice(labels.split(), count).tolist()
    assert labels_like_text(Counter(drawn)) == ""


def test_one_line_is_enough() -> None:
    assert VOCABULARY in labels_like_text(Counter(["malgre", "les", "moyens", "mis", "en", "oeuvre"]))


# --- long lists ---


def test_long_lists_of_labels_are_folded(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    labels = [f"l{i:03}" for i in range(300)]
    write_netcdf("train.nc", [(np.ones((900, 1)), list(range(300)))], labels, task="transcription")
    config = write_config(tmp_path / "x.config", hiddenSize=1)
    assert run_cli("check", "x.config") == 0
    out = capsys.readouterr().out
    assert "labels: l000 1, " in out
    assert "l019 1, … 280 more" in out
    assert "l020" not in out
    assert run_cli("info", "train.nc") == 0
    out = capsys.readouterr().out
    assert "… 280 more" in out
    assert "l020" not in out
    run = rnn.train(rnn.Config.read(config, totalEpochs=0))
    run.network.save("n.save")
    assert run_cli("info", "n.save") == 0
    out = capsys.readouterr().out
    assert "300 labels: l000 l001 " in out
    assert "l019 … 280 more" in out
    assert "targetLabels … (300 labels)" in out
    assert "l020" not in out
    assert rnn.Network.load("n.save").header.labels == labels  # files hold them all

# SPDX-License-Identifier: Apache-2.0
"""Pictures of what was read: where the boxes are, and what stands beside them."""

from __future__ import annotations

import itertools
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from made_readings import Labels, made_network, made_prediction
from matplotlib.image import imread
from tiny import images, run_cli, transcription

import rnnlib_py as rnn
from rnnlib_py.plot.strips import cut_strips

LABELS: Labels = [("a", 2, 4, 0.5), ("␣", 6, 6, 0.99), ("$x$", 7, 9, 0.2), ("ש\x1b", 30, 39, 0.951)]


def strips_of(figure: Any) -> list[Any]:
    """The axes that show the input, without that of the colours."""
    return [axes for axes in figure.axes if axes.images and axes.patches]


def boxes(axes: Any) -> list[tuple[float, float]]:
    """Left and right ends."""
    found = [patch.get_extents().transformed(axes.transData.inverted()) for patch in axes.patches]
    return [(round(box.x0, 6), round(box.x1, 6)) for box in found]


def texts(axes: Any) -> list[str]:
    return [text.get_text() for text in axes.texts]


@pytest.mark.parametrize("shape", [(40, 8, 1), (40, 8, 3), (40, 2)])
def test_boxes_names_and_numbers(shape: tuple[int, ...]) -> None:
    figure = rnn.plot_reading(made_prediction("line", LABELS), np.ones(shape))
    (axes,) = strips_of(figure)
    assert boxes(axes) == [(1.5, 4.5), (5.5, 6.5), (6.5, 9.5), (29.5, 39.5)]
    assert texts(axes) == ["a", "␣", "$x$", "ש\\x1b", "50", "20"]
    assert [text.get_text() for text in figure.texts] == ["line"]
    colours = [patch.get_edgecolor() for patch in axes.patches]
    assert colours[0] != colours[1]
    assert axes.texts[0].get_color() == colours[0]


def test_names_stand_in_their_order() -> None:
    figure = rnn.plot_reading(
        made_prediction("x", [(name, i, i, 1.0) for i, name in enumerate("mill")]), np.ones((150, 9, 1))
    )
    (axes,) = strips_of(figure)
    figure.canvas.draw()
    places = [text.get_window_extent() for text in axes.texts]
    for before, after in itertools.pairwise(places):
        assert before.x1 <= after.x0 + 0.01


def test_long_lines_are_cut_between_labels() -> None:
    spans = [(10 * i, 10 * i + 6) for i in range(200)]
    strips = cut_strips(2000, 32, spans, 9.7)
    assert (strips.edges[0], strips.edges[-1]) == (0, 2000)
    assert len(strips.edges) == 6
    for edge in strips.edges:
        assert not any(first < edge <= last for first, last in spans)
    longest = max(after - before for before, after in zip(strips.edges, strips.edges[1:], strict=False))
    assert strips.inches * longest == pytest.approx(9.7)
    unread = cut_strips(2000, 32, [], 9.7)
    assert unread.edges == [0, 667, 1333, 2000]
    figure = rnn.plot_reading(made_prediction("x", [("a", *span, 1.0) for span in spans]), np.ones((2000, 32, 1)))
    assert [len(boxes(axes)) for axes in strips_of(figure)] == [40] * 5


def test_small_images_are_not_blown_up() -> None:
    strips = cut_strips(10, 10, [(1, 2)], 9.7)
    assert strips.height == 10 * strips.inches <= 1.6


def test_nothing_was_read() -> None:
    figure = rnn.plot_reading(made_prediction("x", []), np.zeros((5, 3, 1)))
    assert [texts(axes) for axes in figure.axes if axes.images] == [[]]


def test_what_cannot_be_drawn() -> None:
    with pytest.raises(rnn.ConfigError, match="needs 1 or 2 dimensions, the inputs have 3"):
        rnn.plot_reading(made_prediction("x", LABELS), np.ones((40, 2, 2, 1)))
    with pytest.raises(rnn.DataError, match="the inputs have 30 points, but a label was read at point 39"):
        rnn.plot_reading(made_prediction("x", LABELS), np.ones((30, 2, 1)))
    network = made_network(["a", "b"], 1, "classification")
    (found,) = network.predict([np.ones((4, 1))])
    with pytest.raises(rnn.ConfigError, match="needs task transcription, the network's is classification"):
        rnn.plot_reading(found, np.ones((4, 1)))


def write_network(sequences: list[dict[str, Any]], names: list[str] | None = None) -> None:
    rnn.write_netcdf("data.nc", sequences, names or ["a", "b", "c"], task="transcription")
    header = rnn.Dataset.read("data.nc", "transcription").header
    config = rnn.Config(task="transcription", hiddenSize=2, randSeed=1, initWeightRange=4)
    rnn.Network.build(config, header).save("net.save")


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("make", [images, transcription])
def test_pictures_of_predict(make: Any, capsys: pytest.CaptureFixture[str]) -> None:
    write_network([{**sequence, "tag": f"box/{i}"} for i, sequence in enumerate(make(count=3))])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert run_cli("predict", "net.save", "data.nc", "--picture", "made/", "-o", "out.jsonl") == 0
        assert run_cli("predict", "net.save", "data.nc", "--picture", "one.png", "--sequence=1", "--dpi=50") == 0
    assert sorted(path.name for path in Path("made").iterdir()) == ["box_0.png", "box_1.png", "box_2.png"]
    assert len(capsys.readouterr().out.splitlines()) == 3
    whole, half = imread("made/box_1.png"), imread("one.png")
    assert (whole.shape[1], half.shape[1]) == (1100, 500)
    assert len(np.unique(whole.reshape(-1, whole.shape[2]), axis=0)) > 20


@pytest.mark.usefixtures("folder")
def test_pictures_that_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    write_network(images(count=3))
    for options, status, said in [
        (["--picture=x.png", "--sequence=3"], 2, "sequence is 3, expected 0 to 2: data.nc has 3"),
        (["--picture=x.txt"], 2, "a picture's name ends in .png, .pdf or .svg"),
        (["--picture=nowhere/x.png"], 1, "nowhere: cannot write files in this folder"),
    ]:
        assert run_cli("predict", "net.save", "data.nc", *options) == status
        assert said in capsys.readouterr().err
    assert not list(Path().glob("x.*png"))

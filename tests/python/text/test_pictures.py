# SPDX-License-Identifier: Apache-2.0
"""Pictures of inputs as PNG, read back by another program's reader."""

from __future__ import annotations

import io

import numpy as np
import pytest
from matplotlib.image import imread

from rnnlib_py.text import input_picture
from rnnlib_py.text.png import png_bytes


def pixels(png: bytes | None) -> np.ndarray:
    assert png is not None
    return np.rint(imread(io.BytesIO(png)) * 255).astype(int)


@pytest.mark.parametrize("shape", [(3, 5), (1, 1), (4, 2, 3)])
def test_a_png_reads_back(shape: tuple[int, ...]) -> None:
    made = np.random.default_rng(0).integers(0, 256, shape).astype(np.uint8)
    assert pixels(png_bytes(made)).tolist() == made.tolist()


@pytest.mark.parametrize("ink", [1.0, -1.0])
def test_images_stand_upright_on_bright_paper(ink: float) -> None:
    image = np.zeros((6, 4, 1), np.float32)  # x, y
    image[5, 1] = ink
    expected = np.full((4, 6), 255)
    expected[1, 5] = 0
    assert pixels(input_picture(image)).tolist() == expected.tolist()


def test_colours() -> None:
    image = np.zeros((2, 1, 3), np.float32)
    image[1, 0] = [0.5, 1, 0]
    assert pixels(input_picture(image)).tolist() == [[[0, 0, 0], [128, 255, 0]]]


def test_time_runs_to_the_right() -> None:
    points = np.array([[0, 5], [1, 5], [2, 5]], np.float32)
    assert pixels(input_picture(points)).tolist() == [[255, 127, 0], [255, 255, 255]]


def test_other_inputs() -> None:
    assert pixels(input_picture(np.zeros((5000, 3)))).shape == (
        3 * 35,
        1667,
    )  # every third point, 16 times as wide as high
    assert pixels(input_picture(np.full((2, 2), np.nan))).tolist() == [[255, 255], [255, 255]]
    assert input_picture(np.zeros(3)) is None
    assert input_picture(np.zeros((2, 2, 2, 1))) is None
    assert input_picture(np.zeros((0, 3))) is None

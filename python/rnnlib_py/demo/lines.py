# SPDX-License-Identifier: Apache-2.0
"""Lines of handwritten digits, composed from scikit-learn's 8x8 images of single ones.

The images are the test set of E. Alpaydin and C. Kaynak, "Optical Recognition of Handwritten Digits" (UCI, 1998).
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

HEIGHT = 14  # of a line, in pixels
MARGIN = 2  # columns of paper at both ends
GREY_STEP = 16  # of 256: few different values make small files
SEED = 1

# Different digits in every set, so that the test shows how digits are read that were never seen.
DIGITS_PER_SET = {"train": 1247, "val": 200, "test": 350}
LINES_PER_SET = {"train": 4000, "val": 400, "test": 600}


@dataclass(frozen=True, eq=False, slots=True)
class Digit:
    """One handwritten digit, cropped to its ink."""

    image: NDArray[np.uint8]  # (width, 8), 0 (paper) to 16 (ink)
    value: int  # 0 .. 9
    index: int  # in scikit-learn's data set


@dataclass(frozen=True, eq=False, slots=True)
class Line:
    """A line of 3 to 7 digits."""

    image: NDArray[np.uint8]  # (width, HEIGHT), 0 (paper) to 240 (ink); x first, as networks see it
    text: str  # "40725"
    sources: tuple[int, ...]  # Digit.index of each


def load_digits() -> list[Digit]:
    """All 1797 digits that come with scikit-learn."""
    from sklearn import datasets

    bunch = datasets.load_digits()
    return [
        Digit(_crop(image.T.astype(np.uint8)), int(value), index)
        for index, (image, value) in enumerate(zip(bunch.images, bunch.target, strict=True))
    ]


def split_digits(digits: list[Digit], seed: int = SEED) -> dict[str, list[Digit]]:
    """Shares the digits out at random among the sets "train", "val" and "test"; none is in two of them."""
    shuffled = random.Random(seed).sample(digits, len(digits))
    sets, start = {}, 0
    for name, count in DIGITS_PER_SET.items():
        sets[name] = shuffled[start : start + count]
        start += count
    return sets


def compose_lines(digits: list[Digit], count: int, seed: int | str = SEED) -> list[Line]:
    """`count` lines of these digits. The same seed gives the same lines."""
    rng = random.Random(seed)
    stream = _endless(digits, rng)
    return [_compose(stream, rng) for _ in range(count)]


def compose_set(name: str, count: int | None = None, seed: int = SEED) -> list[Line]:
    """The lines of the set "train", "val" or "test"; `count` takes the first of them."""
    count = LINES_PER_SET[name] if count is None else count
    return compose_lines(split_digits(load_digits(), seed)[name], count, f"{name} {seed}")


def _endless(digits: list[Digit], rng: random.Random) -> Iterator[Digit]:
    """All digits in random order, again and again: each is used about equally often."""
    while True:
        yield from rng.sample(digits, len(digits))


def _compose(stream: Iterator[Digit], rng: random.Random) -> Line:
    """Digits beside each other: gaps of 1 to 5 pixels, baselines that wander, pale to full ink."""
    digits = [next(stream) for _ in range(rng.randint(3, 7))]
    gaps = [rng.randint(1, 5) for _ in digits[1:]] + [MARGIN]
    contrast = rng.uniform(0.4, 1.0)
    baseline = rng.randint(1, HEIGHT - 9)  # of the line; each digit may be a pixel off
    width = MARGIN + sum(len(digit.image) for digit in digits) + sum(gaps)
    image = np.zeros((width, HEIGHT), dtype=np.uint8)
    x = MARGIN
    for digit, gap in zip(digits, gaps, strict=True):
        y = baseline + rng.randint(-1, 1)
        image[x : x + len(digit.image), y : y + 8] = GREY_STEP * np.rint(
            digit.image * (contrast * 240 / 16 / GREY_STEP)
        )
        x += len(digit.image) + gap
    return Line(image, "".join(str(digit.value) for digit in digits), tuple(digit.index for digit in digits))


def _crop(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Without the empty columns at the left and right."""
    inked = np.flatnonzero(image.max(axis=1))
    return image[inked[0] : inked[-1] + 1]

# SPDX-License-Identifier: Apache-2.0
"""Makes data files of names in Arabic script: of pictures with texts, or of drawn ones where there are none.

python make_data.py [--data FOLDER] [-o OUT] [--quick]
"""

from __future__ import annotations

import argparse
import sys
import unicodedata
from pathlib import Path

import numpy as np

from rnnlib_py import prepare

# Towns of Tunisia, which the forms of IFN/ENIT ask for, too, and words of their names.
NAMES = (Path(__file__).parent / "names.txt").read_text(encoding="utf-8").split()
FONTS = ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSansMono.ttf"]
FORMS = ["<isolated>", "<final>", "<initial>", "<medial>"]


def shapes() -> dict[str, dict[str, str]]:
    """Letter (or lam with alef) -> form -> the character of that shape: Unicode's presentation forms."""
    table: dict[str, dict[str, str]] = {}
    for code in range(0xFE80, 0xFEFD):
        form, *letters = unicodedata.decomposition(chr(code)).split()
        table.setdefault("".join(chr(int(letter, 16)) for letter in letters), {})[form] = chr(code)
    return table


def shape(text: str, table: dict[str, dict[str, str]]) -> str:
    """Shapes from left to right: each letter is joined to its neighbours where both can be."""
    pieces: list[str] = []
    for letter in text:
        if pieces and pieces[-1] + letter in table:
            pieces[-1] += letter
        else:
            pieces.append(letter)
    shaped = []
    for i, piece in enumerate(pieces):
        before = i > 0 and _join(table, pieces[i - 1], piece)
        after = i + 1 < len(pieces) and _join(table, piece, pieces[i + 1])
        shaped.append(table[piece][FORMS[before + 2 * after]] if piece in table else piece)
    return "".join(reversed(shaped))


def _join(table: dict[str, dict[str, str]], first: str, second: str) -> bool:
    """Some letters, such as alef, are never joined to the next one."""
    return "<initial>" in table.get(first, {}) and "<final>" in table.get(second, {})


class Writer:
    """A font, a slant, a size and a pen of his own; no word is drawn twice in the same way."""

    def __init__(self, rng: np.random.Generator) -> None:
        import matplotlib
        from PIL import ImageFont

        path = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / FONTS[rng.integers(len(FONTS))]
        self._font = ImageFont.truetype(str(path), 48, layout_engine=ImageFont.Layout.BASIC)
        self._slant, self._width, self._wave = rng.normal(0, 0.2), rng.uniform(0.75, 1.2), rng.uniform(1, 3.5)
        self._ink, self._paper = rng.uniform(20, 90), rng.uniform(200, 250)
        self._rng = rng

    def draw(self, shaped: str) -> np.ndarray:
        """Grey values, (height, width) uint8."""
        from PIL import Image, ImageDraw

        left, top, right, bottom = self._font.getbbox(shaped)
        size = (int(right - left) + 30, int(bottom - top) + 20)
        image = Image.new("L", size, 0)
        ImageDraw.Draw(image).text((15 - left, 10 - top), shaped, font=self._font, fill=255)
        ink = np.asarray(image, float)
        height, width = ink.shape
        y, x = np.mgrid[0:height, 0 : int(width * self._width)].astype(float)
        source_x = x / self._width + self._slant * (y - height / 2) + self._wave * self._swing(y)
        source_y = y + self._wave * self._swing(x)
        column, row = (np.clip(v, 0, n - 1).astype(int) for v, n in ((source_x, width), (source_y, height)))
        grey = self._paper + (self._ink - self._paper) * ink[row, column] / 255
        return np.clip(grey + self._rng.normal(0, 6, grey.shape), 0, 255).astype(np.uint8)

    def _swing(self, place: np.ndarray) -> np.ndarray:
        """Two waves of random length and phase, for a hand that is not steady."""
        waves = [np.sin(place / self._rng.uniform(9, 30) + self._rng.uniform(0, 7)) for _ in range(2)]
        return np.sum(waves, axis=0)


def synthesise(folder: Path, writers: int, words: int) -> None:
    """writer03_17.png and writer03_17.gt.txt, whose letters are in the order of speech."""
    from PIL import Image

    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(1)
    table = shapes()
    for number in range(writers):
        writer = Writer(rng)
        for word in range(words):
            name = NAMES[rng.integers(len(NAMES))]
            stem = f"writer{number:03}_{word}"
            Image.fromarray(writer.draw(shape(name, table))).save(folder / f"{stem}.png")
            (folder / f"{stem}.gt.txt").write_text(name + "\n", encoding="utf-8")


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="a folder with a.png and a.gt.txt, named writer_number")
    parser.add_argument("-o", "--output", type=Path, default=Path("out"))
    parser.add_argument("--quick", action="store_true", help="few pictures, to try the commands")
    options = parser.parse_args(arguments)
    pictures = options.data
    if pictures is None:
        pictures = options.output / "pictures"
        synthesise(pictures, *((5, 2) if options.quick else (100, 20)))
    progress = None if options.quick else sys.stderr
    prepare.lines(pictures, options.output, height=40, by_group="^[^_]+", force=True, progress=progress)


if __name__ == "__main__":
    main()

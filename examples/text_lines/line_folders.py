# SPDX-License-Identifier: Apache-2.0
"""Folders of text lines for the examples: real ones unpacked, or lines that are drawn when no real ones are at hand."""

from __future__ import annotations

import argparse
import random
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

import rnnlib_py as rnn

_TEXT = """
the of and to in is that for it as was with be by on not he his but at are this have from or had an they which
one you were all her she there would their we him been has when who will no more if out so up said what its
about than into them can only other time new some could these two may first then do any like my now over such
our man me even most made after also did many fore must through years where much your way well down should
because each just those people too little state good very make world still see own work long here get both
between life being under never day same another know while last might us great old year off come since against
go came right used take
"""


@dataclass(frozen=True)
class Hand:
    """How a writer's lines look."""

    slant: float  # pixels to the right per pixel upwards
    width: float  # of letters, relative to the font's
    size: int  # of the font
    wave: float  # pixels that the baseline goes up and down
    thick: bool


PRINT = Hand(slant=0.0, width=1.0, size=26, wave=0.3, thick=False)


def main(about: str | None, hands: int, lines: int, by_group: str | None) -> None:
    """What make_data.py of an example does: `rnnlib-py prepare lines` of real lines, or of drawn ones.

    Parameters
    ----------
    about
        The script's docstring.
    hands, lines
        Of draw_lines(), where no other number of lines is asked for.
    by_group
        Of `prepare lines`, where nothing else is asked for.
    """
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="images with .gt.txt files, or lines.zip and lines.tsv")
    parser.add_argument("-o", "--output", type=Path, default=Path("out"))
    parser.add_argument("--by-group", default=by_group, help="what stays together, as `prepare lines` has it")
    parser.add_argument("--lines", type=int, default=lines, help="that are drawn (default %(default)s)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder, tables = Path(temporary), list[Path]()
        if options.data is None:
            draw_lines(folder, hands, options.lines)
        else:
            folder, tables = find_lines(options.data, folder)
        made = rnn.prepare.lines(folder, options.output, tsv=tables, by_group=options.by_group, force=True)
    print(f"{made.counts}; to train: rnnlib-py train {made.config} -o {options.output / 'run'}")


def find_lines(data: Path, unpacked: Path) -> tuple[Path, list[Path]]:
    """The folder of the images and the tables of texts (none where each image has its .gt.txt) of a real set.

    Parameters
    ----------
    data
        A folder of images and texts, or one with `lines.zip` (the images) and `lines.tsv`.
    unpacked
        A folder that the images of a lines.zip are put into.
    """
    table = data / "lines.tsv"
    if not (data / "lines.zip").exists():
        return data, [table] if table.exists() else []
    with zipfile.ZipFile(data / "lines.zip") as archive:
        archive.extractall(unpacked)
    return unpacked, [table]


def draw_lines(folder: Path, hands: int, lines: int, seed: int = 1) -> None:
    """Images of made-up sentences with their texts beside them; each hand in a folder of its own.

    Parameters
    ----------
    folder
        Where they go.
    hands
        Writers; 0 draws printed lines.
    lines
        In all.
    seed
        The same seed, the same lines.
    """
    rng = random.Random(seed)
    styles = [_hand(rng) for _ in range(hands)] or [PRINT]
    for i in range(lines):
        where = folder / f"{i % len(styles):02d}"
        where.mkdir(parents=True, exist_ok=True)
        text = _sentence(rng)
        draw_line(text, styles[i % len(styles)], rng).save(where / f"{i:04d}.png")
        (where / f"{i:04d}.gt.txt").write_text(f"{text}\n", encoding="utf-8")


def _hand(rng: random.Random) -> Hand:
    size = rng.randint(22, 30)
    return Hand(rng.uniform(-0.3, 0.6), rng.uniform(0.75, 1.3), size, rng.uniform(0.5, 2.5), rng.random() < 0.4)


def _sentence(rng: random.Random) -> str:
    text = " ".join(rng.choice(_TEXT.split()) for _ in range(rng.randint(3, 6)))
    return text[0].upper() + text[1:] + rng.choice([".", ",", "", "!", "?"])


def draw_line(text: str, hand: Hand, rng: random.Random) -> Image.Image:
    """Grey, dark ink on light paper, with specks, a little blur and grain."""
    font = ImageFont.load_default(hand.size)
    image = Image.new("L", (int(font.getlength(text)) + 40, 56), 0)
    ImageDraw.Draw(image).text((20, 10), text, fill=255, font=font)
    width = int(image.width * hand.width)
    image = image.resize((width, 56), Image.Resampling.BILINEAR)
    shear = (1, hand.slant, -28 * hand.slant, 0, 1, 0)
    image = image.transform(image.size, Image.Transform.AFFINE, shear, Image.Resampling.BILINEAR)
    ink = np.asarray(image.filter(ImageFilter.MaxFilter(3)) if hand.thick else image, np.float32) / 255
    noise = np.random.default_rng(rng.getrandbits(32))
    rise = hand.wave * np.sin(np.arange(width) / rng.uniform(20, 60) + rng.uniform(0, 6))
    rows = np.clip(np.arange(56)[:, None] + np.rint(rise)[None, :].astype(int), 0, 55)
    ink = np.take_along_axis(ink, rows, axis=0)
    ink *= noise.uniform(0.6, 1.0)
    ink[noise.random(ink.shape) < 0.004] = 0.8
    grey = 235 - 200 * ink + noise.normal(0, 8, ink.shape)
    made = Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8))
    return made.filter(ImageFilter.GaussianBlur(rng.uniform(0.2, 0.9)))

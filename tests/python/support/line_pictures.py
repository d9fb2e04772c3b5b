# SPDX-License-Identifier: Apache-2.0
"""Pictures of text lines, drawn by Pillow's own font."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

TEXTS = ["one two", "three", "four five", "six", "seven", "eight nine", "ten", "one one", "two", "six ten"]


def picture(text: str, ink: int = 0, paper: int = 255, size: int = 20) -> Image.Image:
    """A line in greys."""
    font = ImageFont.load_default(size)
    left, top, right, bottom = font.getbbox(text)
    image = Image.new("L", (round(right - left) + 8, round(bottom - top) + 8), paper)
    ImageDraw.Draw(image).text((4 - left, 4 - top), text, fill=ink, font=font)
    return image


def write_line(folder: Path, name: str, text: str, shown: str | None = None) -> None:
    """`name`.png and `name`.gt.txt in the folder; `shown`: what the picture has instead of the text."""
    path = folder / f"{name}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    picture(text if shown is None else shown).save(path)
    path.with_name(f"{path.stem}.gt.txt").write_text(f"{text}\n", encoding="utf-8")


def write_lines(folder: Path, texts: list[str] = TEXTS) -> Path:
    """A folder of lines 00, 01, ..."""
    for i, text in enumerate(texts):
        write_line(folder, f"{i:02}", text)
    return folder

# SPDX-License-Identifier: Apache-2.0
"""From a picture to ink: height, inversion, contrast; and pictures of all kinds as greys."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from line_pictures import picture
from naive_line_image import naive_ink, naive_inputs
from naive_resample import resample, triangles
from PIL import Image

import rnnlib_py as rnn
from rnnlib_py.prepare import LineRecipe
from rnnlib_py.prepare.images import read_picture
from rnnlib_py.prepare.line_image import ink_of, inputs_of_picture


def greys(image: Image.Image) -> np.ndarray:
    return np.asarray(image.convert("L"))


def rows_one_by_one(image: np.ndarray, size: int) -> np.ndarray:
    """Along the rows, one new row after another."""
    old = image.shape[0]
    step = old / size
    support = max(1.0, step)
    made = []
    for i in range(size):
        weights = np.maximum(0, 1 - np.abs(np.arange(old) + 0.5 - (i + 0.5) * step) / support)
        made.append((weights[:, np.newaxis] * image).sum(0) / weights.sum())
    return np.array(made)


@pytest.mark.parametrize("sizes", [(7, 5), (20, 7), (5, 11), (1, 4), (4, 1), (9, 9), (100, 3)])
def test_resampling_is_a_weighted_mean(sizes: tuple[int, int]) -> None:
    image = np.random.default_rng(1).random((sizes[0], 6)).astype(np.float32)
    expected = rows_one_by_one(rows_one_by_one(image, sizes[1]).T, 13).T
    np.testing.assert_allclose(resample(image, sizes[1], 13), expected, atol=1e-5)


def test_resampling_weights_add_up_and_a_plain_ground_stays() -> None:
    for old, new in [(1, 1), (3, 200), (200, 3), (48, 48), (47, 48)]:
        np.testing.assert_allclose(triangles(old, new)[1].sum(1), 1, rtol=1e-6)
    np.testing.assert_allclose(resample(np.full((50, 70), 7, np.float32), 48, 33), 7, rtol=1e-6)


def test_resampling_agrees_with_pillow() -> None:
    image = picture("agree")
    found = resample(greys(image).astype(np.float32), 15, 40)
    expected = greys(image.resize((40, 15), Image.Resampling.BILINEAR)).astype(float)
    assert np.abs(found - expected).max() <= 1.5


def test_height_and_proportion() -> None:
    grey = greys(picture("word").resize((100, 40)))
    assert ink_of(grey, LineRecipe(height=20)).shape == (20, 50)
    assert inputs_of_picture(grey, LineRecipe(height=20)).shape == (50, 20, 1)


def kinds_of_greys(shape: tuple[int, int], random: np.random.Generator) -> list[np.ndarray]:
    """Noise, black and white, a light ground with some ink, one grey, few greys."""
    made = [
        random.integers(0, 256, shape),
        random.choice([0, 255], shape, p=[0.1, 0.9]),
        np.where(random.random(shape) < 0.1, random.integers(0, 90, shape), random.integers(180, 256, shape)),
        np.full(shape, random.integers(256)),
        random.integers(120, 125, shape),
    ]
    return [greys.astype(np.uint8) for greys in made]


@pytest.mark.parametrize("seed", range(8))
def test_the_engine_agrees_with_its_simple_twin_to_the_bit(seed: int) -> None:
    random = np.random.default_rng(seed)
    sizes = [(3, 3), (3, 200), (200, 3), (48, 70), (1500, 20), (7, 301)]
    sizes += [(int(random.integers(3, 150)), int(random.integers(3, 300))) for _ in range(6)]
    for shape in sizes:
        for grey in kinds_of_greys(shape, random):
            recipe = LineRecipe(
                height=int(random.choice([4, 20, 48, 71])),
                invert=str(random.choice(["auto", "always", "never"])),
                contrast=str(random.choice(["stretch", "none"])),
                scale=float(random.normal()),
                offset=float(random.normal()),
            )
            expected = naive_ink(grey, recipe)
            np.testing.assert_array_equal(ink_of(grey, recipe), expected, strict=True)
            found = inputs_of_picture(grey[:, :, np.newaxis], recipe)
            np.testing.assert_array_equal(found, naive_inputs(expected, recipe), strict=True)


@pytest.mark.parametrize(("mode", "channels"), [("LA", 2), ("RGB", 3), ("RGBA", 4)])
def test_channels_become_the_greys_that_files_become(tmp_path: Path, mode: str, channels: int) -> None:
    pixels = np.random.default_rng(channels).integers(0, 256, (60, 300, channels)).astype(np.uint8)
    pixels[:20, :, -1] = np.random.default_rng(1).choice([0, 255], (20, 300))
    Image.fromarray(pixels, mode).save(tmp_path / "a.png")
    recipe = LineRecipe(height=60, contrast="none", invert="never")
    np.testing.assert_array_equal(ink_of(pixels, recipe), 255 - read_picture(tmp_path / "a.png").grey)


def test_every_transparent_grey(tmp_path: Path) -> None:
    greys, alphas = np.mgrid[0:256, 0:256].astype(np.uint8)
    pixels = np.stack([greys, alphas], 2)
    Image.fromarray(pixels, "LA").save(tmp_path / "a.png")
    recipe = LineRecipe(height=256, contrast="none", invert="never")
    np.testing.assert_array_equal(ink_of(pixels, recipe), 255 - read_picture(tmp_path / "a.png").grey)


def test_dark_grounds_are_turned_around() -> None:
    dark_on_light, light_on_dark = greys(picture("word")), greys(picture("word", ink=255, paper=0))
    for recipe in (LineRecipe(), LineRecipe(contrast="none")):
        expected = ink_of(dark_on_light, recipe)
        assert expected.mean() < 100
        np.testing.assert_array_equal(ink_of(light_on_dark, recipe), expected)
    never = ink_of(light_on_dark, LineRecipe(invert="never", contrast="none"))
    always = ink_of(dark_on_light, LineRecipe(invert="always", contrast="none"))
    assert never.mean() > 150
    np.testing.assert_array_equal(never, always)


def test_contrast_is_stretched_but_noise_is_not() -> None:
    faint = ink_of(greys(picture("word", ink=140, paper=200)), LineRecipe())
    strong = ink_of(greys(picture("word")), LineRecipe())
    assert np.abs(faint.astype(int) - strong).max() <= 6
    noise = (250 + np.random.default_rng(1).integers(0, 3, (48, 200))).astype(np.uint8)
    assert ink_of(noise, LineRecipe()).max() < 20
    assert ink_of(np.full((48, 90), 200, np.uint8), LineRecipe()).max() == 0


@pytest.mark.parametrize("shape", [(1, 1), (1, 50), (50, 1), (2, 50)])
def test_too_small(shape: tuple[int, int]) -> None:
    with pytest.raises(rnn.DataError, match=f"is {shape[1]} x {shape[0]} pixels, expected at least 3 x 3"):
        ink_of(np.zeros(shape, np.uint8), LineRecipe())


def test_too_wide() -> None:
    with pytest.raises(rnn.DataError, match="which would be 160000 pixels wide at height 48; expected at most 32768"):
        ink_of(np.zeros((3, 10000), np.uint8), LineRecipe())


def test_kinds_of_pictures_are_the_same_greys(tmp_path: Path) -> None:
    image = picture("same", ink=30, paper=230)
    expected = greys(image)
    wide = Image.fromarray(expected.astype(np.uint16) * 257)
    kinds = {
        "plain.png": (image, ""),
        "plain.bmp": (image.convert("RGB"), ""),
        "indexed.gif": (image.convert("P"), ""),
        "wide.png": (wide, "has more than 8 bits per pixel: brought to 8"),
        "real.tif": (Image.fromarray(expected.astype(np.float32) / 255), "has real numbers per pixel: brought to 8"),
        "print.tif": (image.convert("RGB").convert("CMYK"), "has colours for printing (CMYK): converted"),
        "alpha.png": (image.convert("RGBA"), "has transparent parts: they were made white"),
    }
    for name, (kind, change) in kinds.items():
        kind.save(tmp_path / name)
        found = read_picture(tmp_path / name)
        assert found.changes == ([change] if change else []), name
        assert np.abs(found.grey.astype(int) - expected).max() <= 2, name


def test_transparent_is_white(tmp_path: Path) -> None:
    letters = picture("hole")
    image = Image.new("LA", letters.size)
    image.putalpha(Image.fromarray(255 - greys(letters)))
    image.save(tmp_path / "a.png")
    np.testing.assert_array_equal(read_picture(tmp_path / "a.png").grey, greys(letters))


def test_exif_orientation(tmp_path: Path) -> None:
    image = picture("upright")
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees clockwise
    image.transpose(Image.Transpose.ROTATE_90).save(tmp_path / "a.png", exif=exif)
    found = read_picture(tmp_path / "a.png")
    np.testing.assert_array_equal(found.grey, greys(image))
    assert found.changes == ["was turned upright as its EXIF data say"]


def test_several_pictures_in_a_file(tmp_path: Path) -> None:
    picture("one").save(tmp_path / "a.tif", save_all=True, append_images=[picture("two")])
    found = read_picture(tmp_path / "a.tif")
    np.testing.assert_array_equal(found.grey, greys(picture("one")))
    assert found.changes == ["holds 2 pictures: the first is used"]


def png_of_size(width: int, height: int) -> bytes:
    """A PNG whose header promises so many pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = chunk(b"IDAT", zlib.compress(bytes(1000)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + data + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(100000, 100000), (11600, 11600), (2**30, 1)])
def test_a_bomb_is_refused_before_it_takes_memory(tmp_path: Path, size: tuple[int, int]) -> None:
    (tmp_path / "a.png").write_bytes(png_of_size(*size))
    with pytest.raises(rnn.DataError, match="pixels, expected at most 134,217,728"):
        read_picture(tmp_path / "a.png")


def test_files_that_are_no_pictures(tmp_path: Path) -> None:
    whole = io.BytesIO()
    picture("whole").save(whole, "png")
    for name, content, error in [
        ("empty.png", b"", "the file is empty, expected an image"),
        ("text.png", b"hello", "is no image of a known format"),
        ("cut.png", whole.getvalue()[:150], "cannot be read as an image"),
        ("head.png", whole.getvalue()[:20], "cannot be read as an image|is no image"),
    ]:
        (tmp_path / name).write_bytes(content)
        with pytest.raises(rnn.DataError, match=f"{name}: .*({error})"):
            read_picture(tmp_path / name)
    with pytest.raises(rnn.IoError, match="no such file"):
        read_picture(tmp_path / "nowhere.png")
    with pytest.raises(rnn.IoError, match="is a folder, expected an image"):
        read_picture(tmp_path)

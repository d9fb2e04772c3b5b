# SPDX-License-Identifier: Apache-2.0
"""The examples of lines make data files to train on, of real lines or of drawn ones."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

import rnnlib_py as rnn

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"


def make(example: str, *arguments: str, output: Path) -> str:
    command = [sys.executable, str(EXAMPLES / example / "make_data.py"), *arguments, "-o", str(output)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def tags(path: Path) -> list[str]:
    return [sequence.tag for sequence in rnn.Dataset.read(path, task="transcription")]


@pytest.mark.parametrize("example", ["text_lines", "handwriting"])
def test_lines_are_drawn_when_there_are_no_real_ones(example: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert "rnnlib-py train" in make(example, "--lines", "40", output=out)
    sets = {name: tags(out / f"{name}.nc") for name in ("train", "val", "test")}
    assert sum(map(len, sets.values())) == 40
    if example == "handwriting":
        writers = [{tag.split("/")[0] for tag in found} for found in sets.values()]
        assert not writers[0] & writers[1]
        assert not writers[0] & writers[2]
    assert rnn.Config.read(out / "lines.config")["totalEpochs"] >= 15


def test_real_lines_come_from_an_archive_and_a_table(tmp_path: Path) -> None:
    sys.path.insert(0, str(EXAMPLES / "text_lines"))
    try:
        from line_folders import draw_lines
    finally:
        sys.path.pop(0)
    draw_lines(tmp_path / "drawn", hands=5, lines=20)
    rows = ["file\twriter\ttext"]
    with zipfile.ZipFile(tmp_path / "lines.zip", "w") as archive:
        for image in sorted((tmp_path / "drawn").rglob("*.png")):
            archive.write(image, image.name)
            text = image.with_suffix("").with_suffix(".gt.txt").read_text(encoding="utf-8").strip()
            rows.append(f"{image.name}\t{image.parent.name}\t{text}")
    (tmp_path / "lines.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    make("handwriting", "--data", str(tmp_path), "--by-group", "column:writer", output=tmp_path / "out")
    made = [set(tags(tmp_path / "out" / f"{name}.nc")) for name in ("train", "val", "test")]
    assert sum(map(len, made)) == 20
    assert all(len(found) % 4 == 0 for found in made)  # whole writers, of 4 lines each


def recorded(writers: int, seed: int) -> dict[str, np.ndarray]:
    """Zigzags of so many writers, in the form of the pen digits."""
    rng = np.random.default_rng(seed)
    points = rng.integers(0, 500, (writers * 10 * 6, 3))
    points[:, 2] = np.arange(len(points)) // 3 % 2  # two strokes of three points
    return {
        "points": points,
        "offsets": np.arange(0, len(points) + 1, 6),
        "labels": np.tile(np.arange(10), writers),
        "writers": np.repeat(np.arange(writers), 10),
    }


def test_digits_are_drawn_of_strokes_and_of_pictures(tmp_path: Path) -> None:
    drawn = tmp_path / "drawn"
    make("drawn_digits", "--lines", "20", output=drawn)
    assert [len(tags(drawn / f"{name}.nc")) for name in ("train", "val", "test")] == [20, 10, 10]

    np.savez(tmp_path / "train.npz", **recorded(11, seed=1))
    np.savez(tmp_path / "test_public.npz", **recorded(2, seed=2))
    images = np.zeros((60_000, 28, 28), np.uint8)
    images[:, 4:24, 10:16] = 200
    np.savez_compressed(tmp_path / "mnist_train.npz", images=images, labels=np.full(60_000, 1, np.uint8))
    real = tmp_path / "real"
    make("drawn_digits", "--ink", str(tmp_path), "--mnist", str(tmp_path), "--lines", "20", output=real)
    lines = list(rnn.Dataset.read(real / "train.nc", task="transcription"))
    assert all(line.inputs.shape[1:] == (24, 1) and line.inputs.max() > 2 for line in lines)
    digits = [set(line.target.tolist()) for line in lines]
    assert any(found == {1} for found in digits), "of pictures, which all show a 1"
    assert any(len(found) > 3 for found in digits), "of strokes"
    config = rnn.Config.read(EXAMPLES / "drawn_digits" / "drawn_digits.config")
    network = rnn.Network.build(config, rnn.DataHeader(2, 1, labels=list("0123456789")))
    assert network.num_weights == rnn.Network.load_model("drawn_digits").num_weights

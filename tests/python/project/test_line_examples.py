# SPDX-License-Identifier: Apache-2.0
"""The examples of printed and of handwritten lines make data files to train on, of real lines or of drawn ones."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

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

# SPDX-License-Identifier: Apache-2.0
"""The demo: how lines are composed, its folder, a quick run, and that examples/digit_lines/ is what it makes."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest

import rnnlib_py as rnn
from rnnlib_py import demo
from rnnlib_py.demo import data, lines

EXAMPLE = Path(__file__).parents[3] / "examples" / "digit_lines"


@pytest.fixture(scope="module")
def digits() -> list[lines.Digit]:
    return lines.load_digits()


@pytest.fixture(scope="module")
def composed() -> dict[str, list[lines.Line]]:
    return {name: lines.compose_set(name) for name in lines.LINES_PER_SET}


def test_all_digits_are_there_without_empty_columns(digits: list[lines.Digit]) -> None:
    assert len(digits) == 1797
    assert sorted({digit.value for digit in digits}) == list(range(10))
    for digit in digits:
        assert digit.image.shape[1] == 8
        assert digit.image[0].any() and digit.image[-1].any()


def test_no_digit_is_in_two_sets(composed: dict[str, list[lines.Line]]) -> None:
    sources = {name: {source for line in found for source in line.sources} for name, found in composed.items()}
    assert {name: len(found) for name, found in sources.items()} == lines.DIGITS_PER_SET  # and all are used
    assert not sources["train"] & sources["val"]
    assert not sources["train"] & sources["test"]
    assert not sources["val"] & sources["test"]


def test_lines_have_3_to_7_digits_of_all_kinds(composed: dict[str, list[lines.Line]]) -> None:
    found = composed["train"]
    assert {len(line.text) for line in found} == {3, 4, 5, 6, 7}
    assert all(line.image.shape[1] == lines.HEIGHT for line in found)
    assert len({line.image.max() for line in found}) > 5  # contrasts
    tops = {int(np.flatnonzero(line.image.any(axis=0))[0]) for line in found}
    assert len(tops) > 3  # baselines


def test_the_text_is_that_of_the_digits(digits: list[lines.Digit], composed: dict[str, list[lines.Line]]) -> None:
    for line in composed["test"]:
        assert line.text == "".join(str(digits[source].value) for source in line.sources)


def test_every_digit_stands_in_its_line_in_order(digits: list[lines.Digit]) -> None:
    """The ink between gaps is each digit's own: at full contrast its rows can be found again in the line."""
    for line in lines.compose_lines(digits, 50, "order"):
        scale = line.image.max() / max(int(digits[source].image.max()) for source in line.sources)
        x = lines.MARGIN
        for source in line.sources:
            image = digits[source].image
            while not _stands_at(line.image, image, x, scale):
                x += 1
                assert x < len(line.image), f"digit {source} is not in its line {line.text}"
            x += len(image) + 1  # at least one column of paper


def _stands_at(line: np.ndarray, digit: np.ndarray, x: int, scale: float) -> bool:
    part = line[x : x + len(digit)].astype(float)
    if len(part) < len(digit):
        return False
    return any(np.abs(part[:, y : y + 8] - scale * digit).max() <= lines.GREY_STEP for y in range(lines.HEIGHT - 7))


def test_composing_is_repeatable(digits: list[lines.Digit]) -> None:
    def make(seed: str) -> list[tuple[str, bytes]]:
        return [(line.text, line.image.tobytes()) for line in lines.compose_lines(digits, 20, seed)]

    assert make("a") == make("a")
    assert make("a") != make("b")


def test_a_quick_run_writes_data_saves_and_picture(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "new" / "folder"
    assert demo.main(["--quick", "--outdir", str(folder), "--threads", "1", "--epochs", "1"]) == 0
    said = capsys.readouterr().out
    assert "epoch   1 " in said and "epoch   2 " not in said
    assert "test label error: " in said.splitlines()[-1]
    picture = (folder / "digit_lines.png").read_bytes()
    assert picture.startswith(b"\x89PNG") and len(picture) > 5000
    (save,) = folder.glob("*.best_labelError.save")
    test = rnn.Dataset.read(folder / "test.nc", task="transcription")
    assert len(rnn.Network.load(save).predict(test)) == len(test) == data.QUICK_LINES["test"]


def test_the_folder_holds_the_composed_lines(tmp_path: Path) -> None:
    composed = data.write_folder(tmp_path, quick=True)
    for name, found in composed.items():
        read = rnn.Dataset.read(tmp_path / f"{name}.nc", task="transcription")
        assert read.header.labels == list("0123456789")
        for line, sequence in zip(found, read, strict=True):
            assert sequence.shape == line.image.shape
            assert "".join(read.header.labels[i] for i in sequence.target) == line.text
            ink = np.corrcoef(sequence.inputs.ravel(), line.image.ravel())[0, 1]
            assert ink == pytest.approx(1, abs=1e-6)
    pixels = np.concatenate([s.inputs.ravel() for s in rnn.Dataset.read(tmp_path / "train.nc", task="transcription")])
    assert pixels.mean() == pytest.approx(0, abs=1e-4)
    assert pixels.std() == pytest.approx(1, abs=1e-4)


def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "sklearn" else find(name))
    assert demo.main(["--quick"]) == 1
    assert "the demo needs scikit-learn: pip install 'rnnlib-py[demo]'" in capsys.readouterr().err


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    assert demo.main(["--quick", "--outdir", str(tmp_path / "file")]) == 1
    assert str(tmp_path / "file") in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["--epochs", "0"], ["--threads", "two"], ["--speed", "1"]])
def test_bad_usage_exits_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        demo.main(arguments)
    assert exit_.value.code == 2


def test_the_example_folder_is_the_demos(composed: dict[str, list[lines.Line]]) -> None:
    assert (EXAMPLE / data.CONFIG_NAME).read_text() == data.config_text()
    for name, found in composed.items():
        read = rnn.Dataset.read(EXAMPLE / f"{name}.nc", task="transcription")
        assert ["".join(read.header.labels[i] for i in s.target) for s in read] == [line.text for line in found]
        assert [tuple(shape) for shape in read.shapes] == [line.image.shape for line in found]
        last = read[len(read) - 1].inputs[..., 0]
        assert np.corrcoef(last.ravel(), found[-1].image.ravel())[0, 1] == pytest.approx(1, abs=1e-6)

# SPDX-License-Identifier: Apache-2.0
"""Damaged saves, words after a value, and configs of nothing but empty lines, as a user meets them."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest
from tiny import run_cli, transcription, write_config, write_data

import rnnlib_py as rnn

pytestmark = pytest.mark.usefixtures("folder")
GOLDEN = Path(__file__).parents[2] / "golden"


def make_save() -> Path:
    config = rnn.Config(task="transcription", hiddenSize=2)
    rnn.Network.build(config, rnn.DataHeader(1, 3, 0, ["a", "b", "c"])).save("net.save")
    return Path("net.save")


def test_flipped_bits_are_noticed() -> None:
    content = bytearray(make_save().read_bytes())
    rng = random.Random(1)
    for _ in range(200):
        bit = rng.randrange(8 * len(content))
        flipped = bytearray(content)
        flipped[bit // 8] ^= 1 << bit % 8
        Path("flipped.save").write_bytes(flipped)
        with pytest.raises(rnn.FormatError, match=r"flipped\.save"):
            rnn.Network.load("flipped.save")


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*/*.save")), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_the_references_saves_are_read(path: Path) -> None:
    assert rnn.Network.load(path).num_weights > 0
    text = path.read_text()
    line = next(line for line in text.splitlines() if line.startswith("weightContainer_"))
    for more, message in ((line, "a second line for"), ("trainer_epoc 3", "unknown value")):
        Path("more.save").write_text(f"{text}{more}\n")
        with pytest.raises(rnn.FormatError, match=rf"line {text.count(chr(10)) + 1} of more\.save: {message}"):
            rnn.Network.load("more.save")


def test_words_after_a_value_are_warned_about(capsys: pytest.CaptureFixture[str]) -> None:
    write_data(Path("train.nc"), transcription())
    config = write_config(Path("x.config"), totalEpochs=1)
    config.write_text("optimiser adam rprop\n" + config.read_text() + "hiddenSize 2 3  # words\n")
    expected = r'line 1 of x\.config: optimiser is "adam"; what follows it on the line, "rprop", is ignored'
    with pytest.warns(rnn.RunWarning, match=expected):
        rnn.train(rnn.Config.read(config))
    capsys.readouterr()
    assert run_cli("train", config) == 0
    err = capsys.readouterr().err
    assert 'rnnlib-py: warning: line 1 of x.config: optimiser is "adam"' in err
    assert 'hiddenSize is "2"' in err


def test_many_empty_lines_are_read_quickly() -> None:
    """Each line used to become an object of its own: 40 seconds for 100 MB."""
    Path("x.config").write_bytes(b"task transcription\n" + b"\n" * 20_000_000 + b"hiddenSize 3\n")
    begin = time.process_time()
    assert rnn.Config.read("x.config")["hiddenSize"] == [3]
    assert time.process_time() - begin < 2  # takes 0.1 s; in seconds of work, which other programs do not change

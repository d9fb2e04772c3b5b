# SPDX-License-Identifier: Apache-2.0
"""Language models from text: the function, the command, and what is wrong with their input."""

from __future__ import annotations

import gzip
import math
from pathlib import Path

import pytest

from rnnlib_py._core import ConfigError, DataError, FormatError, IoError
from rnnlib_py.cli import main
from rnnlib_py.text.language_files import read_ngram_model
from rnnlib_py.text.make_lm import make_lm
from rnnlib_py.text.perplexity import measure_perplexity


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "text.txt"
    path.write_text("an ant\nthe  ant\r\n\nein ä\n", encoding="utf-8")
    return path


def test_characters(text: Path, tmp_path: Path) -> None:
    report = make_lm(text, tmp_path / "lm.arpa", order=3)
    model = read_ngram_model(tmp_path / "lm.arpa")
    assert (report.sentences, report.units) == (3, 18)
    assert model.order == 3
    assert {model.word(i) for i in range(model.num_words)} == {"<unk>", "<s>", "</s>", *"antheiä␣"}
    assert report.orders[2].kept == model.num_ngrams(3)


def test_words_and_gzip(text: Path, tmp_path: Path) -> None:
    packed = tmp_path / "text.gz"
    packed.write_bytes(gzip.compress(text.read_bytes()))
    make_lm(text, tmp_path / "plain.arpa", order=2, units="words")
    make_lm(packed, tmp_path / "packed.arpa.gz", order=2, units="words")
    content = gzip.decompress((tmp_path / "packed.arpa.gz").read_bytes())
    assert content == (tmp_path / "plain.arpa").read_bytes()
    plain, unpacked = (read_ngram_model(tmp_path / name) for name in ("plain.arpa", "packed.arpa.gz"))
    assert plain.score(["the", "ant"]).tolist() == unpacked.score(["the", "ant"]).tolist()
    assert plain.find("ä") >= 0


def test_several_texts(text: Path, tmp_path: Path) -> None:
    assert make_lm([text, text], tmp_path / "lm.arpa", order=2).sentences == 6


def test_orders_that_no_sentence_reaches(tmp_path: Path) -> None:
    (tmp_path / "text.txt").write_text("a\n", encoding="utf-8")
    report = make_lm(tmp_path / "text.txt", tmp_path / "lm.arpa", order=9)
    assert len(report.orders) == read_ngram_model(tmp_path / "lm.arpa").order == 3


def test_perplexity_by_hand(text: Path, tmp_path: Path) -> None:
    held_out = tmp_path / "held_out.txt"
    held_out.write_text("the ant\nzebra\n", encoding="utf-8")
    report = make_lm(text, tmp_path / "lm.arpa", order=2, units="words", held_out=held_out)
    model = read_ngram_model(tmp_path / "lm.arpa")
    scores = [*model.score(["the", "ant"]), *model.score(["zebra"])]
    found = report.held_out
    assert found is not None
    assert (found.sentences, found.units, found.unknown) == (2, 3, 1)
    assert found.perplexity == pytest.approx(math.exp(-sum(scores) / 5))
    assert found.known_perplexity == pytest.approx(math.exp(-(sum(scores) - scores[3]) / 4))


def test_a_model_without_unknown_words(tmp_path: Path) -> None:
    (tmp_path / "lm.arpa").write_text("\\data\\\nngram 1=2\n\\1-grams:\n-0.3 a\n-0.3 </s>\n\\end\\\n")
    (tmp_path / "text.txt").write_text("b a\n")
    found = measure_perplexity(read_ngram_model(tmp_path / "lm.arpa"), tmp_path / "text.txt", "words")
    assert found.perplexity == math.inf
    assert found.known_perplexity == pytest.approx(10**0.3)


@pytest.mark.parametrize(
    ("content", "error", "message"),
    [
        (b"", DataError, "no text"),
        (b" \n\t\n", DataError, "no text"),
        (b"a\nb \xff\n", FormatError, "line 2 of .*text.txt: is not UTF-8"),
        (b"a\nb </s>\n", FormatError, "line 2 of .*text.txt: the word </s>"),
        (b"a\0b\n", FormatError, "line 1 .*NUL"),
        (b"\x1f\x8bxx", FormatError, "damaged gzip file"),
    ],
)
def test_bad_texts(tmp_path: Path, content: bytes, error: type[Exception], message: str) -> None:
    (tmp_path / "text.txt").write_bytes(content)
    with pytest.raises(error, match=message):
        make_lm(tmp_path / "text.txt", tmp_path / "lm.arpa", units="words")
    assert not (tmp_path / "lm.arpa").exists()


def test_bad_arguments(text: Path, tmp_path: Path) -> None:
    output = tmp_path / "lm.arpa"
    with pytest.raises(ConfigError, match="order: expected 1 or more, found 0"):
        make_lm(text, output, order=0)
    with pytest.raises(ConfigError, match=r"begin with 0 and do not fall, found 0,2,1"):
        make_lm(text, output, order=3, prune=(0, 2, 1))
    with pytest.raises(ConfigError, match=r"found 1"):
        make_lm(text, output, prune=(1,))
    with pytest.raises(ConfigError, match="3 numbers for 2 orders"):
        make_lm(text, output, order=2, prune=(0, 0, 1))
    with pytest.raises(ConfigError, match="characters or words, found 'letters'"):
        make_lm(text, output, units="letters")
    with pytest.raises(IoError, match=r"none\.txt"):
        make_lm(tmp_path / "none.txt", output)


def test_the_command(text: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = tmp_path / "lm.arpa"
    arguments = ["make-lm", str(text), "-o", str(output), "--order", "2", "--units", "words", "--held-out", str(text)]
    assert main(arguments) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"{output}: from 3 sentences, 6 words"
    assert lines[1].split() == ["order", "n-grams", "kept", "D1", "D2", "D3+"]
    assert lines[3].split()[:3] == ["2", "8", "8"]
    assert "too small" in lines[4]
    assert lines[5].startswith("held out: 3 sentences, 6 words, 0 of them unknown; perplexity ")
    assert main([*arguments, "--prune", "0,1"]) == 0
    assert read_ngram_model(output).num_ngrams(2) == 1  # "ant </s>" occurs twice
    assert main([*arguments, "--prune", "0,x"]) == 2
    assert main(["make-lm", str(text)]) == 2

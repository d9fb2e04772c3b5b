# SPDX-License-Identifier: Apache-2.0
"""Trained networks by their names: where they are looked for, what is said of them, and the commands that take them."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from ci_script import ROOT
from models import METADATA, write_header, write_model
from tiny import run_cli

import rnnlib_py as rnn
from rnnlib_py.model import zoo

Capture = pytest.CaptureFixture[str]
LINES = ROOT / "examples/cpp_read_line"
TEXTS = ["lichkeit des Oceans verliert.", "Paris im Oktober."]


@pytest.fixture(autouse=True)
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder is empty, and only `own` below it is looked in."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(zoo.VARIABLE, str(tmp_path / "own"))
    monkeypatch.setattr(zoo, "_PACKAGE", tmp_path / "nowhere/x/package")
    return tmp_path / "own"


def test_what_is_known_of_a_network(own: Path) -> None:
    path = write_model(own / "letters.safetensors")
    (model,) = rnn.models()
    assert (model.name, model.path, model.size) == ("letters", path, path.stat().st_size)
    assert (model.task, model.num_labels, model.num_weights, model.dtype) == ("transcription", 2, 12, "F16")
    assert model.recipe["kind"] == "lines"
    assert model.scores["test"]["labelError"] == 0.0123
    assert (model.description, model.license) == ("letters", "CC-BY-4.0")
    assert model.metadata == METADATA
    write_model(own / "letters.safetensors", recipe=None, labels=None, license=None, scores=None)
    (model,) = rnn.models()
    assert (model.recipe, model.num_labels, model.license, model.scores) == ({}, 0, "", {})


def test_earlier_folders_hide_later_ones(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert rnn.models() == []
    package = own.parent / "site/lib/package"
    monkeypatch.setattr(zoo, "_PACKAGE", package)
    for folder in ("own", "other", "site/lib/package/models", "site/models"):
        write_model(own.parent / folder / "a.safetensors", description=folder)
        write_model(own.parent / folder / f"{folder[0:3]}.safetensors")
    monkeypatch.setenv(zoo.VARIABLE, os.pathsep.join(["own", "", str(own.parent / "other")]))
    assert [(m.name, m.description) for m in rnn.models()][:1] == [("a", "own")]
    assert [m.name for m in rnn.models()] == ["a", "oth", "own", "sit"]
    monkeypatch.delenv(zoo.VARIABLE)
    assert rnn.models()[0].description == "site/lib/package/models"
    (package / "models/a.safetensors").unlink()
    assert [m.name for m in rnn.models()] == ["sit"]  # that folder is no checkout
    (own.parent / "site/pyproject.toml").write_text("", encoding="utf-8")
    assert rnn.models()[0].description == "site/models"


def test_a_file_of_that_name_is_taken_first(own: Path) -> None:
    path = write_model(own / "a.safetensors")
    assert zoo.save_or_model("a") == str(path)
    assert zoo.save_or_model("a.save") == "a.save"
    assert zoo.save_or_model("b/a") == "b/a"
    Path("a").mkdir()
    assert zoo.save_or_model("a") == str(path)
    Path("b").mkdir()
    assert zoo.save_or_model("b") == "b"
    Path("a").rmdir()
    Path("a").write_text("", encoding="utf-8")
    assert zoo.save_or_model("a") == "a"


def test_an_unknown_name(own: Path, capsys: Capture) -> None:
    with pytest.raises(rnn.ConfigError, match="no trained network is called 'x': there is none"):
        rnn.Network.load_model("x")
    write_model(own / "a.safetensors")
    write_model(own / "b.safetensors")
    with pytest.raises(rnn.ConfigError, match=r"'x': there are a, b .looked in .*own, .*RNNLIB_PY_MODELS"):
        rnn.Network.load_model("x")
    assert run_cli("read", "x", "line.png") == 2
    assert "'x': there are a, b" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", "is no safetensors file"),
        (b"abc", "is no safetensors file"),
        (b"\xff" * 100, "is no safetensors file"),
        (b"\x10" + bytes(7) + b"{", "is no safetensors file, or a damaged one"),
        (b"\x02" + bytes(7) + b"[]", "is no safetensors file, or a damaged one"),
        (b"\x02" + bytes(7) + b"{}", "is damaged: expected metadata of texts"),
    ],
)
def test_damaged_files(own: Path, content: bytes, error: str, capsys: Capture) -> None:
    write_model(own / "b.safetensors")
    (own / "a.safetensors").write_bytes(content)
    with pytest.raises(rnn.FormatError, match=f"a.safetensors: {error}"):
        rnn.models()
    assert run_cli("models") == 0
    shown = capsys.readouterr()
    assert "left out: " in shown.err
    assert shown.out.startswith("b: letters\n")


@pytest.mark.parametrize(
    "header",
    [
        {"__metadata__": {"rnnlib": 1}},
        {"__metadata__": {"format": "pt"}},
        {"__metadata__": {**METADATA, "config": "task nothing\n"}},
        {"__metadata__": {**METADATA, "config": ""}},
        {"__metadata__": {**METADATA, "labels": "{}"}},
        {"__metadata__": {**METADATA, "recipe": "["}},
        {"__metadata__": {**METADATA, "scores": '{"test": {"labelError": "low"}}'}},
        {"__metadata__": METADATA, "w": 1},
        {"__metadata__": METADATA, "w": {"dtype": "F16", "shape": [-1]}},
        {"__metadata__": METADATA, "w": {"shape": [1]}},
    ],
)
def test_hostile_headers(own: Path, header: object) -> None:
    write_header(own / "a.safetensors", header)
    with pytest.raises(rnn.FormatError, match=r"a\.safetensors: "):
        rnn.models()


def test_the_command_lists_them(own: Path, capsys: Capture) -> None:
    assert run_cli("models") == 0
    assert "there is none: looked in " in capsys.readouterr().out
    write_model(own / "a.safetensors")
    assert run_cli("models") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "a: letters"
    assert lines[1].startswith("  12 weights, 2 labels, 0.00 MB: ")
    assert lines[3] == "  test: ctcError 1.5, labelError 1.23 %"
    assert lines[-3:] == ["  license: CC-BY-4.0", "  attribution: somebody", "  source: somewhere"]
    assert run_cli("models", "--format", "json") == 0
    (record,) = json.loads(capsys.readouterr().out)
    assert (record["name"], record["scores"]["test"]["labelError"]) == ("a", 0.0123)


class TestFraktur:
    """The network in models/."""

    @pytest.fixture(autouse=True)
    def models(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(zoo.VARIABLE, str(ROOT / "models"))

    @pytest.mark.parametrize("network", [["fraktur"], ["--model", "fraktur"], ["--model=fraktur"]])
    def test_read(self, network: list[str], capsys: Capture) -> None:
        assert run_cli("read", *network, str(LINES / "line1.pgm"), str(LINES / "line2.ppm")) == 0
        assert capsys.readouterr().out.splitlines() == TEXTS

    def test_the_option_may_stand_anywhere(self, capsys: Capture) -> None:
        assert run_cli("read", str(LINES / "line2.ppm"), "--format", "txt", "--model", "fraktur") == 0
        assert capsys.readouterr().out.splitlines() == TEXTS[1:]
        assert run_cli("read", str(LINES / "line2.ppm"), "--model") == 2
        assert "--model: expected the name of a trained network" in capsys.readouterr().err

    def test_in_python(self) -> None:
        network = rnn.Network.load_model("fraktur")
        assert network.read(LINES / "line1.pgm").text == TEXTS[0]

    def test_other_commands_take_it(self, capsys: Capture) -> None:
        assert run_cli("info", "fraktur") == 0
        assert "license: Apache-2.0\n" in capsys.readouterr().out
        assert run_cli("predict", "--model", "fraktur", "nowhere.nc") == 1
        assert "nowhere.nc" in capsys.readouterr().err
        assert run_cli("evaluate", "fraktur", "nowhere.nc") == 1
        assert "nowhere.nc" in capsys.readouterr().err

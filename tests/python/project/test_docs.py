# SPDX-License-Identifier: Apache-2.0
"""What docs/ says is so: names, keys, commands, printed tables, drawings, code. (Links and markup: ci/docs.sh.)"""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from compile_cython import compile_module
from pages import code_blocks

import rnnlib_py as rnn
from rnnlib_py.config import is_key
from rnnlib_py.runner import Runner

ROOT = Path(__file__).parents[3]
PAGES = {path.name: path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").glob("*.md"))}
OTHER_PAGES = {
    str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
    for pattern in ("*.md", "benchmarks/*.md", "docs/tutorials/*.md", "examples/*/*.md", "tests/*/*.md")
    for path in sorted(ROOT.glob(pattern))
}
ALL_PAGES = {**PAGES, **OTHER_PAGES}


def module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def blocks(page: str, language: str) -> list[str]:
    return code_blocks(PAGES[page], language)


def test_the_reference_has_every_public_name() -> None:
    found = re.findall(r"(?:autoapi\w+|py:data):: rnnlib_py\.(\w+)(?![\w.])", PAGES["python.md"])
    assert sorted(found) == sorted(rnn.__all__)


@pytest.mark.parametrize("page", ["concepts.md", "getting-started.md"])
def test_keys_exist(page: str) -> None:
    code = re.findall(r"`([^`\n]+)`", PAGES[page])
    keys = {words[0] for words in map(str.split, code) if re.fullmatch(r"[a-z]+[A-Z]\w*", words[0])}
    assert len(keys) > 5
    assert not [key for key in keys - {"ctcError", "labelError", "seqError"} if not is_key(key)]


def test_the_commands_shown_exist() -> None:
    shown = {
        name
        for text in ALL_PAGES.values()
        for name in re.findall(r"(?:`|^    )rnnlib-py ([a-z][a-z-]*)(?![\w.])", text, flags=re.MULTILINE)
    }
    listed = subprocess.run(
        [sys.executable, "-m", "rnnlib_py", "--help"], capture_output=True, text=True, check=True
    ).stdout
    known = set(re.findall(r"^ +([a-z][a-z-]+)", listed, flags=re.MULTILINE))
    assert {"train", "check"} <= shown
    assert not shown - known


def test_the_modules_and_names_shown_exist() -> None:
    text = "\n".join(ALL_PAGES.values())
    modules = set(re.findall(r"python -m (rnnlib_py[\w.]*\w)", text))
    assert "rnnlib_py.selftest" in modules
    assert not [name for name in modules if importlib.util.find_spec(name) is None]
    names = set(re.findall(r"(?<!from )\b(?:rnn|rnnlib_py)\.([A-Za-z]\w*)", text))
    assert {"train", "Dataset"} <= names
    assert not [name for name in names if not hasattr(rnn, name) and not importlib.util.find_spec(f"rnnlib_py.{name}")]


def test_the_printed_network_is_the_real_one() -> None:
    _, printed = blocks("concepts.md", "text")
    config = rnn.Config(
        task="transcription",
        trainFile=str(ROOT / "examples" / "digit_lines" / "train.nc"),
        inputBlock=[2, 2],
        hiddenSize=[2, 10],
        hiddenBlock=[[2, 4]],
        subsampleSize=6,
    )
    report = str(rnn.check(config))
    assert printed in report


def test_the_convolutions_of_the_page_suit_its_data(tmp_path: Path) -> None:
    text, _ = blocks("concepts.md", "text")
    data = ROOT / "examples" / "digit_lines" / "train.nc"
    (tmp_path / "x.config").write_text(f"{text}trainFile {data}\n", encoding="utf-8")
    report = rnn.check(rnn.Config.read(tmp_path / "x.config"))
    assert report.errors == []
    assert "join_1" in str(report)


def test_the_drawings_are_those_of_their_program() -> None:
    folder = ROOT / "docs" / "drawings"
    pictures = module(folder / "make.py").PICTURES
    assert {f"{name}.svg" for name in pictures} == {path.name for path in folder.glob("*.svg")}
    for name, draw in pictures.items():
        made = (folder / f"{name}.svg").read_text(encoding="utf-8")
        assert made == draw(), f"{name}.svg: run python docs/drawings/make.py"
        assert f"drawings/{name}.svg" in PAGES["concepts.md"]


def test_the_cython_code_of_the_embedding_guide(tmp_path: Path) -> None:
    (code,) = blocks("embedding.md", "cython")
    (tmp_path / "line.pyx").write_text(code, encoding="utf-8")
    made = compile_module(tmp_path / "line.pyx", tmp_path)
    config = rnn.Config(task="transcription", hiddenSize=4, initWeightRange=2, randSeed=3)
    network = rnn.Network.build(config, rnn.DataHeader(2, 1, 0, ["a", "b"]))
    image = np.random.default_rng(1).normal(size=(30, 9)).astype(np.float32)
    labels = np.zeros(30, dtype=np.int64)
    count = made.read_line(Runner(network), image, labels)
    expected = network.predict(rnn.Sequence(image[:, :, np.newaxis], None))[0].indices
    assert count > 0
    assert labels[:count].tolist() == expected.tolist()


# --- the check of the site ---


def site_check() -> ModuleType:
    return module(ROOT / "ci" / "check_site.py")


def test_links_that_lead_nowhere_are_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.html").write_text(
        '<a href="b.html#here">x</a><a href="b.html#there">x</a><a href="c.html">x</a><a href="https://x.org/">x</a>'
        '<img src="p.svg"><script src="https://cdn.x.org/x.js"></script><link rel="stylesheet" href="//x.org/f.css">'
    )
    (tmp_path / "b.html").write_text('<p id="here"><a href="#here">x</a><a href="a.html">x</a></p>')
    assert site_check().main(tmp_path) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        "a.html: loads https://cdn.x.org/x.js",
        "a.html: loads //x.org/f.css",
        "a.html: b.html#there: no such place on that page",
        "a.html: c.html leads nowhere",
        "a.html: p.svg leads nowhere",
        f"{tmp_path}: 6 links and files, 5 wrong",
    ]


def test_a_good_site(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text('<a id="x" href="#x">x</a>')
    assert site_check().main(tmp_path) == 0
    assert site_check().main(tmp_path / "none") == 1


def test_cells_that_warn_are_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.html").write_text(
        '<div class="output stream"></div><div class="output stderr highlight"></div><p class="stderr"></p>'
    )
    assert site_check().main(tmp_path) == 1
    assert capsys.readouterr().out.startswith("a.html: 1 of its cells write to the standard error\n")


# --- code that is not in a file of its own ---


def test_training_from_arrays_runs_as_shown(capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = blocks("training.md", "python")
    exec(code, {})
    assert set(re.findall(r"\w+", capsys.readouterr().out)) <= {"up", "down"}

# SPDX-License-Identifier: Apache-2.0
"""The rules for the trained networks in models/ (ci/models.py): the tree keeps them, and each can be broken."""

from __future__ import annotations

from pathlib import Path

import pytest
from ci_script import ROOT, run_script
from models import write_header, write_model

PAGE = "# x\n\n<!-- table: ci/models.py --write -->\n<!-- end of table -->\n\nend\n"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "models").mkdir()
    (tmp_path / "models/README.md").write_text(PAGE, encoding="utf-8")
    return tmp_path


def faults(tree: Path) -> list[str]:
    result = run_script("models.py", tree)
    assert result.returncode == (1 if result.stdout else 0), result.stderr
    return result.stdout.splitlines()


def test_this_tree_keeps_the_rules() -> None:
    result = run_script("models.py", ROOT)
    assert (result.returncode, result.stdout) == (0, ""), result.stdout + result.stderr


def test_the_table_is_made_of_the_files(tree: Path) -> None:
    write_model(tree / "models/letters.safetensors", description="letters | more")
    assert faults(tree) == ["models/README.md: the table is not that of the files: python ci/models.py --write"]
    assert run_script("models.py", tree, "--write").returncode == 0
    assert faults(tree) == []
    text = (tree / "models/README.md").read_text(encoding="utf-8")
    assert "| `letters` | letters \\| more | test: labelError 1.23 % | 12 | 0.00 MB | CC-BY-4.0: somebody; " in text
    assert text.endswith("<!-- end of table -->\n\nend\n")
    (tree / "models/README.md").write_text("# x\n", encoding="utf-8")
    assert faults(tree) == ["models/README.md: has no place for the table"]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"dtype": "F32"}, "has weights of F32, expected float16"),
        ({"more": 2_000_000}, "bytes, at most 2,000,000 are allowed"),
        ({"license": None}, "does not say its license"),
        ({"attribution": " "}, "does not say its attribution"),
        ({"recipe": None}, "has no recipe, and does not say what its inputs are"),
        ({"scores": "[]"}, "scores: expected a JSON object"),
        ({"scores": "{"}, "scores: "),
        ({"config": "task transcription\ntrainFile train.nc\n"}, "its config names a file (trainFile train.nc)"),
        ({"config": "languageModel words.arpa\n"}, "its config names a file (languageModel words.arpa)"),
        ({"config": "x /home/somebody\n"}, "its config names a place of somebody's machine"),
    ],
)
def test_faults(tree: Path, changes: dict[str, str], fault: str) -> None:
    write_model(tree / "models/a.safetensors", **changes)  # type: ignore[arg-type]
    found = faults(tree)
    assert len(found) == 1
    assert found[0].startswith("models/a.safetensors: ")
    assert fault in found[0]


def test_files_that_are_damaged(tree: Path) -> None:
    (tree / "models/a.safetensors").write_bytes(b"abc")
    write_header(tree / "models/b.safetensors", {"w": {}})
    assert faults(tree) == [
        "models/a.safetensors: is no safetensors file, or a damaged one",
        "models/b.safetensors: has no metadata",
    ]


def test_all_together_have_a_limit(tree: Path) -> None:
    for name in "abcdefg":
        write_model(tree / f"models/{name}.safetensors", more=1_900_000)
    assert [fault for fault in faults(tree) if "12,000,000" in fault]

# SPDX-License-Identifier: Apache-2.0
"""Files that other people's tools read: citation, workflows, hooks, recipes. They are whole, and they agree."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from ci_script import ROOT, write

import rnnlib_py as rnn

REPOSITORY = "https://github.com/rnnlib-py/rnnlib-py"
GITHUB = ROOT / ".github"
YAML = [*GITHUB.rglob("*.yml"), ROOT / ".pre-commit-config.yaml", ROOT / ".readthedocs.yaml", ROOT / "CITATION.cff"]
WITH_GITHUB = pytest.mark.skipif(not GITHUB.is_dir(), reason="the source distribution has no .github")


def load(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", YAML, ids=lambda path: path.name)
def test_yaml_is_yaml_and_says_what_it_is(path: Path) -> None:
    assert load(path)
    assert path.read_text(encoding="utf-8").startswith("# SPDX-License-Identifier: Apache-2.0\n")


def test_the_citation() -> None:
    citation = load(ROOT / "CITATION.cff")
    assert {"cff-version", "message", "title", "authors"} <= set(citation)
    assert citation["repository-code"] == REPOSITORY
    assert len(citation["references"]) >= 4
    for reference in citation["references"]:
        assert {"type", "title", "authors", "year"} <= set(reference)
        assert reference["authors"][0] == {"family-names": "Graves", "given-names": "Alex"}


def test_one_address_everywhere() -> None:
    listed = subprocess.run(
        ["git", "grep", "-hoE", r"github\.com/rnnlib[A-Za-z0-9_./-]*"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.split()
    assert not [found for found in listed if not found.startswith("github.com/rnnlib-py/rnnlib-py")]
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert f'Homepage = "{REPOSITORY}"' in text


@WITH_GITHUB
def test_workflows_run_scripts_that_exist() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in (GITHUB / "workflows").glob("*.yml"))
    scripts = set(re.findall(r"\b(?:bash|python3?) (ci/[\w./]+)", text))
    assert {"ci/test.sh", "ci/check_release.py"} <= scripts
    assert not [name for name in scripts if not (ROOT / name).is_file()]


@WITH_GITHUB
def test_the_release_is_tried_on_the_test_index_first() -> None:
    jobs = load(GITHUB / "workflows" / "release.yml")["jobs"]
    order = ["github"]
    while "needs" in jobs[order[-1]]:
        order.append(jobs[order[-1]]["needs"])
    assert order[::-1] == list(jobs) == ["check", "build", "test-index", "try", "index", "github"]
    for name, environment in (("test-index", "testpypi"), ("index", "pypi")):
        assert jobs[name]["environment"] == environment
        assert jobs[name]["permissions"] == {"id-token": "write"}
    assert jobs["build"]["uses"] == "./.github/workflows/wheels.yml"
    wheels = load(GITHUB / "workflows" / "wheels.yml")
    assert "workflow_call" in wheels[True]  # YAML 1.1 reads `on` so


@WITH_GITHUB
def test_templates_ask_for_something() -> None:
    for name in ("fault", "wish"):
        form = load(GITHUB / "ISSUE_TEMPLATE" / f"{name}.yml")
        assert {"name", "description", "body"} <= set(form)
        assert any(field.get("validations", {}).get("required") for field in form["body"])


def test_hooks_run_our_own_checks() -> None:
    (repository,) = load(ROOT / ".pre-commit-config.yaml")["repos"]
    assert repository["repo"] == "local"
    entries = [hook["entry"].split() for hook in repository["hooks"]]
    scripts = {words[1] for words in entries if words[0] == "python"}
    assert not [name for name in scripts if not (ROOT / name).is_file()]
    lint = (ROOT / "ci" / "lint.sh").read_text(encoding="utf-8")
    assert not [name for name in scripts if name not in lint]
    assert {words[0] for words in entries} == {"ruff", "clang-format", "python"}


def test_read_the_docs_makes_the_same_site() -> None:
    settings = load(ROOT / ".readthedocs.yaml")
    named = [settings["sphinx"]["configuration"], settings["python"]["install"][0]["requirements"]]
    assert not [name for name in named if not (ROOT / name).is_file()]
    assert named[1] in (ROOT / "ci" / "docs.sh").read_text(encoding="utf-8")


def run(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / script), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_recipes_are_made_of_an_sdist(tmp_path: Path) -> None:
    sdist = tmp_path / f"rnnlib_py-{rnn.__version__}.tar.gz"
    sdist.write_bytes(b"an archive")
    made = run("packaging/make.py", str(sdist), str(tmp_path / "made"))
    assert made.returncode == 0, made.stderr
    texts = {Path(line).name: Path(line).read_text(encoding="utf-8") for line in made.stdout.splitlines()}
    assert {"recipe.yaml", "conanfile.py", "portfile.cmake", "vcpkg.json"} <= set(texts)
    assert not [name for name, text in texts.items() if re.search(r"@[A-Z0-9]+@", text)]
    address = f"{REPOSITORY}/releases/download/v{rnn.__version__}/{sdist.name}"
    recipe = yaml.safe_load(texts["recipe.yaml"])
    assert recipe["source"] == {"url": address, "sha256": hashlib.sha256(b"an archive").hexdigest()}
    assert hashlib.sha512(b"an archive").hexdigest() in texts["portfile.cmake"]
    assert json.loads(texts["vcpkg.json"])["version"] == rnn.__version__
    wrong = run("packaging/make.py", str(tmp_path / "x.zip"), str(tmp_path / "made"))
    assert (wrong.returncode, wrong.stderr) == (1, f"{tmp_path / 'x.zip'}: expected a file rnnlib_py-VERSION.tar.gz\n")


CHANGES = "# Changelog\n\n## [Unreleased]\n\n## [1.2.3] - 2027-01-31\n\n### Added\n\n- All.\n\n[1.2.3]: https://x.org\n"


@pytest.mark.parametrize(
    ("reference", "version", "changes", "says"),
    [
        (
            "refs/heads/main",
            "1.2.3",
            CHANGES,
            "expected a tag v1.2.3, found refs/heads/main: run the workflow on the tag",
        ),
        ("refs/tags/v1.2.3", "1.2.4", CHANGES, "the tag is v1.2.3, but cpp/CMakeLists.txt says 1.2.4"),
        (
            "refs/tags/v1.2.3",
            "1.2.3",
            CHANGES.replace("1.2.3", "1.2.2"),
            "the tag is v1.2.3, but the latest version in CHANGELOG.md is [1.2.2] - 2027-01-31",
        ),
        (
            "refs/tags/v1.2.3",
            "1.2.3",
            "# Changelog\n\n## [Unreleased]\n",
            "the tag is v1.2.3, but the latest version in CHANGELOG.md is nothing",
        ),
    ],
)
def test_a_tag_that_cannot_be_released(reference: str, version: str, changes: str, says: str, tmp_path: Path) -> None:
    write(tmp_path, "cpp/CMakeLists.txt", f"project(rnnlib VERSION {version} LANGUAGES CXX)\n")
    write(tmp_path, "CHANGELOG.md", changes)
    done = run("ci/check_release.py", reference, str(tmp_path))
    assert (done.returncode, done.stdout, done.stderr) == (1, "", f"{says}\n")


def test_a_tag_that_can(tmp_path: Path) -> None:
    write(tmp_path, "cpp/CMakeLists.txt", "project(rnnlib VERSION 1.2.3 LANGUAGES CXX)\n")
    write(tmp_path, "CHANGELOG.md", CHANGES)
    done = run("ci/check_release.py", "refs/tags/v1.2.3", str(tmp_path))
    assert (done.returncode, done.stdout) == (0, "### Added\n\n- All.\n")

# SPDX-License-Identifier: Apache-2.0
"""The check of the changelog's form (ci/check_changelog.py)."""

from __future__ import annotations

from pathlib import Path

import pytest
from ci_script import ROOT, run_script, write

GOOD = """# Changelog

What changed.

## [Unreleased]

### Added

- One thing,
  which is long.

## [0.10.0] - 2027-01-31

### Changed

- Another.

### Fixed

- A third.

## [0.2.0] - 2026-12-01

### Added

- All.

[Unreleased]: https://x.org/compare/v0.10.0...HEAD
[0.10.0]: https://x.org/tag/v0.10.0
[0.2.0]: https://x.org/tag/v0.2.0
"""


def test_ours() -> None:
    result = run_script("check_changelog.py", ROOT)
    assert (result.returncode, result.stdout) == (0, ""), result.stdout


def test_a_good_one(tmp_path: Path) -> None:
    write(tmp_path, "CHANGELOG.md", GOOD)
    result = run_script("check_changelog.py", tmp_path)
    assert (result.returncode, result.stdout) == (0, "")


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("# Changelog\n", "# News\n", '1: the first line is not "# Changelog"'),
        ("## [Unreleased]", "## 0.11.0 (unreleased)", '5: "0.11.0 (unreleased)" is neither "[Unreleased]" nor'),
        ("- 2027-01-31", "- 31.1.2027", "12: [0.10.0] has no date like 2027-01-31"),
        (" - 2026-12-01", "", "22: [0.2.0] has no date like 2027-01-31"),
        ("## [0.2.0]", "## [0.11.0]", "22: [0.11.0] stands below an older version"),
        ("[0.2.0]: https://x.org/tag/v0.2.0\n", "", "22: [0.2.0] has no link target"),
        ("### Fixed", "### Repaired", '18: "Repaired" is none of Added, Changed,'),
        ("### Fixed", "### Changed", '18: there is a second section "Changed" of [0.10.0] - 2027-01-31'),
        ("### Added\n\n- One", "- One", "7: a change that stands in no section such as Added"),
        ("- Another.", "Another.", "16: neither a change (- ...) nor the rest of one"),
    ],
)
def test_a_fault_is_found(before: str, after: str, says: str, tmp_path: Path) -> None:
    assert before in GOOD
    write(tmp_path, "CHANGELOG.md", GOOD.replace(before, after, 1))
    result = run_script("check_changelog.py", tmp_path)
    assert result.returncode == 1
    assert f"CHANGELOG.md:{says}" in result.stdout


def test_no_changelog(tmp_path: Path) -> None:
    result = run_script("check_changelog.py", tmp_path)
    assert (result.returncode, result.stderr) == (2, f"{tmp_path}: expected CHANGELOG.md, found none\n")

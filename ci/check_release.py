# SPDX-License-Identifier: Apache-2.0
"""Whether a tag can be released: its version is the engine's, and the changelog has it as the latest one, with a date.

Usage: python ci/check_release.py refs/tags/v1.2.3 [ROOT]. Prints the version's part of the changelog; exit status 1 and
a line on standard error where something is wrong.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path


def notes(reference: str, root: Path) -> str:
    """The changelog of the version that the tag names. Exits with a message where they disagree."""
    match = re.fullmatch(r"refs/tags/v(\d+\.\d+\.\d+)", reference)
    if match is None:
        sys.exit(f"expected a tag v1.2.3, found {reference}: run the workflow on the tag")
    cmake = (root / "cpp" / "CMakeLists.txt").read_text(encoding="utf-8")
    built = re.findall(r"project\(rnnlib VERSION ([0-9.]+)", cmake)
    if built != [match[1]]:
        sys.exit(f"the tag is v{match[1]}, but cpp/CMakeLists.txt says {' '.join(built)}")
    parts = re.split(r"^## ", (root / "CHANGELOG.md").read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    latest = next((part for part in parts if not part.startswith("[Unreleased]")), "nothing")
    title, _, text = latest.partition("\n")
    if not title.startswith(f"[{match[1]}] - "):
        sys.exit(f"the tag is v{match[1]}, but the latest version in CHANGELOG.md is {title}")
    return re.sub(r"^\[[^\]]+\]: \S+\n", "", text, flags=re.MULTILINE).strip()


if __name__ == "__main__":
    print(notes(sys.argv[1], Path(sys.argv[2]) if len(sys.argv) > 2 else Path(__file__).resolve().parents[1]))

# SPDX-License-Identifier: Apache-2.0
"""Makes the recipes of this folder ready: version, address and checksums of a source distribution take their places.

Usage: python packaging/make.py SDIST FOLDER [URL]. SDIST: rnnlib_py-1.2.3.tar.gz; FOLDER: is made anew; URL: where the
sdist will be (default: among the files of the release on GitHub).
"""

from __future__ import annotations

import hashlib
import re
import shutil
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
RECIPES = ("conda", "conan", "vcpkg")
RELEASES = "https://github.com/rnnlib-py/rnnlib-py/releases/download"


def values(sdist: Path, url: str | None) -> dict[str, str]:
    """What stands for each @NAME@. Exits with a message where the file is no source distribution."""
    match = re.fullmatch(r"rnnlib_py-([0-9.]+)\.tar\.gz", sdist.name)
    if match is None:
        sys.exit(f"{sdist}: expected a file rnnlib_py-VERSION.tar.gz")
    content = sdist.read_bytes()
    return {
        "VERSION": match[1],
        "URL": url or f"{RELEASES}/v{match[1]}/{sdist.name}",
        "SHA256": hashlib.sha256(content).hexdigest(),
        "SHA512": hashlib.sha512(content).hexdigest(),
    }


def make(sdist: Path, folder: Path, url: str | None = None) -> list[Path]:
    """The files that were written."""
    known = values(sdist, url)
    shutil.rmtree(folder, ignore_errors=True)
    made = []
    for source in sorted(path for recipe in RECIPES for path in (HERE / recipe).rglob("*") if path.is_file()):
        if "__pycache__" in source.parts or "build" in source.relative_to(HERE).parts:
            continue
        target = folder / source.relative_to(HERE)
        target.parent.mkdir(parents=True, exist_ok=True)
        text = source.read_text(encoding="utf-8")
        target.write_text(re.sub(r"@([A-Z0-9]+)@", lambda name: known[name[1]], text), encoding="utf-8")
        made.append(target)
    return made


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(f"usage: {sys.argv[0]} SDIST FOLDER [URL]")
    for path in make(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:]):
        print(path)

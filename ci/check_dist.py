# SPDX-License-Identifier: Apache-2.0
"""Checks that a source distribution or a wheel holds what it must and nothing else, and lists a wheel's libraries.

Usage: python ci/check_dist.py FILE.tar.gz|FILE.whl ... Prints a line per file, with what is wrong; exit status 1 when
anything is.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

# What may be in a wheel, by its whole name; every pattern must match something, but those of LIBRARIES.
WHEEL = [
    r"rnnlib_py/(\w+/)*\w+\.py",
    r"rnnlib_py/py\.typed",
    r"rnnlib_py/(_core|_cpu|_labels|runner)\.pyi",
    r"rnnlib_py/(__init__|runner)\.pxd",
    r"rnnlib_py/(_cpu|_labels|runner)\.[\w.-]+\.(so|pyd)",
    r"rnnlib_py/_isa/\w+/_core\.[\w.-]+\.(so|pyd)",
    r"rnnlib_py/demo/digit_lines\.config",
    r"rnnlib_py/text/correction/page\.(html|css|js)",
    r"rnnlib_py-[\w.]+\.data/data/share/man/man1/rnnlib-py\.1",
    r"rnnlib_py-[\w.]+\.dist-info/(METADATA|WHEEL|RECORD|entry_points\.txt)",
    r"rnnlib_py-[\w.]+\.dist-info/licenses/(LICENSE|NOTICE)",
]
LIBRARIES = [
    r"rnnlib_py-[\w.]+\.dist-info/sboms/auditwheel\.cdx\.json",  # what auditwheel put in
    r"rnnlib_py\.libs/msvcp[\w.-]*\.dll",  # Windows: delvewheel
    r"rnnlib_py-[\w.]+\.data/platlib/[\w.-]+\.dll",
]
# Folders and files of the repository that are no part of the source distribution.
NOT_IN_SDIST = (".ci/", ".github/")


def version() -> str:
    """The version number of cpp/CMakeLists.txt, the only one."""
    text = (ROOT / "cpp" / "CMakeLists.txt").read_text(encoding="utf-8")
    match = re.search(r"project\(rnnlib VERSION ([0-9.]+)", text)
    assert match is not None
    return match[1]


def check_wheel(path: Path) -> Iterator[str]:
    with zipfile.ZipFile(path) as wheel:
        names = [name for name in wheel.namelist() if not name.endswith("/")]  # folders: auditwheel lists them
        metadata = next(wheel.read(name).decode() for name in names if name.endswith(".dist-info/METADATA"))
    if f"\nVersion: {version()}\n" not in metadata:
        yield f"its version is not {version()}"
    for name in names:
        if not any(re.fullmatch(pattern, name) for pattern in WHEEL + LIBRARIES):
            yield f"{name} should not be there"
    for pattern in WHEEL:
        if not any(re.fullmatch(pattern, name) for name in names):
            yield f"nothing like {pattern} is there"


def check_sdist(path: Path) -> Iterator[str]:
    """All that git has, or would take, but NOT_IN_SDIST."""
    with tarfile.open(path) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()} - {""}
        folder = sdist.getnames()[0].partition("/")[0]
    if folder != f"rnnlib_py-{version()}":
        yield f"its folder is {folder}"
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    wanted = {n for n in listed.stdout.splitlines() if (ROOT / n).exists() and not n.startswith(NOT_IN_SDIST)}
    for name in sorted(wanted - names):
        yield f"{name} is missing"
    for name in sorted(names - wanted - {"PKG-INFO"}):
        yield f"{name} should not be there"


def needed_libraries(wheel: Path) -> dict[str, list[str]]:
    """Compiled file -> the libraries that it names (Linux: by objdump or readelf, when there is one)."""
    found: dict[str, list[str]] = {}
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if not name.endswith(".so"):
                continue
            try:
                done = subprocess.run(
                    ["objdump", "-p", archive.extract(name, folder)], capture_output=True, text=True, check=True
                )
            except (OSError, subprocess.CalledProcessError):
                return {}
            found[name] = re.findall(r"^\s*NEEDED\s+(\S+)", done.stdout, flags=re.MULTILINE)
    return found


def main(paths: list[Path]) -> int:
    failed = False
    for path in paths:
        faults = list(check_wheel(path) if path.suffix == ".whl" else check_sdist(path))
        print(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB, {'; '.join(faults) or 'holds what it should'}")
        failed = failed or bool(faults)
        if path.suffix == ".whl":
            for name, libraries in needed_libraries(path).items():
                print(f"  {name}: {', '.join(libraries)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main([Path(argument) for argument in sys.argv[1:]]))

# SPDX-License-Identifier: Apache-2.0
"""Holds the rules for the trained networks in models/ (docs/models.md) and fails when one is broken: sizes, 16 bits,
what a file must say, no files of somebody's machine; and the table in models/README.md, which is made of the files.

Usage: python ci/models.py [ROOT], or --write to renew the table. Prints one line per fault; exit status 1 when there
are any. It reads the files' headers and needs no packages.
"""

from __future__ import annotations

import json
import math
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from faults import run_check

LARGEST = 2_000_000  # bytes of a file
LARGEST_TOGETHER = 12_000_000
LARGEST_HEADER = 2**22
NEEDED = ["config", "labels", "scores", "description", "license", "attribution", "source"]
OBJECTS = ["recipe", "scores"]  # as JSON
FILE_KEYS = ["trainFile", "valFile", "testFile", "warmStart", "dumpPath", "dictionary", "bigrams", "languageModel"]
README = "models/README.md"
BEGIN = "<!-- table: ci/models.py --write -->\n"
TABLE = re.compile(rf"({re.escape(BEGIN)}).*?(<!-- end of table -->\n)", re.DOTALL)
HIDDEN_SCORES = {"ctcError", "substitutions", "deletions", "insertions"}


def read_header(path: Path) -> dict[str, Any]:
    """Of a safetensors file. ValueError for a damaged one."""
    content = path.read_bytes()
    size = int.from_bytes(content[:8], "little")
    if not 0 < size <= min(LARGEST_HEADER, len(content) - 8):
        raise ValueError("is no safetensors file, or a damaged one")
    header = json.loads(content[8 : 8 + size])
    if not isinstance(header, dict) or not isinstance(header.get("__metadata__"), dict):
        raise ValueError("has no metadata")
    return header


def model_files(root: Path) -> list[Path]:
    return sorted((root / "models").glob("*.safetensors"))


def check_file(path: Path) -> Iterator[str]:
    """What is wrong with a network's file."""
    if path.stat().st_size > LARGEST:
        yield f"has {path.stat().st_size:,} bytes, at most {LARGEST:,} are allowed"
    try:
        header = read_header(path)
    except ValueError as error:
        yield str(error)
        return
    metadata = header.pop("__metadata__")
    types = {tensor["dtype"] for tensor in header.values()}
    if types != {"F16"}:
        yield f"has weights of {', '.join(sorted(types))}, expected float16: rnnlib-py export --dtype float16"
    for name in NEEDED:
        if not metadata.get(name, "").strip():
            yield f"does not say its {name}: rnnlib-py export --metadata {name}=..."
    if not metadata.get("recipe") and not metadata.get("inputs", "").strip():
        yield "has no recipe, and does not say what its inputs are: rnnlib-py export --metadata inputs=..."
    for name in OBJECTS:
        try:
            if name in metadata and not isinstance(json.loads(metadata[name]), dict):
                yield f"{name}: expected a JSON object"
        except ValueError as error:
            yield f"{name}: {error}"
    for line in metadata.get("config", "").splitlines():
        key, _, value = line.partition(" ")
        if key in FILE_KEYS:
            yield f"its config names a file ({line})"
        elif value.startswith("/"):
            yield f"its config names a place of somebody's machine ({line})"


def check(root: Path) -> list[str]:
    """All faults of the tree at `root`."""
    files = model_files(root)
    faults = [f"{path.relative_to(root).as_posix()}: {fault}" for path in files for fault in check_file(path)]
    together = sum(path.stat().st_size for path in files)
    if together > LARGEST_TOGETHER:
        faults.append(f"models: has {together:,} bytes, at most {LARGEST_TOGETHER:,} are allowed")
    if not faults:
        text = (root / README).read_text(encoding="utf-8")
        if TABLE.search(text) is None:
            faults.append(f"{README}: has no place for the table")
        elif with_table(text, files) != text:
            faults.append(f"{README}: the table is not that of the files: python ci/models.py --write")
    return faults


def with_table(text: str, files: list[Path]) -> str:
    """The page with the table of these files."""
    rows = "".join(row(path) for path in files)
    head = "| name | what it reads | errors | weights | size | data |\n| --- | --- | --- | --- | --- | --- |\n"
    return TABLE.sub(lambda match: f"{match[1]}\n{head}{rows}\n{match[2]}", text)


def row(path: Path) -> str:
    header = read_header(path)
    metadata = header.pop("__metadata__")
    weights = sum(math.prod(tensor["shape"]) for tensor in header.values())
    cells = [
        f"`{path.stem}`",
        metadata["description"],
        scores_text(json.loads(metadata["scores"])),
        f"{weights:,}",
        f"{path.stat().st_size / 1e6:.2f} MB",
        f"{metadata['license']}: {metadata['attribution']}; {metadata['source']}",
    ]
    return "| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in cells) + " |\n"


def scores_text(scores: dict[str, dict[str, float]]) -> str:
    """Of the sets that the network did not learn from."""
    parts = []
    for name, errors in scores.items():
        shown = [f"{error} {rate(value)}" for error, value in errors.items() if error not in HIDDEN_SCORES]
        if name != "train" and shown:
            parts.append(f"{name}: {', '.join(shown)}")
    return "; ".join(parts)


def rate(value: float) -> str:
    return f"{100 * value:.2f} %" if 0 <= value <= 1 else f"{value:.4g}"


def write(root: Path) -> None:
    """Renews the table."""
    page = root / README
    page.write_text(with_table(page.read_text(encoding="utf-8"), model_files(root)), encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--write"]:
        write(Path(sys.argv[2]) if len(sys.argv) > 2 else Path(__file__).resolve().parent.parent)
        sys.exit(0)
    sys.exit(run_check(check, README, lambda root: (root / README).is_file()))

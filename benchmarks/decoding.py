# SPDX-License-Identifier: Apache-2.0
"""How many sequences per second decoders read, with one thread: python benchmarks/decoding.py [--pyctcdecode PYTHON].

The outputs are made (decoding_data.py): 200 points of 80 labels and the blank, peaky ones like those of a trained
network and flat ones as the worst case. PYTHON is the interpreter of an environment with pyctcdecode (which needs
numpy 1 and kenlm), and perhaps flashlight-text: they read the same outputs with the same beam, one after another.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from itertools import pairwise
from pathlib import Path
from typing import Any

WORKER = Path(__file__).with_name("decoding_worker.py")
MODULES = {"pyctcdecode": "pyctcdecode", "flashlight": "flashlight.lib.text"}
# The least log probability of a label, and how far behind the best a labelling may be: those of pyctcdecode, and ours.
PRUNING = {"narrow": (-5.0, 10.0), "wide": (-9.2, 20.0)}
CASES = [(0, "none"), *((width, model) for model in ("none", "dictionary", "ngram") for width in (16, 100))]


def systems(python: str | None) -> dict[str, str]:
    """The programs that can be compared, and their interpreters."""
    found = {"rnnlib": sys.executable}
    for system, module in MODULES.items():
        command = [python or "", "-c", f"import {module}"]
        if python and subprocess.run(command, capture_output=True, check=False).returncode == 0:
            found[system] = python
    return found


def can_read(system: str, width: int, model: str) -> bool:
    if width == 0:
        return system == "rnnlib"
    return system != "pyctcdecode" or model != "dictionary"


def run(python: str, folder: Path, request: dict[str, Any]) -> dict[str, Any]:
    command = [python, str(WORKER), str(folder), json.dumps(request)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    result: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return result


def error_rate(texts: list[str], references: list[str]) -> float:
    """Edit distance over the length of the references."""
    errors = 0
    for text, reference in zip(texts, references, strict=True):
        row = list(range(len(reference) + 1))
        for i, a in enumerate(text, 1):
            following = [i]
            for (corner, above), b in zip(pairwise(row), reference, strict=True):
                following.append(min(corner + (a != b), above + 1, following[-1] + 1))
            row = following
        errors += row[-1]
    return errors / sum(len(reference) for reference in references)


def compare(folder: Path, outputs: str, pruning: str, python: dict[str, str], seconds: float) -> None:
    references = json.loads((folder / "texts.json").read_text(encoding="utf-8"))
    print(f"\n{outputs} outputs, {pruning} pruning: sequences per second (label error; readings like those of rnnlib)")
    for width, model in CASES:
        cells, first = [], None
        for system, interpreter in python.items():
            if not can_read(system, width, model):
                continue
            request = {"system": system, "outputs": outputs, "model": model, "width": width, "seconds": seconds}
            request["pruning"] = PRUNING[pruning]
            result = run(interpreter, folder, request)
            texts = result["texts"]
            first = first or result
            same = sum(a == b for a, b in zip(texts, first["texts"], strict=False)) / min(
                len(texts), len(first["texts"])
            )
            error = error_rate(texts, references[: len(texts)])
            times = f", {first['rate'] / result['rate']:.1f} x" if result is not first else ""
            cells.append(f"{system} {result['rate']:.1f} ({error:.1%}; {same:.0%}{times})")
        name = "best path" if width == 0 else f"beam {width}, {model}"
        print(f"{name:22}" + "   ".join(cells), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pyctcdecode", metavar="PYTHON", help="interpreter of another environment")
    parser.add_argument("--sequences", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=2.0, help="for each decoder and case")
    parser.add_argument("--outputs", choices=["peaky", "flat"], nargs="+", default=["peaky", "flat"])
    parser.add_argument("--pruning", choices=list(PRUNING), nargs="+", default=["narrow", "wide"])
    options = parser.parse_args()
    from decoding_data import make_data

    with tempfile.TemporaryDirectory() as folder:
        make_data(Path(folder), options.sequences)
        python = systems(options.pyctcdecode)
        for outputs in options.outputs:
            for pruning in options.pruning:
                compare(Path(folder), outputs, pruning, python, options.seconds)


if __name__ == "__main__":
    main()

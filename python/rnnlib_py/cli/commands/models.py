# SPDX-License-Identifier: Apache-2.0
"""rnnlib-py models: the trained networks that can be named in place of a save."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Iterator

from rnnlib_py.cli.command import Command, CommandParser, Overrides
from rnnlib_py.model.zoo import VARIABLE, model_folders, models
from rnnlib_py.model.zoo_file import ModelInfo


def _add_options(parser: CommandParser) -> None:
    parser.add_argument("--format", choices=("text", "json"), default="text", help="json: a list of objects")


def _run(options: Namespace, _: Overrides) -> int:
    found = models(damaged=lambda text: print(f"rnnlib-py: left out: {text}", file=sys.stderr))
    if options.format == "json":
        print(json.dumps([_record(model) for model in found], ensure_ascii=False, indent=1))
        return 0
    for model in found:
        print("\n".join(_lines(model)))
    if not found:
        folders = ", ".join(str(folder) for folder in model_folders())
        print(f"there is none: looked in {folders}; {VARIABLE} names more folders")
    return 0


def _record(model: ModelInfo) -> dict[str, object]:
    return {
        "name": model.name,
        "path": str(model.path),
        "bytes": model.size,
        "task": model.task,
        "labels": model.num_labels,
        "weights": model.num_weights,
        "recipe": model.recipe,
        "scores": model.scores,
        "description": model.description,
        "license": model.license,
        "attribution": model.attribution,
        "source": model.source,
    }


def _lines(model: ModelInfo) -> Iterator[str]:
    yield f"{model.name}: {model.description or model.task}"
    yield f"  {model.num_weights:,} weights, {model.num_labels} labels, {model.size / 1e6:.2f} MB: {model.path}"
    for name, errors in model.scores.items():
        shown = ", ".join(score_text(error, value) for error, value in errors.items())
        yield f"  {name}: {shown}"
    for name in ("license", "attribution", "source"):
        if text := getattr(model, name):
            yield f"  {name}: {text}"


def score_text(error: str, value: float) -> str:
    """Rates in percent."""
    is_rate = error.endswith("Error") and 0 <= value <= 1 and error != "ctcError"
    return f"{error} {100 * value:.2f} %" if is_rate else f"{error} {value:.4g}"


COMMAND = Command(
    "models",
    "the trained networks that have names",
    "[--format text|json]",
    _add_options,
    _run,
    takes_keys=False,
)

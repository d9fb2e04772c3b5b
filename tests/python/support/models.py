# SPDX-License-Identifier: Apache-2.0
"""Safetensors files with any header, for tests of trained networks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

METADATA = {
    "rnnlib": "1",
    "config": "task transcription\nhiddenSize 2\n",
    "labels": '["a", "b"]',
    "recipe": '{"kind": "lines", "version": 1}',
    "scores": '{"train": {"labelError": 0.001}, "test": {"ctcError": 1.5, "labelError": 0.0123}}',
    "description": "letters",
    "license": "CC-BY-4.0",
    "attribution": "somebody",
    "source": "somewhere",
}


def write_model(path: Path, dtype: str = "F16", more: int = 0, **metadata: str | None) -> Path:
    """A file with one tensor of 3 x 4 weights, the metadata above with these changed or (None) without them, and some
    more bytes at its end."""
    texts = {name: text for name, text in {**METADATA, **metadata}.items() if text is not None}
    tensor = {"dtype": dtype, "shape": [3, 4], "data_offsets": [0, 24]}
    return write_header(path, {"__metadata__": texts, "w": tensor}, 24 + more)


def write_header(path: Path, header: Any, data: int = 24) -> Path:
    text = json.dumps(header).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(len(text).to_bytes(8, "little") + text + bytes(data))
    return path

# SPDX-License-Identifier: Apache-2.0
"""The JSON schema of configs: what it lets pass, Config takes; what Config refuses, it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import rnnlib_py as rnn
from rnnlib_py.config.schema import json_schema, schema_text

ROOT = Path(__file__).parents[3]
FILE = ROOT / "docs" / "config.schema.json"
CONFIGS = sorted(path for folder in ("examples", "python", "models") for path in (ROOT / folder).rglob("*.config"))


@pytest.fixture(scope="module")
def validator() -> Any:
    schema = json.loads(FILE.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_the_file_is_up_to_date() -> None:
    advice = "docs/config.schema.json is old: python -m rnnlib_py.config.schema > docs/config.schema.json"
    assert FILE.read_text(encoding="utf-8") == schema_text(), advice


def test_every_key_is_explained() -> None:
    properties = json_schema()["properties"]
    assert list(properties) == [key.name for key in rnn._core.key_table()]
    assert properties["hiddenSize"]["description"].startswith("Hidden units")
    assert properties["threads"] == {
        "description": properties["threads"]["description"],
        "type": "integer",
        "minimum": 1,
        "maximum": 4096,
    }
    assert properties["momentum"]["exclusiveMaximum"] == 1
    assert properties["momentum"]["default"] == 0.9


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.parent.name + "/" + path.name)
def test_our_configs_pass(path: Path, validator: Any) -> None:
    config = rnn.Config.read(path)
    values = {name: config[name] for name in config}
    assert not [error.message for error in validator.iter_errors(values)]
    assert {name: rnn.Config(values)[name] for name in values} == values


GOOD: list[dict[str, Any]] = [
    {},
    {"hiddenSize": 10},
    {"hiddenSize": [10, 20]},
    {"hiddenSize": "3*4,5"},
    {"poolSize": [[2, 2], [1, 2]]},
    {"poolSize": [2, 2]},
    {"poolSize": "2,2;1,2"},
    {"hiddenType": ["lstm", "tanh"]},
    {"hiddenType": "lstm,tanh"},
    {"bidirectional": [True, False]},
    {"bidirectional": "true,false"},
    {"learnRate": 1},
    {"learnRate": 1e-3},
    {"totalEpochs": -1},
    {"trainFile": ["a.nc", "b.nc"]},
    {"task": "transcription"},
]
BAD: list[dict[str, Any]] = [
    {"hidenSize": 10},
    {"hiddenSize": 0},
    {"hiddenSize": 1.5},
    {"hiddenSize": []},
    {"hiddenSize": [10, "x"]},
    {"hiddenSize": "10,x"},
    {"hiddenType": "lstn"},
    {"hiddenType": ["lstm", "lstn"]},
    {"bidirectional": "maybe"},
    {"learnRate": -1},
    {"momentum": 1},
    {"totalEpochs": -2},
    {"threads": 4097},
    {"maxTestsNoBest": 2.5},
    {"task": "translate"},
]


@pytest.mark.parametrize("values", GOOD, ids=str)
def test_good_values(values: dict[str, Any], validator: Any) -> None:
    assert validator.is_valid(values)
    config = rnn.Config(values)
    assert all(config[name] is not None for name in values)


@pytest.mark.parametrize("values", BAD, ids=str)
def test_bad_values(values: dict[str, Any], validator: Any) -> None:
    assert not validator.is_valid(values)
    with pytest.raises(rnn.ConfigError):
        rnn.Config(values)

# SPDX-License-Identifier: Apache-2.0
"""Networks whose upper levels have fewer dimensions, from training to pictures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tiny import images, run_cli, write_config, write_data

import rnnlib_py as rnn

Capture = pytest.CaptureFixture[str]
pytestmark = pytest.mark.usefixtures("folder")

JOINS: dict[str, dict[str, object]] = {
    "sum": {"levelDims": [2, 2, 1], "poolSize": [[2, 2], [1, 2]], "subsampleSize": [3]},
    "max": {"levelDims": [2, 1, 1], "joinRows": "max", "poolSize": [[2, 2]], "hiddenBlock": [[1, 2], [2]]},
    "concat": {"levelDims": [2, 1, 1], "joinRows": "concat", "joinHeight": 3, "hiddenBlock": [[2, 2]]},
    "input": {"levelDims": 1, "joinRows": "concat", "joinHeight": 6, "symmetry": [True, False]},
}


@pytest.mark.parametrize("how", JOINS)
def test_train_save_and_look(how: str, capsys: Capture) -> None:
    sequences = images(count=4, width=16, height=6)
    write_data(Path("images.nc"), sequences)
    write_config(Path("y.config"), trainFile="images.nc", autosave=True, hiddenSize=[2, 3, 3], **JOINS[how])
    run = rnn.train(rnn.Config.read("y.config"))
    assert len(run.history) == 2
    save = str(run.last_save)
    network = rnn.Network.load(save)
    joins = [layer for layer in network.graph.layers if layer.kind == "join"]
    assert [layer.name for layer in joins] == [{"sum": "join_1", "input": "input_join"}.get(how, "join_0")]

    x = sequences[0]["inputs"]
    expected = run.network.predict([x])[0]
    np.testing.assert_allclose(network.predict([x])[0].outputs, expected.outputs, atol=1e-6)
    assert expected.outputs.shape[:-1] == network.output_shape((16, 6))
    trace = network.trace({"inputs": x, "target": ["a"]})
    assert trace[f"{joins[0].name}_activations"].shape[:-1] == network.layer_shapes((16, 6))[joins[0].name]
    assert network.memory((16, 6))["train"] > 0
    assert network.jacobian(x, (0,))["input_errors"].shape == x.shape

    capsys.readouterr()
    for command in (["check", "y.config"], ["info", save], ["info", save, "--format", "dot"]):
        assert run_cli(*command) == 0
        assert joins[0].name in capsys.readouterr().out
    for command in (["predict", save, "images.nc"], ["dump", save, "-o", "d"], ["jacobian", save, "--coords=1"]):
        assert run_cli(*command) == 0
    assert run_cli("plot-weights", save, "-o", "w.png") == 0
    assert Path("w.png").stat().st_size > 1000


def test_other_heights_are_refused_by_name() -> None:
    write_data(Path("images.nc"), [*images(count=2, width=16, height=6), *images(count=1, width=16, height=8)])
    write_config(Path("y.config"), trainFile="images.nc", hiddenSize=[2, 3, 3], **JOINS["concat"])
    with pytest.raises(rnn.DataError, match=r"join_0.*joinHeight says 3"):
        rnn.train(rnn.Config.read("y.config"))


def test_smaller_blocks_in_the_dimensions_of_their_level() -> None:
    write_data(Path("images.nc"), images(count=2, width=8, height=4, target=3))
    values = {"trainFile": "images.nc", "hiddenSize": [2, 3], "levelDims": [2, 1], "poolSize": [[2, 2], [2]]}
    write_config(Path("y.config"), **values)
    (error,) = rnn.check(rnn.Config.read("y.config")).errors
    assert "all targets would fit with poolSize 1,2;2" in error

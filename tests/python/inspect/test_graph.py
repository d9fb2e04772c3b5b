# SPDX-License-Identifier: Apache-2.0
"""A network as data: Network.graph, layer shapes, `rnnlib-py info --format`."""

from __future__ import annotations

import json

import numpy as np
import pytest
from tiny import run_cli

import rnnlib_py as rnn

Capture = pytest.CaptureFixture[str]

KEYS = {
    "task": "transcription",
    "inputBlock": "2,1",
    "hiddenSize": "2,3,4",
    "hiddenBlock": "2,2;1,3",
    "subsampleSize": "5",
    "symmetry": "true,false",
}


def make_network(**values: object) -> rnn.Network:
    header = rnn.DataHeader(2, 1, 0, ["a", 'b"', "é"])
    return rnn.Network.build(rnn.Config({**KEYS, **values}), header)


def test_every_connection_leads_from_a_layer_to_a_layer() -> None:
    graph = make_network().graph
    names = [layer.name for layer in graph.layers]
    assert len(set(names)) == len(names)
    for layer in graph.layers:
        assert (layer.kind == "input") == (not layer.sources)
        assert all(names.index(source) < names.index(layer.name) for source in layer.sources)
    own = {connection.name for connection in graph.connections if connection.owner == connection.name}
    for connection in graph.connections:
        assert connection.target in names
        assert (connection.kind == "bias") == (connection.source == "")
        assert connection.source in ["", *names]
        assert len(connection.delay) == (2 if connection.kind == "recurrent" else 0)
        assert connection.owner in own
        assert connection.rows % max(len(connection.gates), 1) == 0


def test_kinds_levels_and_directions() -> None:
    network = make_network()
    layers = {layer.name: layer for layer in network.graph.layers}
    assert [layer.kind for layer in network.graph.layers if layer.level == -1] == [
        "input",
        "block",
        "collapse",
        "output",
    ]
    assert layers["input_block"].block == [2, 1]
    assert (layers["hidden_0_3"].kind, layers["hidden_0_3"].level, layers["hidden_0_3"].direction) == ("hidden", 0, 3)
    assert layers["hidden_0_3"].directions == [1, 1]
    assert (layers["hidden_0_2_block"].direction, layers["hidden_0_2_block"].block) == (2, [2, 2])
    assert layers["subsample_0"].sources == [f"hidden_0_{j}_block" for j in range(4)]
    assert layers["gather_1"].sources == [f"hidden_1_{j}_block" for j in range(4)]
    assert layers["output"].sources == ["output_collapse"]
    connections = {connection.name: connection for connection in network.graph.connections}
    recurrent = connections["hidden_0_0_to_hidden_0_0_delay_1_0"]
    assert (recurrent.kind, recurrent.source, recurrent.target) == ("recurrent", "hidden_0_0", "hidden_0_0")
    assert (recurrent.delay, recurrent.owner) == ([1, 0], "hidden_0_3_to_hidden_0_3_delay_-1_0")
    assert recurrent.offset == connections[recurrent.owner].offset
    gates = ["input gate", "forget gate 0", "forget gate 1", "cell", "output gate"]
    assert recurrent.gates == gates
    assert connections["hidden_0_0_peepholes"].gates == [gate for gate in gates if gate != "cell"]
    assert connections["bias_to_output"].gates == []


def test_connections_with_weights_of_their_own_hold_all_weights() -> None:
    network = make_network()
    own = sorted((c.offset, c.size) for c in network.graph.connections if c.owner == c.name)
    assert [offset for offset, _ in own] == np.cumsum([0, *(size for _, size in own)])[:-1].tolist()
    assert sum(size for _, size in own) == network.num_weights


def test_layer_shapes_are_those_of_a_trace() -> None:
    network = make_network()
    shapes = network.layer_shapes((13, 8))
    assert shapes["input"] == (13, 8)
    assert (shapes["hidden_0_0"], shapes["hidden_0_0_block"], shapes["gather_1"]) == ((7, 8), (4, 4), (4, 2))
    assert shapes["output"] == network.output_shape((13, 8))
    for name, values in network.trace(np.zeros((13, 8, 1))).items():
        layer, _, variable = name.rpartition("_")
        if layer != "output_collapse" and variable not in ("forwardVariables", "backwardVariables"):
            assert values.shape[:-1] == shapes[layer], name


def test_shapes_that_do_not_fit_are_an_error() -> None:
    with pytest.raises(rnn.DataError, match="1 dimensions, the network 2"):
        make_network().layer_shapes((13,))


@pytest.mark.usefixtures("folder")
def test_json(capsys: Capture) -> None:
    network = make_network()
    network.save("net.save")
    assert run_cli("info", "net.save", "--format=json") == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["task"], found["num_dims"], found["num_weights"]) == ("transcription", 2, network.num_weights)
    assert found["labels"] == ["a", 'b"', "é"]
    assert [layer["name"] for layer in found["layers"]] == [layer.name for layer in network.graph.layers]
    graph = {connection.name: connection for connection in network.graph.connections}
    assert len(found["connections"]) == len(graph)
    for connection in found["connections"]:
        assert all(getattr(graph[connection["name"]], key) == value for key, value in connection.items())


@pytest.mark.usefixtures("folder")
def test_dot(capsys: Capture) -> None:
    make_network().save("net.save")
    assert run_cli("info", "net.save", "--format", "dot") == 0
    out = capsys.readouterr().out
    assert out.startswith("digraph network {") and out.rstrip().endswith("}")
    assert '"hidden_0_0" -> "hidden_0_0_block" [style=dotted];' in out
    assert '"hidden_0_3" -> "hidden_0_3" [label="(-1,0) 10x2"];' in out
    assert '"hidden_0_0" -> "hidden_0_0" [label="(1,0) 10x2 of hidden_0_3_to_hidden_0_3_delay_-1_0"];' in out


@pytest.mark.usefixtures("folder")
def test_a_data_file_has_no_graph(capsys: Capture) -> None:
    assert run_cli("info", "train.nc", "--format=json") == 2
    assert "a data file has no network" in capsys.readouterr().err

# SPDX-License-Identifier: Apache-2.0
"""Weights as statistics, files and pictures; the mean of networks; pictures of variables."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import numpy as np
import pytest
from tiny import images, run_cli, write_data

import rnnlib_py as rnn

Capture = pytest.CaptureFixture[str]
pytestmark = pytest.mark.usefixtures("folder")


def make_network(path: str = "net.save", **values: object) -> rnn.Network:
    config = rnn.Config.read("x.config", **values)
    network = rnn.Network.build(config, rnn.Dataset.read("train.nc", task=config["task"]).header)
    network.save(path)
    return network


# --- weights ---


def test_statistics(capsys: Capture) -> None:
    network = make_network()
    found = rnn.weight_statistics(network)["input_to_hidden_0_0"]
    weights = network.weights["input_to_hidden_0_0"]
    assert found.shape == weights.shape == (12, 3)
    assert (found.count, found.largest) == (36, np.abs(weights).max())
    assert (found.mean, found.std) == pytest.approx((weights.mean(), weights.std()))
    assert run_cli("weights", "net.save", "--connection=input_*") == 0
    header, first, second = capsys.readouterr().out.splitlines()
    assert header.split() == ["connection", "shape", "mean", "std", "min", "max"]
    assert first.split()[:3] == ["input_to_hidden_0_0", "12x3", f"{weights.mean():.4g}"]
    assert second.startswith("input_to_hidden_0_1")


def test_text_and_npz_read_back_bit_for_bit() -> None:
    weights = make_network().weights
    assert run_cli("weights", "net.save", "-o", "out") == 0
    assert run_cli("weights", "net.save", "-o", "out.npz", "--format=npz") == 0
    with np.load("out.npz") as file:
        assert sorted(file.files) == sorted(weights)
        for name, values in weights.items():
            np.testing.assert_array_equal(file[name], values)
            text = np.loadtxt(f"out/{name}.txt", ndmin=2)
            np.testing.assert_array_equal(text.reshape(values.shape), values)


def test_csv_names_gates_and_labels() -> None:
    network = make_network()
    rnn.write_weights(network, "out", "csv")

    def rows(name: str) -> list[list[str]]:
        return list(csv.reader(Path(f"out/{name}.csv").read_text().splitlines()))

    header, *lines = rows("hidden_0_0_to_output")
    assert header == ["", "0", "1", "2"]
    assert [line[0] for line in lines] == ["a", "b", "c", "blank"]
    np.testing.assert_array_equal(
        [[float(x) for x in line[1:]] for line in lines], network.weights["hidden_0_0_to_output"]
    )
    _, *lines = rows("input_to_hidden_0_1")
    assert [line[0] for line in lines][:5] == [
        "0 input gate",
        "0 forget gate",
        "0 cell",
        "0 output gate",
        "1 input gate",
    ]
    header, *lines = rows("hidden_0_1_peepholes")
    assert header == ["", "states"]
    assert [line[0] for line in lines][:3] == ["0 input gate", "0 forget gate", "0 output gate"]


def test_rows_of_gru_connections_have_the_names_of_their_gates() -> None:
    network = make_network(hiddenType="gru")
    rnn.write_weights(network, "out", "csv")

    def names(connection: str, count: int) -> list[str]:
        lines = list(csv.reader(Path(f"out/{connection}.csv").read_text().splitlines()))[1:]
        assert len(lines) == 3 * count
        return [line[0] for line in lines[:count]]

    gates = ["0 reset gate", "0 update gate"]
    assert names("input_to_hidden_0_0", 3) == [*gates, "0 candidate"]
    assert names("hidden_0_1_to_hidden_0_1_delay_-1", 3) == [*gates, "0 recurrent candidate"]
    assert names("bias_to_hidden_0_0", 4) == [*gates, "0 recurrent candidate", "0 candidate"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["net.save", "--connection=in_*"], "no connection is called 'in_*'; there are bias_to_hidden_0_0"),
        (["net.save", "--format=csv"], "--format csv needs -o"),
        (["x.config"], "needs a save"),
    ],
)
def test_errors(arguments: list[str], message: str, capsys: Capture) -> None:
    make_network()
    assert run_cli("weights", *arguments) == 2
    assert message in capsys.readouterr().err


# --- average ---


def test_average(capsys: Capture) -> None:
    for seed in (1, 2, 3):
        make_network(f"{seed}.save", randSeed=seed)
    networks = [rnn.Network.load(f"{seed}.save", "float64") for seed in (1, 2, 3)]
    assert run_cli("average", "1.save", "2.save", "3.save", "-o", "mean.save") == 0
    assert "the mean of 3 networks" in capsys.readouterr().out
    found = rnn.Network.load("mean.save", "float64").weights
    for name, values in found.items():
        np.testing.assert_allclose(values, np.mean([n.weights[name] for n in networks], axis=0), rtol=0, atol=1e-15)
    assert run_cli("test", "mean.save", "train.nc") == 0


def test_a_save_that_is_named_twice_counts_twice() -> None:
    one, two = (make_network(f"{seed}.save", randSeed=seed) for seed in (1, 2))
    found = rnn.average(["1.save", "1.save", "2.save"]).weights["bias_to_output"]
    expected = (2 * one.weights["bias_to_output"] + two.weights["bias_to_output"]) / 3
    np.testing.assert_allclose(found, expected, atol=1e-15)


def test_networks_that_do_not_match(capsys: Capture) -> None:
    make_network("1.save")
    make_network("2.save", hiddenSize=4)
    assert run_cli("average", "1.save", "2.save", "-o", "mean.save") == 1
    assert (
        "2.save is not of the same shape as 1.save: bias_to_hidden_0_0 is 16 x 1, not 12 x 1" in capsys.readouterr().err
    )
    assert run_cli("average", "1.save", "-o", "mean.save") == 2
    assert "at least two" in capsys.readouterr().err
    write_data(Path("train.nc"), labels=["a", "b", "c", "d"])
    make_network("3.save")
    assert run_cli("average", "1.save", "3.save", "-o", "mean.save") == 1
    assert "4 labels, expected 3" in capsys.readouterr().err
    assert not Path("mean.save").exists()


# --- pictures ---


def is_png(path: str) -> bool:
    return Path(path).read_bytes().startswith(b"\x89PNG")


def test_plot_weights() -> None:
    network = make_network()
    figure = rnn.plot_weights(network, ["hidden_0_0_to_output"])
    shown = figure.axes[0].get_images()[0].get_array()
    np.testing.assert_array_equal(shown, network.weights["hidden_0_0_to_output"])
    assert [tick.get_text() for tick in figure.axes[0].get_yticklabels()] == ["a", "b", "c", "blank"]
    assert run_cli("plot-weights", "net.save", "-o", "w.png") == 0
    assert is_png("w.png")


def test_gates_of_a_kind_are_shown_together() -> None:
    network = make_network()
    axes = rnn.plot_weights(network, ["input_to_hidden_0_0"]).axes[0]
    shown = np.asarray(axes.get_images()[0].get_array())
    weights = network.weights["input_to_hidden_0_0"]
    np.testing.assert_array_equal(shown[:3], weights[0::4])  # the three blocks' input gates
    np.testing.assert_array_equal(shown[9:], weights[3::4])
    names = [tick.get_text() for tick in axes.get_yticklabels()]
    assert names == ["input gate", "forget gate", "cell", "output gate"]


def dump_of(shape: tuple[int, ...], units: int, labels: list[str] | None = None) -> rnn.Dump:
    values = np.random.default_rng(0).normal(size=(*shape, units))
    return rnn.Dump({"hidden_0_0_states": values}, {"hidden_0_0_states": labels} if labels else {})


def test_curves_have_the_values_and_the_labels() -> None:
    dump = dump_of((9,), 3, ["a", "b", "blank"])
    (axes,) = rnn.plot_variables(dump, ["*states"]).axes
    lines = {line.get_label(): line.get_ydata() for line in axes.get_lines()}
    np.testing.assert_array_equal(lines["b"], dump["hidden_0_0_states"][:, 1])
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["a", "b", "blank"]


def test_images_are_transposed_x_to_the_right() -> None:
    dump = dump_of((9, 4), 2)
    axes = rnn.plot_variables(dump, ["*states"], [1]).axes[0]
    np.testing.assert_array_equal(axes.get_images()[0].get_array(), dump["hidden_0_0_states"][:, :, 1].T)


@pytest.mark.parametrize(
    ("shape", "units"), [((), 3), ((1,), 2), ((9,), 40), ((9, 4), 1), ((5, 9, 4), 3), ((2, 3, 4, 2), 1)]
)
def test_every_number_of_dimensions(shape: tuple[int, ...], units: int) -> None:
    dump_of(shape, units).write("d.npz", "npz")
    assert run_cli("plot-variables", "d.npz", "--variable=*", "-o", "v.png") == 0
    assert is_png("v.png")


def test_numbers_that_are_not_finite() -> None:
    dump = dump_of((5, 4), 2)
    dump["hidden_0_0_states"][0, 0, 0] = np.nan
    dump["hidden_0_0_states"][1, 0, 0] = -np.inf
    rnn.save_figure(rnn.plot_variables(dump, ["*"]), "v.png")
    assert is_png("v.png")


def test_from_saves_and_dumps() -> None:
    write_data(Path("train.nc"), images())
    for seed in (1, 2):
        make_network(f"{seed}.save", randSeed=seed)
    assert run_cli("plot-variables", "1.save", "train.nc", "--sequence=1", "-o", "one.png") == 0
    assert run_cli("plot-variables", "1.save", "2.save", "train.nc", "--variable=output_*s", "-o", "two.png") == 0
    assert run_cli("plot-variables", "1.save", "-o", "own.png") == 0
    assert run_cli("dump", "1.save", "-o", "d") == 0
    assert run_cli("plot-variables", "d", "-o", "d.svg") == 0
    assert is_png("one.png")
    assert is_png("two.png")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["net.save", "train.nc", "--variable=states"], "no variable is called 'states'"),
        (["net.save", "train.nc", "--units=99"], "has no unit 99"),
        (["net.save", "train.nc", "--units=a"], "numbers separated by commas"),
        (["train.nc", "net.save"], "saves followed by one data file"),
        (["net.save", "train.nc", "--variable=*"], "too many for one picture"),
        (["net.save", "train.nc", "-o", "v.bmp"], "ends in .png"),
    ],
)
def test_plot_variables_errors(arguments: list[str], message: str, capsys: Capture) -> None:
    make_network()
    assert run_cli("plot-variables", *arguments) == 2
    assert message in capsys.readouterr().err


def test_without_matplotlib_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    make_network()
    monkeypatch.delitem(sys.modules, "rnnlib_py.plot.inline_figure", raising=False)
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    monkeypatch.setitem(sys.modules, "matplotlib.backends.backend_agg", None)
    assert run_cli("plot-weights", "net.save") == 2
    assert "pip install 'rnnlib-py[plot]'" in capsys.readouterr().err

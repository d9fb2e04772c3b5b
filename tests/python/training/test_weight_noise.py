# SPDX-License-Identifier: Apache-2.0
"""Noises as a user meets them: adaptive weight noise against overfitting, error tests with distortions, errors."""

import sys
from pathlib import Path

import pytest
from tiny import run_cli, write_config

import rnnlib_py as rnn
from rnnlib_py import testing

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "examples" / "weight_noise"))

import weight_noise as example

Capture = pytest.CaptureFixture[str]


def figures(history: list[rnn.Epoch], name: str) -> list[float]:
    return [epoch[name]["crossEntropyError"] for epoch in history]


def test_plain_training_overfits_and_adaptive_weight_noise_does_not(tmp_path: Path) -> None:
    plain = example.train(tmp_path, mdl=False, epochs=60)
    noisy = example.train(tmp_path, mdl=True, epochs=60)
    assert figures(plain, "train")[-1] < 0.5 * example.LEAST_ERROR  # learned by heart
    assert figures(plain, "test")[-1] > 1.5 * min(figures(plain, "test"))
    assert figures(noisy, "train")[-1] > example.LEAST_ERROR
    assert figures(noisy, "test")[-1] < 1.02 * min(figures(noisy, "test"))
    assert figures(noisy, "test")[-1] < 1.1 * example.LEAST_ERROR


@pytest.mark.usefixtures("folder")
def test_mdl_reports_its_costs_and_statistics(capsys: Capture) -> None:
    assert run_cli("train", "x.config", "--mdl=true", "--learnRate=1e-4", "--totalEpochs=1", "--console=full") == 0
    lines = capsys.readouterr().out.splitlines()
    at = lines.index("train errors (running):")
    names = [line.split()[0] for line in lines[at : lines.index("weight noise:")]]
    assert names[-5:] == ["weightBits", "bitsPerWeight", "errorBits", "totalBits", "-" * 40]
    statistics = lines[lines.index("weight noise:") + 1 :][:4]
    assert [line.split()[0] for line in statistics] == ["priorMean", "priorStdDev", "meanStdDev", "belowNoise"]
    assert "best network (totalBits)" in lines


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("noise", ["mdl=true", "weightDistortion=0.3", "inputNoiseDev=1"])
def test_error_tests_with_distortions(noise: str, capsys: Capture) -> None:
    name, value = noise.split("=")
    config = write_config(Path("y.config"), learnRate=1e-5, mdlInitStdDev=0.3, **{name: value})
    run = rnn.train(rnn.Config.read(config, autosave=True))
    capsys.readouterr()
    tables = []
    for overrides in (
        [],
        ["--testDistortions=true"],
        ["--testDistortions=true"],
        ["--testDistortions=true", "--randSeed=9"],
    ):
        assert run_cli("test", run.last_save, "train.nc", *overrides) == 0
        tables.append(capsys.readouterr().out)
    assert tables[0] != tables[1] == tables[2] != tables[3]  # noise of the seed
    assert tables[0] == errors_without_noise(run, capsys)


def errors_without_noise(run: rnn.Run, capsys: Capture) -> str:
    assert run_cli("test", run.last_save, "train.nc", "--mdl=false", "--weightDistortion=0", "--inputNoiseDev=0") == 0
    return capsys.readouterr().out


@pytest.mark.usefixtures("folder")
def test_validation_with_distortions() -> None:
    values = {"valFile": "train.nc", "learnRate": 0, "inputNoiseDev": 0.5}
    errors = [
        [epoch["validation"]["ctcError"] for epoch in rnn.train(rnn.Config.read("x.config", **values, **more)).history]
        for more in ({}, {"testDistortions": True})
    ]
    assert errors[0][0] == errors[0][1]
    assert len({*errors[1], errors[0][0]}) == 3  # other noise in every epoch


@pytest.mark.usefixtures("folder")
def test_freeze_keeps_a_layer() -> None:
    before = rnn.train(rnn.Config.read("x.config", totalEpochs=0)).network.weights
    after = rnn.train(rnn.Config.read("x.config", freeze="hidden_0_0")).network.weights
    same = {name for name, values in before.items() if (values == after[name]).all()}
    assert same == {name for name in before if "hidden_0_0" in name} - {"hidden_0_0_to_output"}


@pytest.mark.usefixtures("folder")
def test_freezing_what_is_not_there_is_an_error(capsys: Capture) -> None:
    assert run_cli("train", "x.config", "--freeze=hiden_0_0") == 2
    assert 'freeze "hiden_0_0": no layer with weights and no connection is called so; did you mean "hidden_0_0"' in (
        capsys.readouterr().err
    )


# --- rnnlib_py.testing ---


@pytest.mark.usefixtures("folder")
def test_runs_without_chance_for_tests() -> None:
    config = rnn.Config.read("x.config", inputNoiseDev=0.5, precision="double")
    weights = {
        noise: testing.train(config, constant_noise=noise, threads=1).network.weights["bias_to_output"]
        for noise in (0.0, 1.0)
    }
    plain = rnn.train(rnn.Config.read("x.config", precision="double")).network.weights["bias_to_output"]
    assert weights[0.0] == pytest.approx(plain, rel=1e-12)
    assert weights[1.0] != pytest.approx(plain, rel=1e-6)
    drawn = rnn.train(config).network.weights["bias_to_output"]
    assert (testing.train(config).network.weights["bias_to_output"] == drawn).all()
    with pytest.raises(TypeError, match="constant_noise"):
        rnn.train(config, constant_noise=0.0)  # type: ignore[call-arg]

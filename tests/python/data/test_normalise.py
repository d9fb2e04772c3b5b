# SPDX-License-Identifier: Apache-2.0
"""Normalising files in place, and a network's own normalisation: in its saves, given to data without any."""

from __future__ import annotations

import json
import re
import warnings
from pathlib import Path

import netCDF4
import numpy as np
import pytest
from raw_netcdf import base
from tiny import LABELS, run_cli, transcription, unsealed, write_config, write_data

import rnnlib_py as rnn
from rnnlib_py.data.tools import netcdf_copy

Capture = pytest.CaptureFixture[str]
pytestmark = pytest.mark.usefixtures("folder")


def values(path: str, name: str = "inputs") -> np.ndarray:
    with netCDF4.Dataset(path) as file:
        return np.asarray(file.variables[name][:])


def shifted(path: str, seed: int = 0, scale: float = 7.0) -> None:
    """Sequences far from normal: column 1 is large, column 2 is always 4."""
    sequences = transcription(seed=seed)
    for sequence in sequences:
        sequence["inputs"][:, 0] *= scale
        sequence["inputs"][:, 1] += 1000
        sequence["inputs"][:, 2] = 4
    write_data(Path(path), sequences)


@pytest.fixture
def files(folder: Path) -> None:  # noqa: ARG001 - in its folder
    shifted("train.nc")
    shifted("test.nc", seed=1)


@pytest.mark.usefixtures("files")
class TestNormalise:
    def test_one_path_is_no_list_of_letters(self) -> None:
        rnn.normalise("train.nc")
        assert abs(values("train.nc")[:, 0].mean()) < 1e-5
        assert rnn.merge("merged.nc", "train.nc").counts == [6]
        with pytest.raises(rnn.ConfigError, match="at least two saves"):
            rnn.average("ab.save")  # type: ignore[arg-type]

    def test_a_variable_without_numbers(self) -> None:
        with netCDF4.Dataset("empty.nc", "w") as file:
            file.createDimension("numTimesteps", None)
            file.createDimension("inputPattSize", 2)
            file.createVariable("inputs", "f4", ("numTimesteps", "inputPattSize"))
        with pytest.raises(
            rnn.DataError, match=r"empty\.nc: variable 'inputs' holds no numbers, its shape is \[0, 2\]"
        ):
            rnn.normalise(["empty.nc"])

    def test_the_first_file_sets_the_scale(self) -> None:
        train, test = values("train.nc").astype(float), values("test.nc").astype(float)
        found = rnn.normalise(["train.nc", "test.nc"])
        assert (found.changed, found.unchanged, found.constant) == (["train.nc", "test.nc"], [], [2])
        np.testing.assert_allclose(found.scale.means, train.mean(axis=0), rtol=1e-6)
        np.testing.assert_allclose(found.scale.stds, [*train.std(axis=0)[:2], 1], rtol=1e-5)
        np.testing.assert_allclose(values("train.nc").mean(axis=0), 0, atol=1e-4)
        np.testing.assert_allclose(values("train.nc").std(axis=0), [1, 1, 0], rtol=1e-4)
        expected = (test - found.scale.means) / found.scale.stds
        np.testing.assert_allclose(values("test.nc"), expected, rtol=1e-5, atol=1e-6)
        for path in ("train.nc", "test.nc"):
            np.testing.assert_array_equal(values(path, "inputMeans"), found.scale.means.astype(np.float32))
            np.testing.assert_array_equal(values(path, "inputStds"), found.scale.stds.astype(np.float32))

    def test_everything_else_stays(self) -> None:
        before = rnn.Dataset.read("train.nc", task="transcription")
        tags, targets = [before.tag(i) for i in range(6)], [s.target for s in before]
        rnn.normalise(["train.nc"])
        after = rnn.Dataset.read("train.nc", task="transcription")
        assert [after.tag(i) for i in range(6)] == tags
        for a, b in zip(targets, after, strict=True):
            np.testing.assert_array_equal(a, b.target)

    def test_like_a_file_and_like_a_save(self) -> None:
        shifted("copy.nc", seed=1)
        rnn.normalise(["train.nc"])
        run = rnn.train(rnn.Config.read("x.config", autosave=True))
        rnn.normalise(["test.nc"], like="train.nc")
        rnn.normalise(["copy.nc"], like=run.last_save)
        np.testing.assert_array_equal(values("test.nc"), values("copy.nc"))

    def test_twice_changes_nothing(self) -> None:
        rnn.normalise(["train.nc"])
        once = Path("train.nc").read_bytes()
        found = rnn.normalise(["train.nc", "test.nc"])
        assert (found.unchanged, found.changed) == (["train.nc"], ["test.nc"])
        assert Path("train.nc").read_bytes() == once

    def test_otherwise_normalised_is_an_error(self) -> None:
        rnn.normalise(["train.nc"])
        rnn.normalise(["test.nc"])
        with pytest.raises(rnn.DataError, match=r"test.nc: is normalised already, otherwise than train.nc"):
            rnn.normalise(["test.nc"], like="train.nc")

    def test_in_pieces(self, monkeypatch: pytest.MonkeyPatch) -> None:
        shifted("whole.nc")
        rnn.normalise(["whole.nc"])
        monkeypatch.setattr(netcdf_copy, "BLOCK", 10)
        rnn.normalise(["train.nc"])
        np.testing.assert_allclose(values("train.nc"), values("whole.nc"), rtol=1e-6, atol=1e-6)

    def test_after_an_error_all_files_are_as_they_were(self) -> None:
        before = Path("train.nc").read_bytes()
        with netCDF4.Dataset("test.nc", "a") as file:
            file.variables["inputs"][3, 1] = np.nan
        with pytest.raises(rnn.DataError, match=r"test.nc: 'inputs' has NaN"):
            rnn.normalise(["train.nc", "test.nc"])
        assert Path("train.nc").read_bytes() == before
        assert not list(Path().glob("*rnnlib-tmp*"))

    def test_links_and_permissions_stay(self) -> None:
        Path("link.nc").symlink_to("train.nc")
        Path("train.nc").chmod(0o640)
        rnn.normalise(["link.nc"])
        assert Path("link.nc").is_symlink()
        assert Path("train.nc").stat().st_mode & 0o777 == 0o640
        assert rnn.Dataset.read("train.nc", task="transcription").input_means is not None

    def test_range(self) -> None:
        rnn.normalise(["train.nc"], to_range=(-1, 1))
        found = values("train.nc")
        np.testing.assert_allclose(found.min(axis=0), [-1, -1, -1], atol=1e-4)
        np.testing.assert_allclose(found.max(axis=0), [1, 1, -1], atol=1e-4)

    def test_command(self, capsys: Capture) -> None:
        assert run_cli("normalise", "train.nc", "test.nc") == 0
        out = capsys.readouterr().out
        assert "columns without variance, now 0: 2" in out
        assert "test.nc: normalised" in out
        assert run_cli("normalise", "--like", "train.nc", "test.nc") == 0
        assert "was normalised so already" in capsys.readouterr().out

    @pytest.mark.parametrize(
        ("arguments", "status", "message"),
        [
            (["gone.nc"], 1, "gone.nc: no such file"),
            (["train.nc", "--variable=targets"], 1, "no variable 'targets'; there are"),
            (["train.nc", "--variable=labels"], 1, "not made of rows of numbers"),
            (["train.nc", "--like", "test.nc"], 1, "holds no means and standard deviations of 'inputs'"),
            (["train.nc", "--like", "x.config"], 2, "neither a data file nor a save"),
            (["train.nc", "--range=1"], 2, "expected two numbers"),
            (["train.nc", "--range=1,0"], 2, "must be less"),
        ],
    )
    def test_errors(self, arguments: list[str], status: int, message: str, capsys: Capture) -> None:
        assert run_cli("normalise", *arguments) == status
        assert message in capsys.readouterr().err


@pytest.mark.parametrize("variant", ["NETCDF4", "NETCDF4_CLASSIC", "NETCDF3_CLASSIC", "NETCDF3_64BIT_OFFSET"])
def test_every_netcdf_format_stays_what_it_is(variant: str) -> None:
    base().write(Path("raw.nc"), variant)
    rnn.normalise(["raw.nc"])
    with netCDF4.Dataset("raw.nc") as file:
        assert file.data_model == variant
        np.testing.assert_allclose(file.variables["inputs"][:].mean(axis=0), 0, atol=1e-6)


def test_whole_numbers_become_floats() -> None:
    base().set("inputs", "i2", ("numTimesteps", "inputPattSize"), np.arange(24).reshape(12, 2)).write(Path("raw.nc"))
    rnn.normalise(["raw.nc"])
    found = values("raw.nc")
    assert found.dtype == np.float32
    np.testing.assert_allclose(found.std(axis=0), 1, rtol=1e-6)


def test_other_variables_are_stored_under_their_names() -> None:
    sequences = [{"inputs": np.ones((4, 1)), "target": np.arange(8.0).reshape(4, 2) * (1, 100)} for _ in range(2)]
    write_data(Path("curve.nc"), sequences, "regression", labels=None)
    rnn.normalise(["curve.nc"], "targetPatterns")
    np.testing.assert_allclose(values("curve.nc", "targetPatternsMeans"), [3, 400])
    np.testing.assert_allclose(values("curve.nc", "targetPatterns").std(axis=0), [1, 1], rtol=1e-6)


def test_columns_must_match() -> None:
    base().write(Path("two.nc"))
    with pytest.raises(rnn.DataError, match=r"two.nc: 'inputs' has 2 columns, those of train.nc are 3"):
        rnn.normalise(["train.nc", "two.nc"])


# --- a network's own ---


@pytest.fixture
def save(folder: Path) -> Path:  # noqa: ARG001
    """Trained on normalised data; raw.nc holds the same data as they were, done.nc normalised."""
    for name in ("train.nc", "raw.nc", "done.nc"):
        shifted(name)
    rnn.normalise(["train.nc", "done.nc"])
    run = rnn.train(rnn.Config.read("x.config", autosave=True))
    assert run.last_save is not None
    return run.last_save


def errors(save: Path, path: str) -> dict[str, float]:
    return rnn.Network.load(save).evaluate(rnn.Dataset.read(path, task="transcription"))


def test_a_save_holds_the_normalisation_of_its_data(save: Path) -> None:
    network = rnn.Network.load(save)
    data = rnn.Dataset.read("train.nc", task="transcription")
    assert network.normalisation == data.normalisation
    network.save("again.save")
    assert rnn.Network.load("again.save").normalisation == data.normalisation
    run = rnn.train(rnn.Config.read(save, totalEpochs=3))  # and so does what goes on from it
    assert run.last_save is not None
    assert rnn.Network.load(run.last_save).normalisation == data.normalisation
    assert run.network.normalisation == data.normalisation


def test_data_without_one_get_the_networks(save: Path) -> None:
    expected = errors(save, "done.nc")
    with pytest.warns(rnn.DataWarning, match=r"raw.nc was not normalised, the data of .*last.save were"):
        found = errors(save, "raw.nc")
    assert found == pytest.approx(expected, rel=1e-5)


def test_data_with_one_stay(save: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        errors(save, "done.nc")


def test_data_with_another_one_are_warned_about(save: Path, capsys: Capture) -> None:
    """A test file that was normalised by its own figures: the network reads other numbers than those it learned."""
    write_data(Path("other.nc"), transcription(6, seed=9))
    rnn.normalise(["other.nc"])
    network = rnn.Network.load(save)
    data = rnn.Dataset.read("other.nc", task="transcription")
    message = r"other\.nc is not normalised like the data of .*\.save and is taken as it is"
    with pytest.warns(rnn.DataWarning, match=message):
        network.evaluate(data)
    assert run_cli("predict", save, "other.nc") == 0
    assert re.search(message, capsys.readouterr().err)


def test_a_warm_start_on_other_numbers_is_warned_about(save: Path) -> None:
    keys = {"trainFile": "train.nc", "warmStart": str(save), "autosave": False}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        rnn.train(rnn.Config.read("x.config", **keys))
    with pytest.warns(rnn.RunWarning, match="warmStart .* normalised otherwise than these"):
        rnn.train(rnn.Config.read("x.config", **{**keys, "trainFile": "raw.nc"}))


def test_the_data_set_itself_does_not_change(save: Path) -> None:
    data = rnn.Dataset.read("raw.nc", task="transcription")
    before = data[0].inputs.copy()
    with pytest.warns(rnn.DataWarning):
        rnn.Network.load(save).evaluate(data)
    np.testing.assert_array_equal(data[0].inputs, before)
    assert data.input_means is None


def test_commands_apply_it_and_say_so(save: Path, capsys: Capture) -> None:
    capsys.readouterr()
    outputs = []
    for path in ("done.nc", "raw.nc"):
        assert run_cli("predict", save, path) == 0
        out, err = capsys.readouterr()
        outputs.append(out)
        assert ("was not normalised" in err) == (path == "raw.nc")
    assert outputs[0] == outputs[1]
    assert run_cli("test", save, "raw.nc") == 0
    assert capsys.readouterr().err.count("raw.nc was not normalised") == 1
    assert run_cli("dump", save, "raw.nc", "-o", "raw") == 0
    assert run_cli("dump", save, "done.nc", "-o", "done") == 0
    a, b = rnn.read_dump("raw")["input_activations"], rnn.read_dump("done")["input_activations"]
    np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)


def test_the_saves_own_sets_too(save: Path, capsys: Capture) -> None:
    capsys.readouterr()
    assert run_cli("test", save, "--testFile=raw.nc") == 0
    out, err = capsys.readouterr()
    assert "raw.nc was not normalised" in err
    rows = {line.split()[0]: line.split()[1:] for line in out.splitlines()}
    assert rows["ctcError"][0] == rows["ctcError"][1]


def test_sets_that_differ_are_warned_about(capsys: Capture) -> None:
    for name in ("train.nc", "test.nc"):
        shifted(name)
    rnn.normalise(["train.nc"])
    write_config(Path("y.config"), testFile="test.nc", totalEpochs=1)
    assert run_cli("train", "y.config") == 0
    assert "test.nc is not normalised like train.nc" in capsys.readouterr().err


def test_check_and_info_know_it(save: Path, capsys: Capture) -> None:
    report = rnn.check(rnn.Config.read(save, testFile="raw.nc", valFile="done.nc"))
    assert not [text for text in report.warnings if "far from mean 0" in text]
    capsys.readouterr()
    assert run_cli("info", save) == 0
    assert "normalised: inputs;" in capsys.readouterr().out
    shifted("test.nc")
    assert (
        "test.nc is not normalised like train.nc"
        in rnn.check(rnn.Config.read("x.config", testFile="test.nc")).warnings[0]
    )


def test_sequences_from_arrays_stay(save: Path) -> None:
    sequences = list(rnn.Dataset.read("done.nc", task="transcription"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        made = rnn.Dataset(sequences, task="transcription", labels=LABELS)
        assert rnn.Network.load(save).evaluate(made, raw=False) == pytest.approx(errors(save, "done.nc"))


def test_regression_targets() -> None:
    rng = np.random.default_rng(0)
    sequences = [{"inputs": rng.normal(size=(9, 1)), "target": rng.normal(50, 9, (9, 1))} for _ in range(3)]
    for name in ("train.nc", "raw.nc"):
        write_data(Path(name), sequences, "regression", labels=None)
    rnn.normalise(["train.nc"], "targetPatterns")
    run = rnn.train(rnn.Config.read("x.config", task="regression", autosave=True))
    network = rnn.Network.load(run.last_save or "")
    expected = network.evaluate(rnn.Dataset.read("train.nc", task="regression"))
    with pytest.warns(rnn.DataWarning):
        found = network.evaluate(rnn.Dataset.read("raw.nc", task="regression"))
    assert found == pytest.approx(expected, rel=1e-5)


def test_values_of_regression_lead_back(capsys: Capture) -> None:
    sequences = [{"inputs": np.ones((4, 1)), "target": np.arange(8.0).reshape(4, 2) * (1, 100)} for _ in range(2)]
    for name in ("train.nc", "raw.nc"):
        write_data(Path(name), sequences, "regression", labels=None)
    rnn.normalise(["train.nc"], "targetPatterns")
    run = rnn.train(rnn.Config.read("x.config", task="regression", autosave=True))
    network = rnn.Network.load(run.last_save or "")
    assert run_cli("predict", run.last_save, "raw.nc") == 0
    out, err = capsys.readouterr()
    normalised = json.loads(out.splitlines()[0])["values"]
    assert "were normalised, and so are the values: --denormalise" in err
    assert run_cli("predict", run.last_save, "raw.nc", "--denormalise") == 0
    out, err = capsys.readouterr()
    assert "--denormalise" not in err
    scale = network.normalisation["targetPatterns"]
    expected = np.array(normalised) * scale.stds + scale.means
    np.testing.assert_allclose(json.loads(out.splitlines()[0])["values"], expected, rtol=1e-12)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("trainer_inputMeans ", "trainer_inputMeans x", "trainer_inputMeans: damaged: expected a number"),
        (
            "Stds ",
            "Stds 1 ",
            "the normalisation of inputs has 4 standard deviations, the network has 3 inputs per point",
        ),
        ("Stds ", "Stds -", "the normalisation of inputs holds NaN, infinite or negative numbers"),
    ],
)
def test_a_damaged_save(save: Path, old: str, new: str, said: str) -> None:
    Path("bad.save").write_text(unsealed(save.read_text()).replace(old, new, 1))
    with pytest.raises(rnn.FormatError, match=f"bad.save: {said}"):
        rnn.Network.load("bad.save")

# SPDX-License-Identifier: Apache-2.0
"""A network on a Dask cluster: the same as here, new files, a worker that dies midway."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from dask import bag
from dask.distributed import Client, LocalCluster
from joblib import parallel_config
from line_pictures import write_lines
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV
from tiny import transcription, write_config, write_data

import rnnlib_py as rnn
from rnnlib_py import prepare
from rnnlib_py.integrations.dask import predict
from rnnlib_py.integrations.distributing import shares
from rnnlib_py.integrations.sklearn import SequenceClassifier


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> rnn.Network:
    folder = tmp_path_factory.mktemp("network")
    write_data(folder / "train.nc")
    return rnn.train(write_config(folder / "x.config"), output_dir=folder / "run").network


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> tuple[rnn.Network, list[Path]]:
    """A network that reads pictures, however badly, and some pictures."""
    folder = tmp_path_factory.mktemp("reader")
    write_lines(folder / "lines")
    prepare.lines(folder / "lines", folder / "data", height=16)
    config = rnn.Config(
        {"task": "transcription", "hiddenSize": 2, "inputBlock": "2,4", "totalEpochs": 1, "randSeed": 1}
    )
    run = rnn.train(config, train=rnn.Dataset.read(folder / "data" / "train.nc", "transcription"))
    return run.network, sorted((folder / "lines").glob("*.png"))


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    """Two workers, each a process of its own."""
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, processes=True) as made:
        yield made


def same(found: list[Any], expected: list[Any]) -> bool:
    return len(found) == len(expected) and all(
        a.tag == b.tag and a.labels == b.labels and np.array_equal(a.outputs, b.outputs)
        for a, b in zip(found, expected, strict=True)
    )


def test_data_files(network: rnn.Network, tmp_path: Path) -> None:
    files = [write_data(tmp_path / f"{i}.nc", transcription(count=5, seed=i)) for i in range(2)]
    expected = [
        one for file in files for one in network.predict(rnn.Dataset.read(file, "transcription", targets=False))
    ]
    for at_once in (2, 100):
        found = predict(network, files, at_once=at_once).compute(scheduler="synchronous")
        assert same(found, expected)
    network.save(tmp_path / "x.save")
    (first,) = predict(tmp_path / "x.save", str(files[0]), at_once=9).to_delayed()
    assert same(first.compute(scheduler="synchronous"), expected[:5])
    small = predict(network, files, outputs=False).compute(scheduler="synchronous")
    assert [one.labels for one in small] == [one.labels for one in expected]
    assert all(one.outputs.size == 0 for one in small)


def test_bags_of_arrays(network: rnn.Network) -> None:
    arrays = [item["inputs"].astype(np.float32) for item in transcription(count=5)]
    found = predict(network, bag.from_sequence(arrays, npartitions=2), raw=False).compute(scheduler="synchronous")
    assert [one.labels for one in found] == [one.labels for one in network.predict(arrays)]
    assert all(np.array_equal(a.outputs, b.outputs) for a, b in zip(found, network.predict(arrays), strict=True))


def test_data_files_are_normalised_as_here(tmp_path: Path) -> None:
    write_data(tmp_path / "raw.nc")
    rnn.normalise(write_data(tmp_path / "train.nc"))
    network = rnn.train(write_config(tmp_path / "x.config"), output_dir=tmp_path / "run").network
    raw = rnn.Dataset.read(tmp_path / "raw.nc", "transcription", targets=False)
    for option in (None, True, False):
        with pytest.warns(rnn.DataWarning) if option is None else contextlib.nullcontext():
            found = predict(network, tmp_path / "raw.nc", raw=option).compute(scheduler="synchronous")
        assert same(found, network.predict(raw, raw=option))


def test_new_files(reader: tuple[rnn.Network, list[Path]], tmp_path: Path) -> None:
    network, pictures = reader
    found = predict(network, pictures, at_once=3).compute(scheduler="synchronous")
    assert [one.text for one in found] == [network.read(picture).text for picture in pictures]
    bad = tmp_path / "bad.png"
    bad.write_bytes(b"no picture")
    with pytest.raises(rnn.DataError, match=r"bad\.png"):
        predict(network, [pictures[0], bad]).compute(scheduler="synchronous")
    with pytest.warns(rnn.DataWarning, match=r"bad\.png.*left out"):
        rest = predict(network, [bad, pictures[0]], bad_files="skip").compute(scheduler="synchronous")
    assert [one.name for one in rest] == [str(pictures[0])]


@pytest.mark.parametrize(
    ("files", "options", "message"),
    [
        ([], {}, "no files were given"),
        (["a.nc", "b.png"], {}, r"b\.png: is no data file"),
        (["a.png"], {"bad_files": "ignore"}, "bad_files is 'ignore'"),
        (["a.png"], {"at_once": 0}, "at_once is 0"),
        (["a.png"], {"threads": 0}, "threads is 0"),
    ],
)
def test_bad_calls(network: rnn.Network, files: list[str], options: dict[str, Any], message: str) -> None:
    with pytest.raises(rnn.ConfigError, match=message):
        predict(network, files, **options)


def test_new_files_need_a_recipe(network: rnn.Network) -> None:
    with pytest.raises(rnn.ConfigError, match="has no recipe, so that it takes data files"):
        predict(network, "a.png").compute(scheduler="synchronous")
    with pytest.raises(rnn.DataError, match="names of files and arrays together"):
        shares.predict_items(["a.png", np.zeros((2, 3))], network, shares.Options(None, 1, True, None, "raise"))


def _predict_and_die_once(marker: str, items: list[Any], network: rnn.Network, options: shares.Options) -> list[Any]:
    """What predict_items does; the first worker that comes to it is killed as by the system, midway."""
    made = shares.predict_items(items, network, options)
    time.sleep(0.05)
    try:
        file = os.open(marker, os.O_CREAT | os.O_EXCL)
    except FileExistsError:
        return made
    os.close(file)
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("unreachable")


def test_a_worker_that_dies_midway(
    network: rnn.Network, tmp_path: Path, cluster: LocalCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrays = [item["inputs"].astype(np.float32) for item in transcription(count=12)]
    dying = partial(_predict_and_die_once, str(tmp_path / "died"))
    monkeypatch.setattr("rnnlib_py.integrations.dask.predict_items", dying)
    with Client(cluster) as client:
        before = set(client.scheduler_info()["workers"])
        found = predict(network, bag.from_sequence(arrays, npartitions=6), raw=False).compute()
        assert (tmp_path / "died").exists()
        assert not before <= set(client.scheduler_info()["workers"])
    assert all(np.array_equal(a.outputs, b.outputs) for a, b in zip(found, network.predict(arrays), strict=True))


def test_a_search_of_scikit_learn_on_the_cluster(cluster: LocalCluster) -> None:
    rng = np.random.default_rng(1)
    labels = np.arange(24) % 2
    series = [np.sin(np.arange(12) / (2 + label)) + rng.normal(0, 0.1, 12) for label in labels]
    search = GridSearchCV(SequenceClassifier(random_state=1, epochs=2), {"hidden_size": [2, 4]}, cv=2)
    here = clone(search).fit(series, labels).cv_results_["mean_test_score"]
    with Client(cluster), parallel_config("dask"):
        there = clone(search).fit(series, labels).cv_results_["mean_test_score"]
    assert (here == there).all()

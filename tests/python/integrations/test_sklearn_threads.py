# SPDX-License-Identifier: Apache-2.0
"""How many threads an estimator takes, alone and in each of joblib's backends."""

from __future__ import annotations

import pytest
from distributed import Client
from joblib import Parallel, cpu_count, delayed, parallel_config

from rnnlib_py.integrations.estimators import threads
from rnnlib_py.integrations.estimators.threads import threads_of


def test_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "get_num_threads", lambda: 6)
    assert [threads_of(n) for n in (None, -1, -2, -20, 1, 3, 40)] == [6, 6, 5, 1, 1, 3, 40]


@pytest.mark.parametrize("backend", ["threading", "multiprocessing"])
def test_beside_others_there_is_one(monkeypatch: pytest.MonkeyPatch, backend: str) -> None:
    """A forked process has the other number of cores, too."""
    monkeypatch.setattr(threads, "get_num_threads", lambda: 6)
    found = Parallel(n_jobs=2, backend=backend)(delayed(threads_of)(n) for n in (None, -1, 3))
    assert found == [1, 1, 3]


def test_processes_of_loky_share_the_cores() -> None:
    found = Parallel(n_jobs=2, backend="loky")(delayed(threads_of)(None) for _ in range(2))
    assert max(found) <= max(1, cpu_count() // 2)


def test_threads_of_a_dask_worker_have_one_each(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "get_num_threads", lambda: 6)
    one_process = {"processes": False, "n_workers": 1, "threads_per_worker": 2, "dashboard_address": None}
    with Client(**one_process), parallel_config("dask"):
        assert Parallel()(delayed(threads_of)(n) for n in (None, -1, 3)) == [1, 1, 3]

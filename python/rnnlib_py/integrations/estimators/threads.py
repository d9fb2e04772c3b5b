# SPDX-License-Identifier: Apache-2.0
"""How many threads an estimator uses: never more than the cores that joblib leaves it."""

from __future__ import annotations

import multiprocessing
from typing import Any

import numpy as np
from joblib.parallel import get_active_backend

from rnnlib_py.config.threads import get_num_threads


def threads_of(n_jobs: Any) -> int:
    """The number of threads for n_jobs.

    Parameters
    ----------
    n_jobs
        None: all cores of the process, or, where joblib runs several estimators at once, this one's share of them. A
        positive number: so many. -1: the same as None; -2: one less, and so on.

    Raises
    ------
    ValueError
        0, or no whole number.
    """
    if n_jobs is None:
        return _share()
    if isinstance(n_jobs, bool) or not isinstance(n_jobs, (int, np.integer)) or n_jobs == 0:
        raise ValueError(f"n_jobs is {n_jobs!r}, expected a whole number other than 0, or None")
    return int(n_jobs) if n_jobs > 0 else max(1, _share() + 1 + int(n_jobs))


def _share() -> int:
    """loky's processes are told their share of the cores (OMP_NUM_THREADS); beside threads and other processes of
    joblib, and in Dask's workers, there is one for each."""
    backend = get_active_backend()[0]
    is_loky = multiprocessing.current_process().name.startswith("Loky")
    is_dask = type(backend).__name__ == "DaskDistributedBackend"  # which does not count how deep it is
    level = getattr(backend, "nesting_level", None) or 0
    if is_dask or (level > 0 and not is_loky):
        return 1
    return get_num_threads()

# SPDX-License-Identifier: Apache-2.0
"""Loads the engine so that its threads sleep while they wait. Must be the package's first import.

By default OpenMP's threads spin between two pieces of work, which on a busy machine takes the core from the thread they
wait for: training then runs many times slower with two threads than with one. The policy is read when the OpenMP
library is loaded; the environment is left as it was, and a policy that the user has set is kept.
"""

from __future__ import annotations

import os

_POLICY = "OMP_WAIT_POLICY"

if _POLICY in os.environ:
    from rnnlib_py import _core
else:
    os.environ[_POLICY] = "passive"
    try:
        from rnnlib_py import _core
    finally:
        del os.environ[_POLICY]

__all__ = ["_core"]

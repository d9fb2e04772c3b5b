# SPDX-License-Identifier: Apache-2.0
"""Says in words when a run diverges, stands still, outputs only blanks, or learns its training set by heart."""

from rnnlib_py.training.diagnosis.diagnosis import Watcher

__all__ = ["Watcher"]

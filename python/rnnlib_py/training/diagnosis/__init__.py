# SPDX-License-Identifier: Apache-2.0
"""Warns when a run diverges, stands still, outputs only blanks, or learns its training set by heart."""

from rnnlib_py.training.diagnosis.diagnosis import Diagnosis

__all__ = ["Diagnosis"]

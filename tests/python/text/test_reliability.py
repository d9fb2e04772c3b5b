# SPDX-License-Identifier: Apache-2.0
"""Whether confidences are true."""

from __future__ import annotations

import numpy as np
import pytest

from rnnlib_py.text.reliability import Reliability, joined


def test_bins_hold_equally_many_from_the_least_sure_to_the_surest() -> None:
    found = Reliability(np.array([0.9, 0.2, 0.4, 0.8, 1.0, 0.6]), np.array([True, False, True, False, True, True]))
    assert [(b.confidence, b.right, b.count) for b in found.bins(3)] == [
        (pytest.approx(0.3), 0.5, 2),
        (pytest.approx(0.7), 0.5, 2),
        (pytest.approx(0.95), 1.0, 2),
    ]
    assert found.calibration_error(3) == pytest.approx((0.2 + 0.2 + 0.05) / 3)
    assert found.calibration_error(1) == pytest.approx(abs(3.9 / 6 - 4 / 6))
    assert len(found.bins(100)) == 6
    assert (found.accuracy, found.mean) == (pytest.approx(4 / 6), pytest.approx(3.9 / 6))


def test_nothing_has_no_error() -> None:
    found = joined([], [])
    assert (len(found), found.bins(), found.calibration_error(), found.accuracy, found.mean) == (0, [], 0, 0, 0)


def test_sequences_are_joined() -> None:
    found = joined([np.array([0.5]), [], [0.25, 1.0]], [[True], [], [False, True]])
    assert found.confidences.tolist() == [0.5, 0.25, 1.0]
    assert found.right.tolist() == [True, False, True]


def test_true_confidences_have_a_small_error() -> None:
    rng = np.random.default_rng(1)
    confidences = rng.uniform(0, 1, 20000)
    true = Reliability(confidences, rng.uniform(0, 1, 20000) < confidences)
    proud = Reliability(np.sqrt(confidences), true.right)
    assert true.calibration_error() < 0.015
    assert proud.calibration_error() == pytest.approx(2 / 3 - 1 / 2, abs=0.01)

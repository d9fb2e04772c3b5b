# SPDX-License-Identifier: Apache-2.0
"""What differs among scikit-learn's versions, from 1.2 on."""

from __future__ import annotations

from typing import Any

from sklearn.utils import validation


def check_feature_names(estimator: Any, X: Any, reset: bool) -> None:
    """Takes the names of the columns of X (reset), or compares them with those it has taken."""
    check = getattr(validation, "_check_feature_names", None)  # from version 1.6 on
    if check is None:
        estimator._check_feature_names(X, reset=reset)
    else:
        check(estimator, X, reset=reset)

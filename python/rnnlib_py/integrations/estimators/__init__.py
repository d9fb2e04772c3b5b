# SPDX-License-Identifier: Apache-2.0
"""scikit-learn's estimators of sequences: what rnnlib_py.integrations.sklearn hands out."""

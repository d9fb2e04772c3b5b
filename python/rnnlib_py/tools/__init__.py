# SPDX-License-Identifier: Apache-2.0
"""Tools for data files, logs and saves, each also a command of rnnlib-py."""

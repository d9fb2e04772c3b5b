# SPDX-License-Identifier: Apache-2.0
"""Tools for data files, each also a command of rnnlib-py."""

# SPDX-License-Identifier: Apache-2.0
# cython: language_level=3
# What Cython code may cimport from rnnlib_py.
from rnnlib_py.runner cimport Runner

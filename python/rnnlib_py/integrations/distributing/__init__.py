# SPDX-License-Identifier: Apache-2.0
"""The parts of integrations/dask.py: what a worker does with its share of the data."""

# SPDX-License-Identifier: Apache-2.0
"""Data sets in netCDF files: reading, writing, and how sequences lie in them."""

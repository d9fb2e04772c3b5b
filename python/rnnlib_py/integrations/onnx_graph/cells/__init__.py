# SPDX-License-Identifier: Apache-2.0
"""The types of hidden units. A new type is a module here and a line in `registry`."""

# SPDX-License-Identifier: Apache-2.0
"""RNNLIB's configurations, and what follows from them alone."""

from rnnlib_py.config.config import Config, format_value, is_key, unavailable_choices

__all__ = ["Config", "format_value", "is_key", "unavailable_choices"]

# SPDX-License-Identifier: Apache-2.0
"""Settings common to all Python tests."""

from hypothesis import settings

settings.register_profile("project", deadline=None, max_examples=30)
settings.load_profile("project")

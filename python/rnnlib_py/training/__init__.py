# SPDX-License-Identifier: Apache-2.0
"""Training runs from a config: epochs, schedules, saves, progress."""

# SPDX-License-Identifier: Apache-2.0
"""A network: making, saving, running and testing it."""

# SPDX-License-Identifier: Apache-2.0
"""Looking inside a network: its variables for a sequence, what they depend on, its weights."""

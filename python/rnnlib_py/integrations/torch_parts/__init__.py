# SPDX-License-Identifier: Apache-2.0
"""What the modules of integrations/torch.py are made of. All of it needs PyTorch."""

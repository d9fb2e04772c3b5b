# SPDX-License-Identifier: Apache-2.0
"""How the layers of a network become nodes of an ONNX graph: a module per kind of layer, listed in `registry`."""

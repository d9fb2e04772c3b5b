# SPDX-License-Identifier: Apache-2.0
"""Where rnnlib_py meets other packages: one module for each, imported only when asked for.

Nothing here is imported by ``import rnnlib_py``. Each module needs the package that it is named after, which an extra
of the same name installs: ``pip install "rnnlib-py[sklearn]"``.
"""

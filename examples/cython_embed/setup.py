# SPDX-License-Identifier: Apache-2.0
# Nothing of rnnlib-py is linked and no header is needed: Cython finds its .pxd files in the installed package.
from Cython.Build import cythonize
from setuptools import Extension, setup

setup(ext_modules=cythonize([Extension("pulse_reader", ["pulse_reader.pyx"])], language_level=3), py_modules=[])

# SPDX-License-Identifier: Apache-2.0
"""Docstrings of the public interface: NumPy's form, and every argument is described."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import rnnlib_py as rnn
from rnnlib_py import testing

# Methods of public classes that only the package itself calls; docs/python.md leaves them out, too.
INTERNAL = {"Config.set", "Dataset.named_normalisations", "Dataset.normalised_otherwise", "Network.takes_raw"}


def members(owner: type) -> Iterator[tuple[str, Any]]:
    """The class's own public functions and properties, those of its bases in this package too."""
    for base in owner.__mro__:
        if base.__module__.startswith("rnnlib_py."):
            for name, value in vars(base).items():
                if not name.startswith("_") or (name == "__init__" and value.__doc__):  # others are the package's own
                    yield name, value


def public() -> dict[str, Callable[..., Any]]:
    """Name -> function, method or property's function of all that is public and written in Python."""
    found: dict[str, Callable[..., Any]] = {"testing.train": testing.train}
    for name in rnn.__all__:
        value = getattr(rnn, name)
        if inspect.isfunction(value):
            found[name] = value
        elif inspect.isclass(value) and value.__module__ != "rnnlib_py" and name not in ("Run", "Stream"):
            for member, attribute in members(value):
                inner = getattr(attribute, "__func__", None) or getattr(attribute, "fget", None) or attribute
                if inspect.isfunction(inner):
                    found.setdefault(f"{name}.{member}", inner)
    return {name: function for name, function in found.items() if name not in INTERNAL}


def described(docstring: str) -> set[str]:
    """The names that the section Parameters describes."""
    (section,) = re.findall(r"^Parameters\n-{10}\n(.*?)(?:\n\n\w+\n-+\n|\Z)", docstring, flags=re.MULTILINE | re.DOTALL)
    return {name for line in re.findall(r"^\w.*$", section, flags=re.MULTILINE) for name in line.split(", ")}


@pytest.mark.parametrize("name", public())
def test_every_argument_is_described(name: str) -> None:
    function = public()[name]
    docstring = inspect.getdoc(function)
    wanted = [parameter for parameter in inspect.signature(function).parameters if parameter not in ("self", "cls")]
    assert docstring
    if len(wanted) > 1:
        assert described(docstring) == set(wanted)


@pytest.mark.parametrize("name", [name for name in rnn.__all__ if inspect.isclass(getattr(rnn, name))])
def test_every_class_is_described(name: str) -> None:
    docstring = inspect.getdoc(getattr(rnn, name))
    assert docstring
    if hasattr(getattr(rnn, name), "__dataclass_fields__"):
        section = docstring.partition("Attributes\n----------\n")[2]
        lines = re.findall(r"^\w.*$", section, flags=re.MULTILINE)
        listed = {name for line in lines for name in line.partition(" : ")[0].split(", ")}
        assert set(getattr(rnn, name).__dataclass_fields__) <= listed

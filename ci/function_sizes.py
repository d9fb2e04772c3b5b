# SPDX-License-Identifier: Apache-2.0
"""Finds the functions of a source file, with their lines and parameters: C++ and C, Python, Cython."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Function:
    """A function, or only its declaration."""

    name: str
    line: int  # of its first line, from 1
    lines: int  # from its name to its end; without the docstring; 0 for a declaration
    parameters: int  # without self and cls


def python_functions(text: str) -> Iterator[Function]:
    """All functions of a Python file or stub, those within others included."""
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        arguments = node.args
        named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        stars = [star for star in (arguments.vararg, arguments.kwarg) if star is not None]
        names = [argument.arg for argument in [*named, *stars] if argument.arg not in ("self", "cls")]
        lines = (node.end_lineno or node.lineno) - node.lineno + 1
        if ast.get_docstring(node, clean=False) is not None:
            docstring = node.body[0]
            lines -= (docstring.end_lineno or docstring.lineno) - docstring.lineno + 1
        yield Function(node.name, node.lineno, lines, len(names))


_CYTHON_FUNCTION = re.compile(r"( *)(?:async )?(?:def|c(?:p)?def)\b[^=\n]*?\b(\w+)\s*\(")


def cython_functions(text: str) -> Iterator[Function]:
    """All functions of a Cython file; the end of one is where its indentation ends."""
    text = _without_python_strings(text)
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if (match := _CYTHON_FUNCTION.match(line)) is None:
            continue
        start = sum(len(before) + 1 for before in lines[:number]) + match.end() - 1
        end = _closing(text, start)
        header_end = text.count("\n", 0, end)
        last = header_end
        for later in range(header_end + 1, len(lines)):
            indentation = len(lines[later]) - len(lines[later].lstrip())
            if lines[later].strip() and indentation <= len(match[1]):
                break
            if lines[later].strip():
                last = later
        parameters = [part for part in _parts(text[start + 1 : end]) if part.split()[-1:] not in (["self"], ["cls"])]
        yield Function(match[2], number + 1, last - number + 1, len(parameters))


def _without_python_strings(text: str) -> str:
    """The text with comments and strings made blank; line ends stay."""
    pattern = re.compile(r"#[^\n]*|(\"\"\"|''')(?:\\.|.)*?\1|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'", re.DOTALL)
    return pattern.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)


_CPP_TOKEN = re.compile(
    r"//[^\n]*|/\*.*?\*/|R\"(?P<mark>[^(\s]*)\(.*?\)(?P=mark)\"|\"(?:\\.|[^\"\\\n])*\"|"
    r"(?<![0-9A-Fa-f])'(?:\\.|[^'\\\n])+'|^[ \t]*#(?:[^\n\\]|\\.)*",
    re.DOTALL | re.MULTILINE,
)
_LAMBDA = re.compile(r"\[[^\[\]]*\]\s*\((?=[^()]*(?:\([^()]*\)[^()]*)*\)\s*(?:mutable|noexcept|->\s*[\w:<>*& ]+)*\s*$)")
_TEST_MACROS = {"TEST", "TEST_F", "TEST_P", "TYPED_TEST", "TYPED_TEST_P"}
_NO_FUNCTION = re.compile(r"(if|for|while|switch|catch|do|else|try|namespace|extern|return|case|default)\b")
_TYPE = re.compile(
    r"(?:template\s*<.*>\s*)?(?:typedef\s+)?(?:class|struct|union|enum)\b(?!.*\)\s*(?:const)?\s*$)", re.DOTALL
)


@dataclass(frozen=True)
class _Brace:
    """A brace that is open."""

    position: int
    head: int  # where the text before it begins
    name: str | None  # of the function whose body it opens
    parameters: int
    depth: int  # of parentheses and brackets before it

    def function(self, text: str, end: int) -> Iterator[Function]:
        """The function whose body ends here, if it is one."""
        if self.name is not None:
            lines = text.count("\n", self.head, end) + 1
            yield Function(self.name, text.count("\n", 0, self.head) + 1, lines, self.parameters)


def cpp_functions(text: str) -> Iterator[Function]:
    """All functions of a C++ or C file: definitions, lambdas that have a parameter list, and, outside of functions,
    declarations."""
    text = _CPP_TOKEN.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
    braces: list[_Brace] = []
    start = 0  # of the statement
    depth = 0  # of parentheses and brackets: within them there are no statements
    for match in re.finditer(r"[()\[\]{};]", text):
        position = match.start()
        if match[0] in "([":
            depth += 1
        elif match[0] in ")]":
            depth -= 1
        elif match[0] == "{":
            head = text[start:position]
            name, parameters = (None, 0) if _is_initialiser(head, depth) else _cpp_head(head)
            begin = position - len(head.lstrip())
            braces.append(_Brace(position, begin if name else start, name, parameters, depth))
            depth = 0
            start = position + 1
        elif match[0] == "}" and braces:
            brace = braces.pop()
            yield from brace.function(text, position)
            depth = brace.depth
            is_initialiser = brace.name is None and _is_initialiser(text[brace.head : brace.position], depth)
            start = brace.head if is_initialiser else position + 1
        elif match[0] == ";" and depth == 0:
            if all(brace.name is None for brace in braces):
                yield from _cpp_declaration(text, start, position)
            start = position + 1


def _is_initialiser(head: str, depth: int) -> bool:
    """True for a brace that holds values and not statements, and that stands within a function's parameters or a
    constructor's list of initialisers: the function's head goes on after it."""
    if _LAMBDA.search(head):
        return False
    is_in_list = (
        re.search(r"\)\s*(?:noexcept\s*)?:[^:]", head) is not None and re.search(r"[\w>]\s*$", head) is not None
    )
    return depth > 0 or is_in_list


def _cpp_declaration(text: str, start: int, end: int) -> Iterator[Function]:
    name, parameters = _cpp_head(text[start:end])
    if name is not None:
        head = start + len(text[start:end]) - len(text[start:end].lstrip())
        yield Function(name, text.count("\n", 0, head) + 1, 0, parameters)


def _cpp_head(head: str) -> tuple[str | None, int]:
    """Name and number of parameters of the function whose text before `{` or `;` this is; None when it is none."""
    head = head.strip()
    head = re.sub(r"^(?:(?:public|private|protected)\s*:\s*)+", "", head)
    lambda_start = _LAMBDA.search(head)
    if lambda_start is not None:
        opening = lambda_start.end() - 1
        return "a lambda", len(_parts(head[opening + 1 : _closing(head, opening)]))
    if not head or _NO_FUNCTION.match(head) or _TYPE.match(head):
        return None, 0
    match = re.search(r"(operator\s*\(\)|operator\s*[^\w\s(]+|~?\b\w+)\s*\(", head)
    if match is None or "=" in head[: match.start()].replace("operator", ""):
        return None, 0
    opening = match.end() - 1
    if match[1] in _TEST_MACROS:
        return ".".join(part.strip() for part in _parts(head[opening + 1 : _closing(head, opening)])), 0
    return match[1], len(_parts(head[opening + 1 : _closing(head, opening)]))


def _closing(text: str, opening: int) -> int:
    """Where the parenthesis at `opening` is closed; the text's end if it is not."""
    depth = 0
    for position in range(opening, len(text)):
        depth += (text[position] == "(") - (text[position] == ")")
        if depth == 0:
            return position
    return len(text)


def _parts(parameters: str) -> list[str]:
    """What stands between the commas of a parameter list, less those within brackets of any kind."""
    parts = [""]
    depth = 0
    for character in parameters:
        depth += (character in "(<[{") - (character in ")>]}")
        if character == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return [part for part in parts if part.strip() and part.strip() not in ("void", "*", "/")]


def functions(path: Path, text: str) -> Iterator[Function]:
    """All functions of a source file of any of the languages."""
    if path.suffix in (".py", ".pyi"):
        return python_functions(text)
    if path.suffix in (".pyx", ".pxd"):
        return cython_functions(text)
    return cpp_functions(text)

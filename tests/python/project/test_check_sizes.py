# SPDX-License-Identifier: Apache-2.0
"""The limits of sizes (ci/check_sizes.py): the tree keeps them, and functions are found in every language."""

from __future__ import annotations

from pathlib import Path

import pytest
from ci_script import ROOT, run_script, write


def faults(tmp_path: Path, name: str, text: str) -> list[str]:
    """What the check says of a tree with this one file, without the file's name."""
    write(tmp_path, name, text)
    result = run_script("check_sizes.py", tmp_path)
    assert result.returncode == (1 if result.stdout else 0), result.stderr
    assert all(line.startswith(f"{name}:") for line in result.stdout.splitlines())
    return [line.removeprefix(f"{name}:") for line in result.stdout.splitlines()]


def test_this_tree_keeps_the_limits() -> None:
    result = run_script("check_sizes.py", ROOT)
    assert (result.returncode, result.stdout) == (0, ""), result.stdout + result.stderr


def test_a_folder_without_sources_is_an_error(tmp_path: Path) -> None:
    result = run_script("check_sizes.py", tmp_path)
    assert result.returncode == 2
    assert "cpp/src" in result.stderr


@pytest.mark.parametrize(("lines", "found"), [(400, []), (401, ["1: the file has 401 lines; at most 400 are allowed"])])
def test_lines_of_a_file(tmp_path: Path, lines: int, found: list[str]) -> None:
    assert faults(tmp_path, "cpp/src/base/a.cpp", "// x\n" * lines) == found


def cpp(begin: str, end: str = "}", statement: str = "  call({1, 2});\n", lines: int = 59) -> str:
    """A function of 61 lines, between two lines, unless told otherwise."""
    return f"int before;\n{begin}\n{statement * lines}{end}\nint after;\n"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (cpp("void function(int a) {"), "function"),
        (cpp("template <class T>\nT Class<T>::function(int a) const noexcept {", lines=58), "function"),
        (cpp("auto function(int a) -> std::map<int, int> {"), "function"),
        (cpp("Index operator()(int a) const {"), "operator()"),
        (cpp("Class& operator=(const Class& other) {"), "operator="),
        (cpp("Class(int a) : a_(a), b_{a, 1}, c_{} {"), "Class"),
        (cpp("void function(const Options& options = {}, int b = {}) {"), "function"),
        (cpp('const char* function() { f("{ \\" {"); // {', end="/* } */ }"), "function"),
        (cpp("bool function(char c) { return c == '{' || c == '\\'';", end="return n == 1'000'000; }"), "function"),
        (cpp('void function() { f(R"x( } ")x");', end="}"), "function"),
        (cpp("#define BRACE {\nvoid function() {\n#if A\n#endif", lines=57), "function"),
        (
            cpp("void function() {", statement="  for (int i = 0; i < 3; ++i) { if (i) { f(i); } else { g(); } }\n"),
            "function",
        ),
        (cpp("TEST(Suite, Name) {"), "Suite.Name"),
        (cpp('  m.def("x", [](int a) {', end="});"), "a lambda"),
        ("namespace a {\nclass B {\n public:\n" + cpp("void function() {") + "};\n}\n", "function"),
        ("struct S {\n" + cpp("int x{1};\nint function(int a) override {", lines=59) + "};\n", "function"),
    ],
)
def test_a_long_function_of_cpp_is_found_once(tmp_path: Path, text: str, name: str) -> None:
    found = faults(tmp_path, "cpp/src/base/a.cpp", text)
    assert len(found) == 1, found
    assert f": {name} has 61 lines; at most 60 are allowed" in found[0]


@pytest.mark.parametrize(
    "text",
    [
        cpp("void function(int a) {", lines=58),
        cpp("class Class {", end="};", statement="  void f(int a);\n", lines=100),
        cpp("namespace a {", statement="int f(int a) { return a; }\n", lines=100),
        cpp("const Row kRows[] = {", end="};", statement='  {"a", f(1)},\n', lines=100),
        cpp("enum class E {", end="};", statement="  kA,\n", lines=100),
        cpp("static const auto x = call(1, {", end="});", statement='  {"a", 1},\n', lines=100),
        cpp('extern "C" {', statement="int f(int a);\n", lines=100),
    ],
)
def test_what_is_no_long_function_passes(tmp_path: Path, text: str) -> None:
    assert faults(tmp_path, "cpp/src/base/a.h", text) == []


NINE = ", ".join(f"std::map<int, int> a{i}" for i in range(9))
EIGHT = ", ".join(f"int (*a{i})(int, int)" for i in range(8))


@pytest.mark.parametrize(
    "text",
    [
        f"void function({NINE});",
        f"class C {{\n public:\n  void function({NINE}) const;\n}};",
        f"void function({NINE}) {{ f(1); }}",
        f"C::function({NINE}) : a(1), b{{2}} {{}}",
        "void function(O o = {}, " + NINE.removeprefix("std::map<int, int> a0, ") + ");",
    ],
)
def test_many_parameters_of_cpp_are_found(tmp_path: Path, text: str) -> None:
    found = faults(tmp_path, "cpp/include/rnnlib/a.h", text)
    assert len(found) == 1
    assert "function has 9 parameters; at most 8 are allowed" in found[0]


@pytest.mark.parametrize("text", [f"void function({EIGHT});", "void f() { g(1, 2, 3, 4, 5, 6, 7, 8, 9); }"])
def test_eight_parameters_and_calls_of_cpp_pass(tmp_path: Path, text: str) -> None:
    assert faults(tmp_path, "cpp/include/rnnlib/a.h", text) == []


def test_functions_of_python(tmp_path: Path) -> None:
    body = "    x = 1\n"
    docstring = '    """First.\n\n' + "    Line.\n" * 30 + '    """\n'
    parameters = "self, a, b, /, c, d, *args, e, f=1, **kwargs"
    text = (
        f"def short():\n{docstring}{body * 59}\n\ndef long():\n{docstring}{body * 60}\n\n"
        f"class C:\n    def eight({parameters}): ...\n    def nine({parameters.replace('d,', 'd, g,')}): ...\n"
    )
    assert [fault.partition(": ")[2] for fault in faults(tmp_path, "python/rnnlib_py/a.py", text)] == [
        "long has 61 lines; at most 60 are allowed",
        "nine has 9 parameters; at most 8 are allowed",
    ]


def test_functions_of_cython(tmp_path: Path) -> None:
    nine = ", ".join(f"const double[:, :] a{i}" for i in range(9))
    body = '        f("(")  # )\n'
    text = (
        f"cdef class C:\n    cdef int nine(self, {nine}) except -1 nogil:\n        pass\n\n"
        f"    def short(self):\n{body * 59}\n    def long(self):\n{body * 60}\n    cdef int other(self)\n"
    )
    assert [fault.partition(": ")[2] for fault in faults(tmp_path, "python/rnnlib_py/a.pyx", text)] == [
        "nine has 9 parameters; at most 8 are allowed",
        "long has 61 lines; at most 60 are allowed",
    ]

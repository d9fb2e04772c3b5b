# SPDX-License-Identifier: Apache-2.0
"""The site of docs/, made by Sphinx: `bash ci/docs.sh`.

Nothing is fetched. The Python reference is read from the sources and the .pyi files; only the tutorials, which are
notebooks that run while the site is made, need the package. RNNLIB_DOCS_TUTORIALS=0 in the environment does not run
them, which is quicker when other pages are written.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import Any

from docutils import nodes

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent

project = "rnnlib-py"
author = "The rnnlib-py authors"
copyright = author  # noqa: A001
_cmake = (ROOT / "cpp" / "CMakeLists.txt").read_text(encoding="utf-8")
release = version = re.findall(r"project\(rnnlib VERSION ([0-9.]+)", _cmake)[0]

extensions = ["autoapi.extension", "sphinx.ext.napoleon", "myst_nb"]

nb_execution_mode = "off" if os.environ.get("RNNLIB_DOCS_TUTORIALS") == "0" else "force"
nb_execution_raise_on_error = True
nb_execution_timeout = 600  # seconds of a cell, on a machine with much else to do
nb_execution_in_temp = True
nb_merge_streams = True
# The kernels' modules beside the package: what examples have, whose folders the tutorials name.
os.environ["PYTHONPATH"] = str(ROOT / "examples" / "spoken_digits")

napoleon_google_docstring = False  # sections of docstrings are NumPy's
napoleon_use_ivar = True  # attributes are described once more by sphinx-autoapi where they are defined
myst_heading_anchors = 3
highlight_language = "none"  # of blocks that name none: commands and their output

autoapi_dirs = [str(ROOT / "python" / "rnnlib_py")]
autoapi_file_patterns = ["*.pyi", "*.py"]
autoapi_generate_api_docs = False  # docs/python.md lists what is public
autoapi_keep_files = False
autoapi_options = ["members", "show-inheritance"]

python_use_unqualified_type_names = True

html_theme = "furo"
html_title = f"{project} {release}"
html_static_path = ["_static"]
html_css_files = ["site.css", "reader/reader.css"]
html_copy_source = False
html_show_sphinx = False

# Pages that the front page's tables of contents name, and that need not be there.
OPTIONAL = ("cpp", "coming-from-rnnlib", "logs", "looking-inside", "training")

READER_MODELS = ("drawn_digits", "fraktur")  # that try.html can load


def prepare(_app: Any, name: str, source: list[str]) -> None:
    """Takes pages that are not there out of the tables of contents, and links to sources out of all pages."""
    if name == "index":
        for page in OPTIONAL:
            if not (HERE / f"{page}.md").exists():
                source[0] = source[0].replace(f"\n{page}\n", "\n")
    outside = "../" * (name.count("/") + 1)
    source[0] = re.sub(rf"(?<!!)\[([^\]]+)\]\({re.escape(outside)}[^)]+\)", r"\1", source[0])


def plain_docstrings(_app: Any, _what: str, _name: str, _object: Any, _options: Any, lines: list[str]) -> None:
    """Docstrings are plain text with `code`; reStructuredText wants ``code``, and its own signs escaped.

    A line that begins with an argument or with "Raises" begins a paragraph.
    """
    made: list[str] = []
    for line in lines:
        if made and made[-1] and re.match(r"(`?[a-z]\w*`?(, `?[a-z]\w*`?)*: |Raises )", line):
            made.append("")
        parts = re.split(r"(`[^`]+`)", line)
        made.append(
            "".join(
                f"`{part}`" if part.startswith("`") else re.sub(r"([*|\\])|(?<=\w)_(?=\W|$)", r"\\\g<0>", part)
                for part in parts
            )
        )
    lines[:] = made


def link_to_public_name(app: Any, env: Any, node: Any, content: Any) -> Any:
    """Types in signatures are found where they are defined; the page describes the package's own names of them.

    What it does not describe is shown without its module and without a link.
    """
    if node.get("refdomain") != "py":
        return None
    short = node["reftarget"].rpartition(".")[2]
    name = f"{project.replace('-', '_')}.{short}"
    if name not in env.domains["py"].objects:
        return nodes.inline(short, short)
    return env.domains["py"].resolve_xref(env, node["refdoc"], app.builder, "obj", name, node, content)


def add_reader(app: Any, exception: Exception | None) -> None:
    """What try.html loads: networks, and the engine for browsers where ci/wasm.sh has built it."""
    if exception is not None or app.builder.name != "html":
        return
    static = Path(app.outdir) / "_static"
    module = ROOT / "build" / "wasm" / "module"
    if module.exists():
        shutil.copytree(module, static / "rnnlib", dirs_exist_ok=True)
    (static / "models").mkdir(exist_ok=True)
    for name in READER_MODELS:
        shutil.copy(ROOT / "models" / f"{name}.safetensors", static / "models")


def setup(app: Any) -> None:
    app.connect("build-finished", add_reader)
    app.connect("source-read", prepare)
    app.connect("missing-reference", link_to_public_name)
    app.connect("autodoc-process-docstring", plain_docstrings)

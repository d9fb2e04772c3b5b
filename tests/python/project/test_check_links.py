# SPDX-License-Identifier: Apache-2.0
"""The check of links (ci/check_links.py): the tree has no dead ones, every kind of them is found, servers are asked."""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from ci_script import ROOT, run_script, write

OWN = "https://github.com/rnnlib-py/rnnlib-py"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small tree with links of every kind that is allowed."""
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    links = f"[page](docs/page.md#the-units-of-c) [here](#a) [own]({OWN}/blob/main/docs/page.md) [i]({OWN}/issues)"
    write(tmp_path, "README.md", f"# A\n\n{links} [out](https://x.org/y.md)\n")
    write(
        tmp_path,
        "docs/page.md",
        "# Page\n\n## Again\n\n## The units of `C`\n\n## Again\n\n(place)=\n\n```\n[no link](none.txt)\n```\n"
        '![p](images/p.png) [up](../README.md) [second](#again-1) [place](#place)\n\n<a id="named"></a>\n',
    )
    write(tmp_path, "docs/images/p.png", "")
    write(tmp_path, "docs/a.html", '<a href="page.md#named">x</a><img src="images/p.png"><a href="{made}">y</a>\n')
    return tmp_path


def notebook(text: str) -> str:
    return json.dumps({"cells": [{"cell_type": "markdown", "source": [text]}, {"cell_type": "code", "source": []}]})


def test_this_tree_has_no_dead_links() -> None:
    result = run_script("check_links.py", ROOT)
    assert (result.returncode, result.stdout) == (0, ""), result.stdout + result.stderr


def test_good_links(tree: Path) -> None:
    result = run_script("check_links.py", tree)
    assert (result.returncode, result.stdout) == (0, ""), result.stdout + result.stderr


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("a.md", "[x](none.txt)", "the link to none.txt leads nowhere"),
        ("a.md", "![x](none.png)", "the link to none.png leads nowhere"),
        ("a.md", "[x]\n\n[x]: none.txt", "the link to none.txt leads nowhere"),
        ("a.md", '<a href="none.txt">x</a>', "the link to none.txt leads nowhere"),
        ("a.md", "[x](docs/page.md#no-heading)", "docs/page.md has no section #no-heading"),
        ("a.md", "[x](docs/page.md#again-2)", "docs/page.md has no section #again-2"),
        ("a.md", "[x](#b)", "a.md has no section #b"),
        ("a.md", f"[x]({OWN}/blob/main/none.md)", "/blob/main/none.md leads nowhere"),
        ("a.md", f"[x]({OWN}/blob/main/docs/page.md#b)", "docs/page.md has no section #b"),
        ("docs/a.html", '<img src="none.png">', "the link to none.png leads nowhere"),
        ("a.ipynb", notebook("[x](none.txt)"), "the link to none.txt leads nowhere"),
    ],
)
def test_a_dead_link_is_found(tree: Path, name: str, text: str, says: str) -> None:
    write(tree, name, f"{text}\n")
    result = run_script("check_links.py", tree)
    assert result.returncode == 1, result.stderr
    (line,) = result.stdout.splitlines()
    assert line.startswith(f"{name}:")
    assert says in line


class Pages(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response({"/good": 200, "/gone": 404}.get(self.path, 503))
        self.end_headers()

    def log_message(self, *_: object) -> None:  # type: ignore[override]
        pass


@pytest.fixture
def site() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Pages) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_external_links(tree: Path, site: str) -> None:
    (tree / "README.md").unlink()
    write(tree, "a.md", f"[x]({site}/good), {site}/busy.\n")
    write(tree, "b.toml", f'url = "{site}/gone"\n')
    write(tree, "tests/c.py", f'URL = "{site}/made-up"\n')
    result = run_script("check_links.py", tree, "--external")
    assert result.returncode == 1
    assert result.stdout == f"b.toml:1: {site}/gone is gone (status 404)\n"
    assert result.stderr.splitlines() == [
        f"a.md:1: {site}/busy is not known to be there (status 503)",
        "links: 1 of 3 addresses answered",
    ]
    (tree / "b.toml").unlink()
    assert run_script("check_links.py", tree, "--external").returncode == 0

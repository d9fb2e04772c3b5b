# SPDX-License-Identifier: Apache-2.0
"""The example of docs/pytorch.md prints what the page shows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pages import code_blocks

torch = pytest.importorskip("torch", reason="PyTorch is not installed; ci/test.sh installs it where that is cheap")
ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    """PyTorch's threads spin while they wait, which is slow where other programs compute."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def test_the_example(capsys: pytest.CaptureFixture[str]) -> None:
    page = (ROOT / "docs" / "pytorch.md").read_text(encoding="utf-8")
    exec(compile(code_blocks(page, "python")[0], "docs/pytorch.md", "exec"), {})
    (shown,) = (block for block in code_blocks(page, "text") if block.startswith("step"))
    assert capsys.readouterr().out == shown

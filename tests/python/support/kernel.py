# SPDX-License-Identifier: Apache-2.0
"""A Jupyter kernel that runs cells, as a notebook has it."""

from __future__ import annotations

import queue
from pathlib import Path
from typing import Any

from jupyter_client.manager import start_new_kernel

_SECONDS = 60  # that a message may take; a machine in use is slow to start Python


class Kernel:
    """Runs cells. What they show is a list of (kind of message, content): "display_data", "stream", "error", ….

    `update_display_data` is taken for what it changes, so that each thing that is shown comes once, as it was last.
    """

    def __init__(self, folder: Path) -> None:
        self._manager, self._client = start_new_kernel(kernel_name="python3", cwd=str(folder))

    def close(self) -> None:
        self._client.stop_channels()
        self._manager.shutdown_kernel(now=True)

    def begin(self, code: str) -> str:
        """Starts a cell; its identity, for end()."""
        return str(self._client.execute(code))

    def interrupt(self) -> None:
        """What the stop button of a notebook does."""
        self._manager.interrupt_kernel()

    def messages(self, identity: str) -> Any:
        """The cell's messages as they come, until it has ended."""
        while True:
            try:
                message = self._client.get_iopub_msg(timeout=_SECONDS)
            except queue.Empty:
                raise AssertionError(f"the kernel has said nothing for {_SECONDS} seconds") from None
            if message["parent_header"].get("msg_id") != identity:
                continue
            kind, content = message["msg_type"], message["content"]
            if kind == "status" and content["execution_state"] == "idle":
                return
            yield kind, content

    def run(self, code: str) -> list[tuple[str, Any]]:
        """A whole cell."""
        return shown(self.messages(self.begin(code)))

    def value(self, code: str) -> dict[str, str]:
        """Of a cell that shows one thing and no more: its data by MIME type."""
        found = self.run(code)
        assert [kind for kind, _ in found] == ["execute_result"], found
        data: dict[str, str] = found[0][1]["data"]
        return data


def shown(messages: Any) -> list[tuple[str, Any]]:
    """What is seen in the end."""
    found: list[tuple[str, Any]] = []
    places: dict[str, int] = {}
    for kind, content in messages:
        name = content.get("transient", {}).get("display_id")
        if kind == "update_display_data":
            found[places[name]] = ("display_data", content)
        elif kind in ("display_data", "execute_result", "stream", "error"):
            if name is not None:
                places[name] = len(found)
            found.append((kind, content))
    return found

# SPDX-License-Identifier: Apache-2.0
"""ci/install_torch.py: which files of PyTorch are builds for the CPU."""

from __future__ import annotations

import importlib.util
from typing import Any

import pytest
from ci_script import ROOT

_spec = importlib.util.spec_from_file_location("install_torch", ROOT / "ci" / "install_torch.py")
assert _spec is not None and _spec.loader is not None
install_torch = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(install_torch)


def report(file: str, version: str, *requires: str) -> dict[str, Any]:
    metadata = {"name": "torch", "version": version, "requires_dist": ["filelock", *requires]}
    return {"install": [{"metadata": metadata, "download_info": {"url": f"file:///wheels/{file}"}}]}


CUDA = 'nvidia-cudnn-cu13==9.24.0; platform_system == "Linux"'


@pytest.mark.parametrize(
    ("given", "system", "reason"),
    [
        (report("torch-2.13.0%2Bcpu-cp311.whl", "2.13.0+cpu", 'opt-einsum>=3.3; extra == "opt-einsum"'), "Linux", ""),
        (report("torch-2.13.0-cp311-macosx.whl", "2.13.0", CUDA), "Darwin", ""),
        (report("torch-2.13.0-cp311.whl", "2.13.0", CUDA), "Linux", "torch-2.13.0-cp311.whl is a build for GPUs: it"),
        (report("torch-2.13.0.whl", "2.13.0+cu130"), "Linux", "torch-2.13.0.whl is a build for cu130"),
        (report("torch-2.13.0.whl", "2.13.0", "triton~=3.8"), "Linux", "it needs triton~=3.8"),
        ({"install": []}, "Linux", "pip would take no file"),
    ],
)
def test_which_files_are_taken(given: dict[str, Any], system: str, reason: str) -> None:
    found = install_torch.why_not(given, system)
    assert reason in found if reason else found == ""

# SPDX-License-Identifier: Apache-2.0
"""Reads a conda recipe as rattler-build does, for several Pythons and systems, and checks what comes of it.

Usage: python ci/conda_recipe.py RECIPE.yaml VERSION. Needs Python 3.11 and py-rattler-build. Nothing is built:
that would need a channel.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import tomllib
from rattler_build import PlatformConfig, RenderConfig, Stage0Recipe, VariantConfig

ROOT = Path(__file__).resolve().parents[1]
PLATFORMS = ("linux-64", "linux-aarch64", "osx-64", "osx-arm64", "win-64")
OTHER_NAMES = {"netCDF4": "netcdf4", "cmeel-eigen": "eigen"}  # in conda, beside those on Python's index


def wanted() -> tuple[set[str], set[str]]:
    """What pyproject.toml says: requirements of the build, and dependencies."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

    def conda(requirements: list[str]) -> set[str]:
        pairs = [requirement.partition(">=") for requirement in requirements]
        return {f"{OTHER_NAMES.get(name, name)} >={version}" for name, _, version in pairs}

    return conda(project["build-system"]["requires"]), conda(project["project"]["dependencies"])


def rendered(path: Path, platform: str) -> list[Any]:
    recipe = Stage0Recipe.from_file(str(path))
    pins = {"python": ["3.10.*", "3.14.*"], "c_stdlib": ["sysroot"], "c_compiler": ["gcc"], "cxx_compiler": ["gxx"]}
    return list(recipe.render(VariantConfig(pins), RenderConfig(platform=PlatformConfig(target_platform=platform))))


def main(path: Path, version: str) -> int:
    build, run = wanted()
    text = Stage0Recipe.from_file(str(path)).to_dict()
    requirements = text["requirements"]
    missing = {*(build - set(requirements["host"])), *(run - set(requirements["run"]))}
    if missing:
        print(f"{path}: lacks {', '.join(sorted(missing))}, which pyproject.toml says")
        return 1
    for platform in PLATFORMS:
        outputs = [variant.recipe for variant in rendered(path, platform)]
        if len(outputs) != 2 or any(output.package.version != version for output in outputs):
            print(f"{path}: on {platform} expected 2 packages of version {version}, found {outputs}")
            return 1
    print(f"{path.name}: version {version}, for {', '.join(PLATFORMS)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))

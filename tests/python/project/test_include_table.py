# SPDX-License-Identifier: Apache-2.0
"""The include rules (ci/include_table.py): the tree keeps them, and every kind of breach is found."""

from __future__ import annotations

from pathlib import Path

import pytest
from ci_script import ROOT, run_script, write


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small tree that keeps every rule, using everything that is allowed."""
    write(tmp_path, "cpp/include/rnnlib/types.h", "#include <vector>\n#include <cstdint>\n")
    write(tmp_path, "cpp/include/rnnlib/config.h", '#include "rnnlib/types.h"\n')
    write(tmp_path, "cpp/include/rnnlib/save.h", '#include "rnnlib/network.h"\n')
    write(tmp_path, "cpp/include/rnnlib/rnnlib.h", '#include "rnnlib/save.h"\n')
    write(
        tmp_path,
        "cpp/src/base/parallel/team.cpp",
        '#include "base/parallel/team.h"\n#include <thread>\nstd::thread helper;\n',
    )
    write(tmp_path, "cpp/src/tensor/product.cpp", '#include <Eigen/Core>\n#include "base/checks.h"\n')
    write(tmp_path, "cpp/src/loss/ctc.cpp", '#include "tensor/buffer.h"\n#include "rnnlib/types.h"\n#include <cmath>\n')
    write(tmp_path, "cpp/src/network/network.cpp", '#include "layers/sweep.h"\n#include "config/spec.h"\n')
    write(tmp_path, "cpp/src/train/trainer.cpp", '#include "rnnlib/trainer.h"\n#include "rnnlib/config.h"\n')
    write(tmp_path, "cpp/src/capi/network.cpp", '#include "rnnlib/save.h"\n')
    write(tmp_path, "cpp/src/io/save.cpp", '#include "train/trainer.h"\n#include <unistd.h>\n')
    write(tmp_path, "python/bindings/core.cpp", '#include <pybind11/pybind11.h>\n#include "convert.h"\n')
    return tmp_path


def test_this_tree_keeps_the_rules() -> None:
    result = run_script("include_table.py", ROOT)
    assert (result.returncode, result.stdout) == (0, ""), result.stdout + result.stderr


def test_allowed_includes_pass(tree: Path) -> None:
    result = run_script("include_table.py", tree)
    assert (result.returncode, result.stdout) == (0, ""), result.stdout + result.stderr


@pytest.mark.parametrize(
    ("name", "line", "says"),
    [
        ("python/bindings/a.cpp", "const py::gil_scoped_release release;", "use gil.h"),
        ("cpp/src/base/a.cpp", '#include "tensor/shape.h"', "base/ may not include tensor/"),
        ("cpp/src/tensor/a.h", '#include "layers/sweep.h"', "tensor/ may not include layers/"),
        ("cpp/src/layers/a.cpp", '#include "loss/loss.h"', "layers/ may not include loss/"),
        ("cpp/src/loss/a.cpp", '#include "network/network.h"', "loss/ may not include network/"),
        ("cpp/src/loss/a.cpp", '#include "layers/sweep.h"', "loss/ may not include layers/"),
        ("cpp/src/optim/a.cpp", '#include "network/network.h"', "optim/ may not include network/"),
        ("cpp/src/decode/a.cpp", '#include "loss/loss.h"', "decode/ may not include loss/"),
        ("cpp/src/config/a.cpp", '#include "network/builder.h"', "config/ may not include network/"),
        ("cpp/src/network/a.cpp", '#include "train/trainer.h"', "network/ may not include train/"),
        ("cpp/src/train/a.cpp", '#include "io/save.h"', "train/ may not include io/"),
        ("cpp/src/train/a.cpp", '#  include "../io/save.h"', "does not start with rnnlib/ or a module"),
        ("cpp/src/layers/a.cpp", "#include <Eigen/Dense>", "only tensor/ includes Eigen"),
        ("cpp/src/layers/a.cpp", "std::thread helper(work);", "only base/parallel/ makes threads"),
        ("cpp/src/base/parallel.cpp", "auto a = std::async(work);", "only base/parallel/ makes threads"),
        ("cpp/src/network/parallel/a.cpp", "  #pragma omp for", "only base/parallel/ makes threads"),
        ("cpp/src/io/a.cpp", "#include <Python.h>", "the engine knows no Python"),
        ("cpp/src/misc/a.cpp", "", "misc is not in the include table"),
        ("cpp/include/rnnlib/metrics.h", "#include <Eigen/Core>", "a public header includes <Eigen/Core>"),
        ("cpp/include/rnnlib/metrics.h", "#include <omp.h>", "a public header includes <omp.h>"),
        ("cpp/include/rnnlib/metrics.h", '#include "base/checks.h"', 'a public header includes "base/checks.h"'),
        ("cpp/include/rnnlib/new.h", "", "rnnlib/new.h belongs to no module"),
        ("cpp/include/rnnlib/spec.h", '#include "rnnlib/config.h"', "base/ may not include rnnlib/config.h"),
        ("cpp/include/rnnlib/network.h", '#include "rnnlib/trainer.h"', "network/ may not include rnnlib/trainer.h"),
        ("cpp/include/rnnlib/c_api.h", '#include "rnnlib/new.h"', "rnnlib/new.h belongs to no module"),
        ("cpp/src/base/a.cpp", '#include "rnnlib/config.h"', "base/ may not include rnnlib/config.h"),
        ("cpp/src/layers/a.h", '#include "rnnlib/network.h"', "which belongs to network/"),
        ("cpp/src/optim/a.cpp", '#include "rnnlib/trainer.h"', "which belongs to train/"),
        ("cpp/src/network/a.cpp", '#include "rnnlib/save.h"', "which belongs to io/"),
        ("cpp/src/io/a.cpp", '#include "rnnlib/c_api.h"', "which belongs to capi/"),
        ("cpp/src/capi/a.cpp", '#include "network/engine_base.h"', "capi/ may not include network/"),
        ("python/bindings/a.cpp", '#include "network/network.h"', "bindings include public headers only"),
        ("python/bindings/a.cpp", "#include <pybind11/eigen.h>\n#include <Eigen/Core>", "bindings include public"),
    ],
)
def test_breach_is_found(tree: Path, name: str, line: str, says: str) -> None:
    write(tree, name, f"// A file.\n{line}\n")
    result = run_script("include_table.py", tree)
    assert result.returncode == 1
    assert len(result.stdout.splitlines()) == 1
    assert result.stdout.startswith(f"{name}:")
    assert says in result.stdout


def test_a_folder_that_is_no_tree_is_an_error(tmp_path: Path) -> None:
    result = run_script("include_table.py", tmp_path)
    assert result.returncode == 2
    assert "cpp/src" in result.stderr

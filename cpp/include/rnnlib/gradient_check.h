// SPDX-License-Identifier: Apache-2.0
// Central differences against the exact gradient (spec section 7).
#pragma once

#include <string>
#include <vector>

#include "rnnlib/export.h"
#include "rnnlib/network.h"

namespace rnnlib {

struct GradientMismatch {
  std::string connection;
  Index index = 0;  // within the connection
  double exact = 0;
  double numeric = 0;
};

struct GradientCheckConnection {
  std::string name;
  Index checked = 0;
  double largest_difference = 0;  // relative
};

struct GradientCheckReport {
  std::vector<GradientCheckConnection> connections;  // from the output down
  std::vector<GradientMismatch> mismatches;
  bool passed() const { return mismatches.empty(); }
};

struct GradientCheckOptions {
  double perturbation = 1e-5;
  int significant_figures = 6;
  bool break_on_error = true;  // stop at the first mismatch
  int threads = 1;             // as RunOptions::threads
};

// Always computed in double, deltas not clipped, whatever the network's precision.
RNNLIB_API GradientCheckReport check_gradient(const Network& network, const Sequence& sequence,
                                              const GradientCheckOptions& options = {});

}  // namespace rnnlib

// SPDX-License-Identifier: Apache-2.0
// Central differences against the exact gradient (docs/behaviour.md, "Gradient check").
#pragma once

#include <string>
#include <vector>

#include "rnnlib/export.h"
#include "rnnlib/network.h"

namespace rnnlib {

// A weight whose two gradients differ.
struct GradientMismatch {
  std::string connection;  // its name
  Index index = 0;         // within the connection
  double exact = 0;        // of the backward pass
  double numeric = 0;      // central difference
};

// How one connection came out.
struct GradientCheckConnection {
  std::string name;               // of the connection
  Index checked = 0;              // weights
  double largest_difference = 0;  // relative
};

// What the check found.
struct GradientCheckReport {
  std::vector<GradientCheckConnection> connections;   // from the output down
  std::vector<GradientMismatch> mismatches;           // the first only with break_on_error
  bool passed() const { return mismatches.empty(); }  // no mismatch
};

// What to try, and what counts as equal.
struct GradientCheckOptions {
  double perturbation = 1e-5;   // of each weight, both ways
  int significant_figures = 6;  // that must agree
  bool break_on_error = true;   // stop at the first mismatch
  int threads = 1;              // as RunOptions::threads
  bool raw = false;             // as RunOptions::raw
};

// Always computed in double, deltas not clipped, whatever the network's precision.
RNNLIB_API GradientCheckReport check_gradient(const Network& network, const Sequence& sequence,
                                              const GradientCheckOptions& options = {});

}  // namespace rnnlib

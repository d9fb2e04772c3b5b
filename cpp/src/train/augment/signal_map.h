// SPDX-License-Identifier: Apache-2.0
// Speed and time warp of a signal, in one resampling.
#pragma once

#include <vector>

#include "base/function_ref.h"
#include "rnnlib/augmentation.h"
#include "train/augment/draws.h"

namespace rnnlib {

// For each point of the new signal the place in the old one from which it takes its values, from the first point to the
// last. The length changes by the factor of `speed`; eighths of the signal last longer or shorter than they would.
// Where `fits` says that the new signal is too short (for the target of the sequence) it is as long as the old one.
std::vector<double> draw_signal_map(const AugmentationOptions& options, const Draws& draws, Index length,
                                    FunctionRef<bool(Index length)> fits);

// Values [places, size] between the points of `from` [points, size].
void resample_signal(const std::vector<double>& places, const float* from, Index points, Index size, float* to);

}  // namespace rnnlib

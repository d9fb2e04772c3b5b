// SPDX-License-Identifier: Apache-2.0
// The decoder that a task has when the caller gives none.
#pragma once

#include <memory>

#include "rnnlib/decoder.h"
#include "rnnlib/task.h"

namespace rnnlib {

// For outputs of so many units per point; confidences are those at a temperature.
std::unique_ptr<DecoderRun> make_decoder_run(DecoderType type, Index units, double temperature = 1);

}  // namespace rnnlib

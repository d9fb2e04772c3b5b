// SPDX-License-Identifier: Apache-2.0
// What ranks tell each other of the sequences they ran: errors, as bytes of this processor.
#pragma once

#include <string>
#include <vector>

#include "loss/sequence_errors.h"

namespace rnnlib {

// `report`: the rank would like a report now.
std::string pack_errors(const std::vector<SequenceErrors>& errors, bool report);

// Adds those of a rank to `errors`; returns its `report`. Throws DataError where the bytes are none of pack_errors.
bool unpack_errors(const std::string& bytes, std::vector<SequenceErrors>& errors);

}  // namespace rnnlib

// SPDX-License-Identifier: Apache-2.0
// Does a sequence fit a network? Asked at every door of the engine, before the first number of an array is read.
#pragma once

#include <string>

#include "loss/loss.h"
#include "network/layout.h"
#include "rnnlib/decoder.h"
#include "rnnlib/sequence.h"

namespace rnnlib {

// For messages: "'tag' (number 3)", or "number 3".
std::string sequence_name(const Sequence& sequence, Index number);

// Throws ConfigError for a decoder that is given where the task has no labels to search for.
void check_decoder(Task task, const Decoder* decoder);

// DataError unless inputs of `input_size` numbers per point, that were given as `found`, are what a network expects.
void check_input_size(Index found, Index input_size);

// Throws DataError, naming the sequence, unless it has inputs of a shape and a size that the network takes. Asks for no
// memory unless it throws.
void check_inputs(const NetworkLayout& layout, const Sequence& sequence, Index number);

// The same, and a target that belongs to the network's output: its kind, its sizes, and then its numbers.
template <class Real>
void check_with_target(const NetworkLayout& layout, const Loss<Real>& loss, const Sequence& sequence, Index number);

}  // namespace rnnlib

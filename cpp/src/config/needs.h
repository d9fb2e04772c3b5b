// SPDX-License-Identifier: Apache-2.0
// What a key needs from the rest of its config to have an effect: the column `needs` of the key table.
#pragma once

#include <string>

#include "rnnlib/config.h"

namespace rnnlib {

// Gives the reason why a key has no effect ("optimiser is rprop"); empty when it has one, or may have one.
using UnusedReason = std::string (*)(const Config& config);

namespace needs {

std::string nothing(const Config& config);  // always has an effect

std::string labels(const Config& config);         // a task that has any
std::string transcription(const Config& config);  // a task that transcribes
std::string prediction(const Config& config);     // this very task

std::string search(const Config& config);          // a decoder that searches among labellings
std::string beam(const Config& config);            // this very decoder
std::string language_model(const Config& config);  // of labels or words
std::string words(const Config& config);           // of a dictionary, or labels of a language model
std::string dictionary(const Config& config);      // that a decoder uses
std::string open(const Config& config);            // a decoder that could read free text between words
std::string free_text(const Config& config);       // one that does

std::string two_levels(const Config& config);      // at least
std::string subsampling(const Config& config);     // a subsample layer
std::string convolution(const Config& config);     // a level that is one
std::string level_dims(const Config& config);      // a list of the levels' dimensions
std::string concat(const Config& config);          // rows that are joined side by side
std::string two_directions(const Config& config);  // in some dimension

std::string learn_rate(const Config& config);      // an optimiser of the weights that has one
std::string any_learn_rate(const Config& config);  // an optimiser, of the weights or mdl's, that has one
std::string momentum(const Config& config);        // an optimiser that has it
std::string online(const Config& config);          // several updates per epoch
std::string decay(const Config& config);           // a schedule with a factor
std::string plateau(const Config& config);         // this very schedule
std::string mdl(const Config& config);             // adaptive weight noise
std::string noise(const Config& config);           // of any kind
std::string autosave(const Config& config);        // saves

}  // namespace needs
}  // namespace rnnlib

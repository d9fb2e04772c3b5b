// SPDX-License-Identifier: Apache-2.0
// Sums of the errors of a data set's sequences.
#include "rnnlib/metrics.h"

#include <algorithm>

#include "base/text.h"

namespace rnnlib {

void Metrics::add(const std::string& name, double value, double norm) {
  for (NamedError& error : errors_) {
    if (error.name == name) {
      error.value += value;
      error.norm += norm;
      return;
    }
  }
  errors_.push_back({name, value, norm});
}

void Metrics::add(const Metrics& other) {
  for (std::size_t i = 0; i < other.errors_.size(); ++i) {
    const NamedError& error = other.errors_[i];
    if (i < errors_.size() && errors_[i].name == error.name) {  // nearly always: spares the search
      errors_[i].value += error.value;
      errors_[i].norm += error.norm;
    } else {
      add(error.name, error.value, error.norm);
    }
  }
  num_sequences += other.num_sequences;
}

const NamedError* Metrics::find(const std::string& name) const {
  const auto found =
      std::find_if(errors_.begin(), errors_.end(), [&](const NamedError& error) { return error.name == name; });
  return found == errors_.end() ? nullptr : &*found;
}

bool prints_as_percent(const std::string& error_name) {
  if (starts_with(error_name, "_")) return true;
  const std::string name = to_lower(error_name);
  for (const char* part :
       {"label", "worderror", "seqerror", "sequenceerror", "substitution", "insertion", "deletion", "classification"}) {
    if (name.find(part) != std::string::npos) return true;
  }
  return false;
}

}  // namespace rnnlib

// SPDX-License-Identifier: Apache-2.0
#include "io/saved_vectors.h"

#include <algorithm>
#include <cmath>

#include "rnnlib/error.h"

namespace rnnlib {

void check_values(const std::string& what, const Values& values, Index expected, const Save& save) {
  const Index found = static_cast<Index>(values.size());
  if (found != expected) {
    throw FormatError(save.source + ": " + what + ": expected " + std::to_string(expected) + " numbers, found " +
                      std::to_string(found));
  }
  const auto bad = std::find_if(values.begin(), values.end(), [](double value) { return !std::isfinite(value); });
  if (bad != values.end()) {
    throw FormatError(save.source + ": " + what + ": number " + std::to_string(bad - values.begin() + 1) + " is " +
                      (std::isnan(*bad) ? "nan" : "infinite"));
  }
}

Values part_of(const Values& all, const Connection& connection) {
  const auto begin = all.begin() + static_cast<std::ptrdiff_t>(connection.offset);
  return Values(begin, begin + static_cast<std::ptrdiff_t>(connection.size()));
}

void put_part(const Values& part, const Connection& connection, Values& all) {
  std::copy(part.begin(), part.end(), all.begin() + static_cast<std::ptrdiff_t>(connection.offset));
}

}  // namespace rnnlib

// SPDX-License-Identifier: Apache-2.0
// What callers set of a sequence; sizes that only a network knows are checked by it (network/check_sequence.h).
#include "rnnlib/sequence.h"

#include "rnnlib/error.h"

namespace rnnlib {

namespace {

constexpr std::int32_t kNoLabels = 0;  // where an empty target lies: null would be no target

// Whether `count` numbers are those of a shape with so many per point. Divides, since a product may overflow.
bool fills(Index count, const Shape& shape, Index size) {
  for (Index points : shape) {
    if (points < 1 || count % points != 0) return false;
    count /= points;
  }
  return count == size;
}

std::string subject(const std::string& tag, const char* what) {
  return (tag.empty() ? "" : "sequence '" + tag + "': ") + what;
}

}  // namespace

void Sequence::set_inputs(const float* inputs, const Shape& shape, Index input_size) {
  shape_ = shape;  // first: it alone can fail, and the sizes must never be those of another array
  inputs_ = inputs;
  input_size_ = input_size;
}

void Sequence::set_inputs(const std::vector<float>& inputs, const Shape& shape, Index input_size) {
  const Index count = static_cast<Index>(inputs.size());
  if (!fills(count, shape, input_size)) {
    throw DataError(subject(tag_, "inputs are ") + std::to_string(count) + " numbers, the shape is " +
                    to_string(shape) + " with " + std::to_string(input_size) + " numbers per point");
  }
  set_inputs(inputs.data(), shape, input_size);
}

void Sequence::set_target(const std::int32_t* labels, Index length) {
  target_ = labels;
  target_length_ = length;
  target_patterns_ = nullptr;
  target_size_ = 0;
}

void Sequence::set_target(const std::vector<std::int32_t>& labels) {
  set_target(labels.empty() ? &kNoLabels : labels.data(), static_cast<Index>(labels.size()));
}

void Sequence::set_target_patterns(const float* patterns, Index points, Index target_size) {
  target_patterns_ = patterns;
  target_length_ = points;
  target_size_ = target_size;
  target_ = nullptr;
}

void Sequence::set_target_patterns(const std::vector<float>& patterns, Index target_size) {
  const Index count = static_cast<Index>(patterns.size());
  if (count == 0 || target_size < 1 || count % target_size != 0) {
    throw DataError(subject(tag_, "target patterns are ") + std::to_string(count) +
                    " numbers, expected whole rows of " + std::to_string(target_size));
  }
  set_target_patterns(patterns.data(), count / target_size, target_size);
}

void Sequence::set_importance(const float* importance, Index points) {
  importance_ = importance;
  importance_length_ = points;
}

void Sequence::set_importance(const std::vector<float>& importance) {
  set_importance(importance.data(), static_cast<Index>(importance.size()));
}

}  // namespace rnnlib

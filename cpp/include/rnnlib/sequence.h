// SPDX-License-Identifier: Apache-2.0
// A borrowed view of one sequence: the caller keeps the arrays alive.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "rnnlib/export.h"
#include "rnnlib/types.h"

namespace rnnlib {

// A sequence with, where there is one, its target. Every array is given together with its sizes. A network compares
// them with its own before it reads any number, and throws DataError where they differ.
class RNNLIB_API Sequence {
 public:
  // Named in messages; may be empty.
  void set_tag(std::string tag) { tag_ = std::move(tag); }

  // inputs [points of `shape`, input_size] in the network's order of dimensions, the last one fastest.
  void set_inputs(const float* inputs, const Shape& shape, Index input_size);
  // Throws DataError unless the vector holds as many numbers as the shape and the input size say.
  void set_inputs(const std::vector<float>& inputs, const Shape& shape, Index input_size);
  void set_inputs(std::vector<float>&& inputs, const Shape& shape, Index input_size) = delete;

  // The target of classification: a class per target point, -1 = none; of sequence_classification: one class; of
  // transcription: the label sequence. Takes the place of any target set before. Null: no target.
  void set_target(const std::int32_t* labels, Index length);
  // The same from a vector, which may be empty for transcription.
  void set_target(const std::vector<std::int32_t>& labels);
  void set_target(std::vector<std::int32_t>&& labels) = delete;

  // The target of regression, patterns [points, target_size]; of sequence_regression: one row. Takes the place of any
  // target set before. Null: no target.
  void set_target_patterns(const float* patterns, Index points, Index target_size);
  // Throws DataError unless the vector holds whole rows.
  void set_target_patterns(const std::vector<float>& patterns, Index target_size);
  void set_target_patterns(std::vector<float>&& patterns, Index target_size) = delete;

  // Where a network's blocks shrink its output; empty = the shape of the inputs.
  void set_target_shape(Shape shape) { target_shape_ = std::move(shape); }

  // The weight of each target point's error, a single one where the whole sequence has a target; null = all 1.
  void set_importance(const float* importance, Index points);
  // The same from a vector.
  void set_importance(const std::vector<float>& importance);
  void set_importance(std::vector<float>&& importance) = delete;

  // The words of a transcription target, for the errors of decoders with a dictionary; empty: they are not known.
  void set_target_words(std::vector<std::string> words) { target_words_ = std::move(words); }

  // What was set, or null, empty and 0.
  const std::string& tag() const { return tag_; }
  const Shape& shape() const { return shape_; }
  const float* inputs() const { return inputs_; }
  Index input_size() const { return input_size_; }
  const std::int32_t* target() const { return target_; }
  const float* target_patterns() const { return target_patterns_; }
  Index target_length() const { return target_length_; }  // entries of target(), or rows of target_patterns()
  Index target_size() const { return target_size_; }
  const Shape& target_shape() const { return target_shape_; }
  const float* importance() const { return importance_; }
  Index importance_length() const { return importance_length_; }
  const std::vector<std::string>& target_words() const { return target_words_; }

  // Whether there is a target of either kind.
  bool has_target() const { return target_ != nullptr || target_patterns_ != nullptr; }

 private:
  std::string tag_;
  Shape shape_;
  const float* inputs_ = nullptr;
  Index input_size_ = 0;
  const std::int32_t* target_ = nullptr;
  const float* target_patterns_ = nullptr;
  Index target_length_ = 0;
  Index target_size_ = 0;
  Shape target_shape_;
  const float* importance_ = nullptr;
  Index importance_length_ = 0;
  std::vector<std::string> target_words_;
};

}  // namespace rnnlib

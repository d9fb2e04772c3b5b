// SPDX-License-Identifier: Apache-2.0
// What is tried on every input: it is read as a save, its network built, run once and written again. All that may come
// out is a result or a rnnlib::Error.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "require.h"
#include "rnnlib/error.h"
#include "rnnlib/save.h"
#include "rnnlib/stream.h"

namespace rnnlib::fuzz {

// Inputs of a small sequence that is no multiple of most blocks.
struct SmallSequence {
  std::vector<float> inputs;
  Sequence sequence;

  explicit SmallSequence(const NetworkSpec& spec) {
    const Index dims = spec.data.num_dims;
    Shape shape;
    for (Index d = 0; d < dims; ++d) shape.push_back(dims > 3 ? 2 : 3 + d % 2);
    inputs.resize(static_cast<std::size_t>(num_points(shape) * spec.data.input_size));
    for (std::size_t i = 0; i < inputs.size(); ++i) inputs[i] = static_cast<float>(i % 7) / 4 - 0.5F;
    sequence.set_inputs(inputs, shape, spec.data.input_size);
  }
};

inline void run_network(const Network& network) {
  const SmallSequence small(network.spec());
  const std::vector<Prediction> predictions = network.predict({small.sequence});
  require(static_cast<Index>(predictions[0].outputs.size()) == num_points(predictions[0].shape) * predictions[0].size,
          "outputs of the wrong size");
  if (!why_no_stream(network.spec()).empty()) return;
  Stream stream(network);
  Index points =
      stream.push(small.inputs.data(), num_points(small.sequence.shape()), small.sequence.input_size()).points;
  points += stream.finish().points;
  require(points == num_points(predictions[0].shape), "a stream of the wrong length");
}

// What is written reads back as what it was.
inline void write_again(const Save& save) {
  std::string text;
  try {
    text = save.text(Precision::kDouble);
  } catch (const FormatError&) {
    return;  // names of RNNLIB's that ours do not allow
  }
  const Save again = Save::parse(text, "again");
  require(again.config.items() == save.config.items(), "another config after writing");
  require(again.vectors.size() == save.vectors.size(), "other vectors after writing");
  require(again.text(Precision::kDouble) == text, "another text after writing");
}

inline void try_save(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    const Save save = Save::parse(text, "fuzz");
    write_again(save);
    run_network(load_network(save, size % 2 == 0 ? Precision::kFloat : Precision::kDouble));
  } catch (const Error& error) {
    require(error.what()[0] != '\0', "an error without words");
  }
}

}  // namespace rnnlib::fuzz

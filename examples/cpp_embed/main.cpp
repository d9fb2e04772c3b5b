// SPDX-License-Identifier: Apache-2.0
// Reads lines of handwritten digits: loads a save, runs it on images, prints the text and where each digit stands.
#include <rnnlib/error.h>
#include <rnnlib/save.h>
#include <rnnlib/workspace.h>

#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "pgm.h"

namespace {

// Mean and standard deviation of the training set's pixels: the network learnt from pixels without them.
constexpr float kPixelMean = 25.8956F;
constexpr float kPixelStd = 53.7985F;

// The network's order: x outside, y inside.
std::vector<float> to_inputs(const Image& image) {
  std::vector<float> inputs;
  for (int x = 0; x < image.width; ++x) {
    for (int y = 0; y < image.height; ++y) inputs.push_back((image.at(x, y) - kPixelMean) / kPixelStd);
  }
  return inputs;
}

// Any network may be in a save; this program has one number per pixel for it.
void check_network(const rnnlib::Network& network) {
  const rnnlib::NetworkSpec& spec = network.spec();
  if (spec.task != rnnlib::Task::kTranscription || spec.data.num_dims != 2 || spec.data.input_size != 1) {
    throw rnnlib::DataError("the network does not transcribe grey images");
  }
}

void read_line(const std::string& path, const rnnlib::Network& network, rnnlib::Workspace& workspace) {
  const Image image = read_pgm(path);
  const std::vector<float> inputs = to_inputs(image);
  rnnlib::Sequence sequence;
  sequence.set_tag(path);                                       // named in errors
  sequence.set_inputs(inputs, {image.width, image.height}, 1);  // one number per pixel
  const rnnlib::Prediction& prediction = workspace.predict(sequence);

  const std::vector<std::string>& names = network.spec().data.labels;
  std::string text;
  for (rnnlib::Index label : prediction.labels) text += names[static_cast<std::size_t>(label)];
  std::printf("%s: %s\n", path.c_str(), text.c_str());
  for (std::size_t i = 0; i < prediction.labels.size(); ++i) {
    const auto [first, last] = prediction.input_positions[i];  // columns of the image
    std::printf("  %s  columns %3d to %3d  confidence %.2f\n",
                names[static_cast<std::size_t>(prediction.labels[i])].c_str(), static_cast<int>(first),
                static_cast<int>(last), prediction.confidences[i]);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: %s SAVE IMAGE.pgm ...\n", argv[0]);
    return 2;
  }
  try {
    const rnnlib::Network network = rnnlib::load_network(argv[1]);
    check_network(network);
    rnnlib::Workspace workspace(network);  // for all images; in a program with threads, one for each
    for (int i = 2; i < argc; ++i) read_line(argv[i], network, workspace);
  } catch (const std::exception& error) {  // rnnlib::Error is one
    std::fprintf(stderr, "%s: %s\n", argv[0], error.what());
    return 1;
  }
  return 0;
}

// SPDX-License-Identifier: Apache-2.0
// Reads images of text lines: the network's recipe makes inputs of them, and text of its labels.
#include <rnnlib/error.h>
#include <rnnlib/recipe.h>
#include <rnnlib/save.h>
#include <rnnlib/workspace.h>

#include <cstdio>
#include <exception>
#include <string>

#include "netpbm.h"

namespace {

rnnlib::ImageView view(const Image& image) {
  rnnlib::ImageView view;
  view.pixels = image.pixels.data();
  view.size = static_cast<rnnlib::Index>(image.pixels.size());
  view.width = image.width;
  view.height = image.height;
  view.channels = image.channels;
  return view;
}

std::string read_line(const std::string& path, const rnnlib::Network& network, const rnnlib::Recipe& recipe,
                      rnnlib::Workspace& workspace) {
  const Image image = read_netpbm(path);
  const rnnlib::LineInput input = recipe.line_input(view(image));
  rnnlib::Sequence sequence;
  sequence.set_tag(path);                             // named in errors
  sequence.set_inputs(input.values, input.shape, 1);  // one number per pixel
  return recipe.text(workspace.predict(sequence).labels, network.spec().data.labels);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: %s NETWORK IMAGE.pgm|IMAGE.ppm ...\n", argv[0]);
    return 2;
  }
  try {
    const rnnlib::Network network = rnnlib::load_network(argv[1]);
    const rnnlib::Recipe recipe = rnnlib::Recipe::of(network, argv[1]);
    rnnlib::Workspace workspace(network);  // for all images; in a program with threads, one for each
    workspace.set_raw(true);               // where the data were normalised after they were made, inputs are, too
    for (int i = 2; i < argc; ++i) std::printf("%s\n", read_line(argv[i], network, recipe, workspace).c_str());
  } catch (const std::exception& error) {  // rnnlib::Error is one
    std::fprintf(stderr, "%s: %s\n", argv[0], error.what());
    return 1;
  }
  return 0;
}

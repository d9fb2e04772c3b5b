// SPDX-License-Identifier: Apache-2.0
// A recipe says how the data that a network learned from were made of files (Network::recipe). Here it makes inputs of
// new files, which the network then reads as it learned to: the same numbers, to the bit, as `rnnlib-py prepare` wrote.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rnnlib/export.h"
#include "rnnlib/network.h"
#include "rnnlib/types.h"

namespace rnnlib {

// A borrowed view of an image with 8 bits per channel: row after row from the top, the channels of a pixel together.
struct ImageView {
  const std::uint8_t* pixels = nullptr;
  Index size = 0;  // bytes there are
  Index width = 0;
  Index height = 0;
  Index channels = 1;    // 1: grey (0 is black), 2: grey and alpha, 3: red, green, blue, 4: the same and alpha
  Index row_stride = 0;  // bytes from the beginning of a row to that of the next; 0: width * channels
};

// A text line as data files store it.
struct LineInk {
  std::vector<std::uint8_t> values;  // [x, y] 0 (ground) to 255, the columns of the image one after another
  Shape shape;                       // width, height
};

// A text line as a network takes it: sequence.set_inputs(input.values, input.shape, 1).
struct LineInput {
  std::vector<float> values;  // [x, y, 1]
  Shape shape;                // width, height
};

// Whether light ink on a dark ground becomes dark ink on a light one.
enum class Inversion { kAuto, kAlways, kNever };  // kAuto: where the ground is dark

// The settings of a recipe of text lines (docs/text-lines.md).
struct LineRecipe {
  Index height = 48;  // of lines, in pixels; the width keeps its proportion
  Inversion invert = Inversion::kAuto;
  bool stretch = true;                 // the contrast: the ground becomes 0 and the darkest ink 255
  std::string form = "NFC";            // Unicode's normal form of the texts, or "none"
  std::string space = "\xE2\x90\xA3";  // the label that stands for white space: ␣
  bool right_to_left = false;          // labels stand in visual order
  double scale = 1 / (255 * 0.3);      // inputs are ink * scale + offset
  double offset = -0.5;
};

// A recipe does not change; threads may share one.
class RNNLIB_API Recipe {
 public:
  // Of its JSON text; `source` is named in errors. Throws FormatError for text that is no recipe, for a kind or version
  // that is not known, and for settings that cannot be.
  static Recipe parse(std::string_view json, const std::string& source);
  // Of a network. Also throws ConfigError for one that has none.
  static Recipe of(const Network& network, const std::string& source = "the network");

  // What the data were made of: "lines", images of text lines, is what can be used here. "audio", "ink" (pen strokes)
  // and "table" are known, so that errors say what is needed.
  const std::string& kind() const { return kind_; }

  // All of these throw ConfigError for another kind than "lines".
  const LineRecipe& lines() const;
  // Width and height of the input for an image of a size. Throws DataError for one that is smaller than 3 x 3 pixels,
  // has more than 2^27, or would be wider than 32768 at the recipe's height.
  Shape line_shape(Index width, Index height) const;
  // The line's ink. What is transparent becomes white. Throws DataError as line_shape(), and for sizes that do not fit
  // each other, before any pixel is read; OutOfMemoryError.
  LineInk line_ink(const ImageView& image) const;
  // The input for a network, whose data may have been normalised after they were made: run it with RunOptions::raw
  // (workspaces: set_raw(true)), which does nothing where they were not. Throws like line_ink().
  LineInput line_input(const ImageView& image) const;
  // The text of labels that were read, numbers into `names` (network.spec().data.labels): the label for white space
  // becomes a blank, without any at the ends and two in a row. Where lines().right_to_left is true, the text stands as
  // the letters do in the image; Unicode's Bidirectional Algorithm (ICU, FriBidi) brings it into the order in which it
  // is stored. Throws DataError for a label without a name.
  std::string text(const std::vector<Index>& labels, const std::vector<std::string>& names) const;

 private:
  Recipe() = default;

  std::string source_;
  std::string kind_;
  LineRecipe lines_;
};

}  // namespace rnnlib

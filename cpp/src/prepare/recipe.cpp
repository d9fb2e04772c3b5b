// SPDX-License-Identifier: Apache-2.0
#include "rnnlib/recipe.h"

#include <algorithm>
#include <iterator>
#include <new>
#include <string>
#include <vector>

#include "base/text.h"
#include "io/json.h"
#include "prepare/line_image.h"
#include "prepare/line_settings.h"
#include "rnnlib/error.h"

namespace rnnlib {
namespace {

constexpr Index kVersion = 1;

struct Kind {
  const char* name;
  const char* files;  // what inputs are made of
};
constexpr char kLines[] = "lines";
constexpr Kind kKinds[] = {
    {kLines, "images of text lines"}, {"audio", "recordings"}, {"ink", "pen strokes"}, {"table", "tables"}};

const Kind* find_kind(const std::string& name) {
  const auto* const found = std::find_if(std::begin(kKinds), std::end(kKinds), [&](auto& k) { return k.name == name; });
  return found == std::end(kKinds) ? nullptr : found;
}

std::string read_kind(std::string_view json, const std::string& where) {
  std::string kind;
  Index version = 0;
  JsonReader reader(json, where);
  reader.read_object([&](const std::string& key) {
    if (key == "kind") {
      kind = reader.read_string();
    } else if (key == "version") {
      version = reader.read_count();
    } else {
      reader.skip_value();
    }
  });
  reader.expect_end();
  if (find_kind(kind) == nullptr) {
    std::vector<std::string> names;
    for (const Kind& known : kKinds) names.emplace_back(known.name);
    throw FormatError(where + ": expected a kind (" + join(names, ", ") + "), found " + in_quotes(kind) +
                      (kind.empty() ? "" : ": written by a newer version?"));
  }
  if (version != kVersion) {
    throw FormatError(where + ": expected version " + std::to_string(kVersion) + ", found " + std::to_string(version) +
                      ": written by a newer version?");
  }
  return kind;
}

// Runs `work` on an image.
template <class Work>
auto in_memory(const ImageView& image, const Work& work) {
  try {
    return work();
  } catch (const std::bad_alloc&) {
    throw OutOfMemoryError("an image of " + std::to_string(image.width) + " x " + std::to_string(image.height) +
                           " pixels: there is not enough memory");
  }
}

}  // namespace

Recipe Recipe::parse(std::string_view json, const std::string& source) {
  const std::string where = source + ": recipe";
  Recipe recipe;
  recipe.source_ = source;
  recipe.kind_ = read_kind(json, where);
  if (recipe.kind_ == kLines) recipe.lines_ = read_line_settings(json, where);
  return recipe;
}

Recipe Recipe::of(const Network& network, const std::string& source) {
  const std::string json = network.recipe();
  if (json.empty()) {
    throw ConfigError(source +
                      ": has no recipe, so that it is not known how its inputs are made of files: it was not " +
                      "trained on data of rnnlib-py prepare");
  }
  return parse(json, source);
}

const LineRecipe& Recipe::lines() const {
  if (kind_ == kLines) return lines_;
  throw ConfigError(source_ + ": its recipe is of kind " + in_quotes(kind_) + ", which makes inputs of " +
                    find_kind(kind_)->files + "; images need one of kind \"lines\"");
}

Shape Recipe::line_shape(Index width, Index height) const { return line_image_shape({width, height}, lines()); }

LineInk Recipe::line_ink(const ImageView& image) const {
  const LineRecipe& recipe = lines();
  return in_memory(image, [&] { return ink_of_line(image, recipe); });
}

LineInput Recipe::line_input(const ImageView& image) const {
  const LineRecipe& recipe = lines();
  return in_memory(image, [&] { return input_of_line(ink_of_line(image, recipe), recipe); });
}

std::string Recipe::text(const std::vector<Index>& labels, const std::vector<std::string>& names) const {
  const std::string& space = lines().space;
  std::string text;
  bool after_space = true;  // also at the beginning
  for (const Index label : labels) {
    if (label < 0 || label >= static_cast<Index>(names.size())) {
      throw DataError("label " + std::to_string(label) + " has no name: there are " + std::to_string(names.size()));
    }
    const std::string& name = names[static_cast<std::size_t>(label)];
    const bool is_space = name == space;
    if (!(is_space && after_space)) text += is_space ? " " : name;
    after_space = is_space;
  }
  if (after_space && !text.empty()) text.pop_back();
  return text;
}

}  // namespace rnnlib

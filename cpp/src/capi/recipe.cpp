// SPDX-License-Identifier: Apache-2.0
// Recipes: from images to inputs, from labels to text.
#include <algorithm>
#include <string>

#include "capi/guard.h"
#include "capi/handles.h"

namespace {

using rnnlib::Recipe;

rnnlib::ImageView to_view(const rnnlib_image& image) {
  rnnlib::ImageView view;
  view.pixels = image.pixels;
  view.size = image.size;
  view.width = image.width;
  view.height = image.height;
  view.channels = image.channels;
  view.row_stride = image.row_stride;
  return view;
}

void need_room(const char* name, bool fits, int64_t needed) {
  if (fits) return;
  throw rnnlib::capi::ArgumentError(std::string(name) + " needs room for " + std::to_string(needed));
}

}  // namespace

extern "C" {

rnnlib_status rnnlib_recipe_of_network(const rnnlib_network* network, rnnlib_recipe** recipe) {
  RNNLIB_NEED(network);
  RNNLIB_NEED(recipe);
  return rnnlib::capi::guard([&] { *recipe = new rnnlib_recipe{Recipe::of(*network->network)}; });
}

rnnlib_status rnnlib_recipe_parse(const char* json, size_t size, const char* source, rnnlib_recipe** recipe) {
  RNNLIB_NEED(json);
  RNNLIB_NEED(recipe);
  return rnnlib::capi::guard(
      [&] { *recipe = new rnnlib_recipe{Recipe::parse({json, size}, source == nullptr ? "memory" : source)}; });
}

void rnnlib_recipe_free(rnnlib_recipe* recipe) { delete recipe; }

const char* rnnlib_recipe_kind(const rnnlib_recipe* recipe) {
  return recipe == nullptr ? "" : recipe->recipe.kind().c_str();
}

int rnnlib_recipe_right_to_left(const rnnlib_recipe* recipe) {
  return recipe != nullptr && recipe->recipe.kind() == "lines" && recipe->recipe.lines().right_to_left ? 1 : 0;
}

rnnlib_status rnnlib_recipe_line_shape(const rnnlib_recipe* recipe, int64_t width, int64_t height, int64_t* shape) {
  RNNLIB_NEED(recipe);
  RNNLIB_NEED(shape);
  return rnnlib::capi::guard([&] {
    const rnnlib::Shape found = recipe->recipe.line_shape(width, height);
    std::copy(found.begin(), found.end(), shape);
  });
}

rnnlib_status rnnlib_recipe_line_input(const rnnlib_recipe* recipe, const rnnlib_image* image, float* inputs,
                                       int64_t capacity) {
  RNNLIB_NEED(recipe);
  RNNLIB_NEED(image);
  RNNLIB_NEED(inputs);
  return rnnlib::capi::guard([&] {
    const int64_t needed = rnnlib::num_points(recipe->recipe.line_shape(image->width, image->height));
    need_room("inputs", capacity >= needed, needed);
    const rnnlib::LineInput input = recipe->recipe.line_input(to_view(*image));
    std::copy(input.values.begin(), input.values.end(), inputs);
  });
}

rnnlib_status rnnlib_recipe_text(const rnnlib_recipe* recipe, const rnnlib_network* network, const int64_t* labels,
                                 int64_t num_labels, char* text, size_t capacity, size_t* length) {
  RNNLIB_NEED(recipe);
  RNNLIB_NEED(network);
  RNNLIB_NEED(length);
  if (num_labels < 0) return rnnlib::capi::fail(RNNLIB_ERROR_ARGUMENT, "num_labels is negative");
  if (num_labels > 0) RNNLIB_NEED(labels);
  return rnnlib::capi::guard([&] {
    const std::string found = recipe->recipe.text({labels, labels + num_labels}, network->network->spec().data.labels);
    if (text != nullptr) {
      need_room("text", capacity > found.size(), static_cast<int64_t>(found.size()) + 1);
      std::copy_n(found.c_str(), found.size() + 1, text);
    }
    *length = found.size();
  });
}

}  // extern "C"

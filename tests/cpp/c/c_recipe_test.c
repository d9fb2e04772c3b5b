/* SPDX-License-Identifier: Apache-2.0
 * Recipes from C99: an image becomes an input, labels become text. Argument: the folder of golden cases. */
#include <stdlib.h>
#include <string.h>

#include "c_check.h"

/* The golden network has the labels l0, l1, ... */
static const char kJson[] = "{\"kind\": \"lines\", \"version\": 1, \"height\": 6, \"space\": \"l0\"}";

enum { kWidth = 20, kHeight = 12, kChannels = 3 };

static rnnlib_recipe* parse(const char* json) {
  rnnlib_recipe* recipe = NULL;
  CHECK(rnnlib_recipe_parse(json, strlen(json), NULL, &recipe) == RNNLIB_OK);
  return recipe;
}

static void test_input(const rnnlib_network* network, const rnnlib_recipe* recipe) {
  uint8_t pixels[kWidth * kHeight * kChannels];
  float noise[kWidth * kHeight * kChannels];
  rnnlib_image image;
  rnnlib_prediction prediction;
  rnnlib_workspace* workspace = NULL;
  int64_t shape[2] = {0, 0};
  float inputs[10 * 6 + 1];
  size_t i;
  memset(&image, 0, sizeof(image));
  memset(&prediction, 0, sizeof(prediction));
  fill(noise, sizeof(pixels));
  for (i = 0; i < sizeof(pixels); ++i) pixels[i] = (uint8_t)(noise[i] * 127 + 128);
  image.pixels = pixels;
  image.size = sizeof(pixels);
  image.width = kWidth;
  image.height = kHeight;
  image.channels = kChannels;
  CHECK(rnnlib_recipe_line_shape(recipe, kWidth, kHeight, shape) == RNNLIB_OK);
  CHECK(shape[0] == 10 && shape[1] == 6);
  inputs[60] = 99;
  CHECK(rnnlib_recipe_line_input(recipe, &image, inputs, 59) == RNNLIB_ERROR_ARGUMENT);
  CHECK(strstr(rnnlib_last_error(), "inputs needs room for 60") != NULL);
  CHECK(rnnlib_recipe_line_input(recipe, &image, inputs, 60) == RNNLIB_OK);
  CHECK(inputs[60] == 99);
  CHECK(rnnlib_workspace_new(network, &workspace) == RNNLIB_OK);
  CHECK(rnnlib_workspace_run(workspace, inputs, 60, 1, shape, 2, &prediction) == RNNLIB_OK);
  CHECK(prediction.points > 0);
  rnnlib_workspace_free(workspace);
  --image.size;
  CHECK(rnnlib_recipe_line_input(recipe, &image, inputs, 60) == RNNLIB_ERROR_DATA);
  image.width = 2;
  CHECK(rnnlib_recipe_line_input(recipe, &image, inputs, 60) == RNNLIB_ERROR_DATA);
  CHECK(rnnlib_recipe_line_shape(recipe, INT64_MAX, INT64_MAX, shape) == RNNLIB_ERROR_DATA);
  CHECK(shape[0] == 10);
}

static void test_text(const rnnlib_network* network, const rnnlib_recipe* recipe) {
  const int64_t labels[] = {0, 1, 0, 0, 2};
  const int64_t wrong = 1000;
  char text[6] = "xxxxx";
  size_t length = 0;
  CHECK(rnnlib_recipe_text(recipe, network, labels, 5, NULL, 0, &length) == RNNLIB_OK && length == 5);
  CHECK(rnnlib_recipe_text(recipe, network, labels, 5, text, 5, &length) == RNNLIB_ERROR_ARGUMENT);
  CHECK(strcmp(text, "xxxxx") == 0);
  CHECK(rnnlib_recipe_text(recipe, network, labels, 5, text, 6, &length) == RNNLIB_OK);
  CHECK(strcmp(text, "l1 l2") == 0);
  CHECK(rnnlib_recipe_text(recipe, network, NULL, 0, text, 6, &length) == RNNLIB_OK && text[0] == '\0' && length == 0);
  CHECK(rnnlib_recipe_text(recipe, network, labels, -1, text, 6, &length) == RNNLIB_ERROR_ARGUMENT);
  CHECK(rnnlib_recipe_text(recipe, network, &wrong, 1, text, 6, &length) == RNNLIB_ERROR_DATA);
}

static void test_errors(const rnnlib_network* network) {
  static const char kAudio[] = "{\"kind\": \"audio\", \"version\": 1}";
  rnnlib_recipe* recipe = NULL;
  int64_t shape[2];
  CHECK(rnnlib_recipe_of_network(network, &recipe) == RNNLIB_ERROR_CONFIG && recipe == NULL);
  CHECK(rnnlib_recipe_parse("{}", 2, "x", &recipe) == RNNLIB_ERROR_FORMAT && recipe == NULL);
  CHECK(strstr(rnnlib_last_error(), "x: recipe: ") != NULL);
  CHECK(rnnlib_recipe_of_network(NULL, &recipe) == RNNLIB_ERROR_ARGUMENT);
  CHECK(rnnlib_recipe_parse(kJson, strlen(kJson), NULL, NULL) == RNNLIB_ERROR_ARGUMENT);
  CHECK(rnnlib_recipe_line_shape(NULL, 9, 9, shape) == RNNLIB_ERROR_ARGUMENT);
  CHECK(strcmp(rnnlib_recipe_kind(NULL), "") == 0 && rnnlib_recipe_right_to_left(NULL) == 0);
  recipe = parse(kAudio);
  CHECK(strcmp(rnnlib_recipe_kind(recipe), "audio") == 0 && rnnlib_recipe_right_to_left(recipe) == 0);
  CHECK(rnnlib_recipe_line_shape(recipe, 9, 9, shape) == RNNLIB_ERROR_CONFIG);
  rnnlib_recipe_free(recipe);
  recipe = parse("{\"kind\": \"lines\", \"version\": 1, \"right_to_left\": true}");
  CHECK(rnnlib_recipe_right_to_left(recipe) == 1);
  rnnlib_recipe_free(recipe);
  rnnlib_recipe_free(NULL);
}

/* A network that brings its own. */
static void test_own(const char* path) {
  rnnlib_network* network = NULL;
  rnnlib_recipe* recipe = NULL;
  int64_t shape[2] = {0, 0};
  CHECK(rnnlib_network_load(path, RNNLIB_FLOAT, &network) == RNNLIB_OK);
  CHECK(rnnlib_recipe_of_network(network, &recipe) == RNNLIB_OK);
  rnnlib_network_free(network);
  CHECK(strcmp(rnnlib_recipe_kind(recipe), "lines") == 0);
  CHECK(rnnlib_recipe_line_shape(recipe, 300, 60, shape) == RNNLIB_OK && shape[0] == 5 * shape[1]);
  rnnlib_recipe_free(recipe);
}

int main(int argc, char** argv) {
  char path[4096];
  rnnlib_network* network = NULL;
  rnnlib_recipe* recipe;
  if (argc != 2) return 2;
  snprintf(path, sizeof(path), "%s/mdlstm_2d_transcription/initial.save", argv[1]);
  CHECK(rnnlib_network_load(path, RNNLIB_FLOAT, &network) == RNNLIB_OK);
  recipe = parse(kJson);
  CHECK(strcmp(rnnlib_recipe_kind(recipe), "lines") == 0);
  test_input(network, recipe);
  test_text(network, recipe);
  test_errors(network);
  snprintf(path, sizeof(path), "%s/../../models/fraktur.safetensors", argv[1]);
  test_own(path);
  rnnlib_recipe_free(recipe);
  rnnlib_network_free(network);
  printf("%d failures\n", failures);
  return failures == 0 ? 0 : 1;
}

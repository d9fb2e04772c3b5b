// SPDX-License-Identifier: Apache-2.0
// libFuzzer's entry.
#include "recipe_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  rnnlib::fuzz::try_recipe(data, size);
  return 0;
}

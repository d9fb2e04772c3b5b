// SPDX-License-Identifier: Apache-2.0
// libFuzzer's entry.
#include "safetensors_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  rnnlib::fuzz::try_safetensors(data, size);
  return 0;
}

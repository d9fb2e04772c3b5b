// SPDX-License-Identifier: Apache-2.0
// libFuzzer's entry.
#include "language_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  rnnlib::fuzz::try_language(data, size);
  return 0;
}

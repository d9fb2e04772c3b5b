// SPDX-License-Identifier: Apache-2.0
// Tries random lists of calls of the C interface, without libFuzzer.
#include "c_api_target.h"

int main() {
  constexpr int kLists = 5000;
  rnnlib::Random random(1);
  for (int i = 0; i < kLists; ++i) {
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(random.below(300)));
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random.below(256));
    rnnlib::fuzz::try_calls(bytes.data(), bytes.size());
  }
  std::printf("fuzz: %d lists of calls, all good\n", kLists);
  return 0;
}

// SPDX-License-Identifier: Apache-2.0
// Tries the files of folders, without libFuzzer: each as it is, cut at many places, and with bytes changed. Arguments:
// folders.
#include <filesystem>
#include <fstream>
#include <iterator>

#include "rnnlib/random.h"
#include "save_target.h"

namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes read(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

void replay(const Bytes& bytes) { rnnlib::fuzz::try_save(bytes.data(), bytes.size()); }

// Returns how many were tried.
int replay_changed(const Bytes& bytes, rnnlib::Random& random) {
  constexpr int kCuts = 20;
  constexpr int kChanges = 20;
  const auto any = [&](std::size_t n) { return static_cast<std::size_t>(random.below(n)); };
  if (bytes.empty()) return 0;
  for (int i = 0; i < kCuts; ++i) {
    replay(Bytes(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(any(bytes.size()))));
  }
  for (int i = 0; i < kChanges; ++i) {
    Bytes changed = bytes;
    for (std::size_t n = any(3) + 1; n > 0; --n) changed[any(changed.size())] = static_cast<std::uint8_t>(any(128));
    replay(changed);
  }
  return kCuts + kChanges;
}

}  // namespace

int main(int argc, char** argv) {
  int files = 0;
  int tried = 0;
  rnnlib::Random random(1);
  for (int i = 1; i < argc; ++i) {
    for (const auto& entry : std::filesystem::directory_iterator(argv[i])) {
      const Bytes bytes = read(entry.path());
      std::fprintf(stderr, "%s\n", entry.path().string().c_str());
      replay(bytes);
      tried += 1 + replay_changed(bytes, random);
      ++files;
    }
  }
  std::printf("fuzz: %d inputs of %d files, all good\n", tried, files);
  return files > 0 ? 0 : 1;
}

// SPDX-License-Identifier: Apache-2.0
// Tries the files of a folder, without libFuzzer: each as it is, cut at many places, and with bytes changed. Arguments:
// "save", "safetensors", "language" or "recipe", and the folder.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "language_target.h"
#include "recipe_target.h"
#include "rnnlib/random.h"
#include "safetensors_target.h"

namespace {

using Bytes = std::vector<std::uint8_t>;
using Target = void (*)(const std::uint8_t* data, std::size_t size);

Bytes read(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

// Returns how many were tried.
int replay_changed(Target target, const Bytes& bytes, rnnlib::Random& random) {
  constexpr int kCuts = 20;
  constexpr int kChanges = 20;
  const auto any = [&](std::size_t n) { return static_cast<std::size_t>(random.below(n)); };
  if (bytes.empty()) return 0;
  for (int i = 0; i < kCuts; ++i) {
    const Bytes cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(any(bytes.size())));
    target(cut.data(), cut.size());
  }
  for (int i = 0; i < kChanges; ++i) {
    Bytes changed = bytes;
    for (std::size_t n = any(3) + 1; n > 0; --n) changed[any(changed.size())] = static_cast<std::uint8_t>(any(128));
    target(changed.data(), changed.size());
  }
  return kCuts + kChanges;
}

}  // namespace

int main(int argc, char** argv) {
  const std::map<std::string, Target> targets{{"save", &rnnlib::fuzz::try_save},
                                              {"safetensors", &rnnlib::fuzz::try_safetensors},
                                              {"language", &rnnlib::fuzz::try_language},
                                              {"recipe", &rnnlib::fuzz::try_recipe}};
  if (argc != 3 || targets.count(argv[1]) == 0) return 2;
  const Target target = targets.at(argv[1]);
  int files = 0;
  int tried = 0;
  rnnlib::Random random(1);
  for (const auto& entry : std::filesystem::directory_iterator(argv[2])) {
    const Bytes bytes = read(entry.path());
    std::fprintf(stderr, "%s\n", entry.path().string().c_str());
    target(bytes.data(), bytes.size());
    tried += 1 + replay_changed(target, bytes, random);
    ++files;
  }
  std::printf("fuzz: %d inputs of %d files, all good\n", tried, files);
  return files > 0 ? 0 : 1;
}

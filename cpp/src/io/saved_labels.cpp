// SPDX-License-Identifier: Apache-2.0
#include "io/saved_labels.h"

#include <algorithm>

#include "base/text.h"

namespace rnnlib {
namespace {

// One that no label contains. No end of the longer ones is also a beginning, so that none can arise where a label and a
// delimiter meet.
std::string choose_delimiter(const std::vector<std::string>& labels) {
  const auto is_free = [&](const std::string& text) {
    return std::none_of(labels.begin(), labels.end(),
                        [&](const std::string& label) { return label.find(text) != std::string::npos; });
  };
  for (const char* candidate : {",", ";", "|", ":", "/", "~"}) {
    if (is_free(candidate)) return candidate;
  }
  std::string delimiter = "<|>";
  while (!is_free(delimiter)) delimiter.insert(1, "|");
  return delimiter;
}

}  // namespace

void set_labels(const std::vector<std::string>& labels, Config& config) {
  config.remove("targetLabels");
  if (labels.empty()) return;
  const std::string delimiter = choose_delimiter(labels);
  config.set("labelDelimiter", delimiter);
  config.set("targetLabels", join(labels, delimiter));
}

}  // namespace rnnlib

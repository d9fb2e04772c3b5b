// SPDX-License-Identifier: Apache-2.0
// Whole files: read at once, replaced at once. Paths are UTF-8.
#pragma once

#include <string>
#include <string_view>

namespace rnnlib {

std::string read_file(const std::string& path);  // throws IoError

// Writes a temporary file beside `path` (beside its target when it is a symbolic link), syncs it to the disk and
// renames it: readers see the old file or the new one, and a failure leaves the old one as it was. Throws IoError.
void replace_file(const std::string& path, std::string_view text);

}  // namespace rnnlib

// SPDX-License-Identifier: Apache-2.0
// Names of temporary files, and what killed processes left of them.
#pragma once

#include <filesystem>
#include <string>

namespace rnnlib {

// A random name beside `path`: "x.save.rnnlib-tmp-<machine: 8 hexadecimal digits><random: 8 digits>". Machine 0 says
// that a process which writes the file cannot be told from a dead one by a lock.
std::filesystem::path temporary_beside(const std::filesystem::path& path, bool is_lockable);

// Removes temporary files in a folder that nobody writes any more: those of this machine that are not locked, and those
// of other machines, of an earlier start, or without locks when nobody has written to them for a day. Never throws.
void remove_leftovers(const std::filesystem::path& folder) noexcept;

}  // namespace rnnlib

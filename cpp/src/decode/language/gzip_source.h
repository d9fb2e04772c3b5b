// SPDX-License-Identifier: Apache-2.0
// Unpacks gzip files while they are read.
#pragma once

#include <memory>
#include <string>

#include "decode/language/byte_source.h"

namespace rnnlib {

// `path` is for messages. Throws FormatError in a library that was built without zlib.
std::unique_ptr<ByteSource> make_gzip_source(std::unique_ptr<ByteSource> packed, const std::string& path);

}  // namespace rnnlib

// SPDX-License-Identifier: Apache-2.0
// The only exceptions the engine throws. A message says what was expected, what was found, and where.
#pragma once

#include <stdexcept>

#include "rnnlib/export.h"

namespace rnnlib {

class RNNLIB_API Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// A config key or value is wrong (unknown key, wrong type, out of range, contradictory).
class RNNLIB_API ConfigError : public Error {
 public:
  using Error::Error;
};

// Data does not fit: shapes, sizes, classes out of range, files that do not match a network.
class RNNLIB_API DataError : public Error {
 public:
  using Error::Error;
};

// A file's text is not what its format says (a save cut short, a word where a number belongs).
class RNNLIB_API FormatError : public Error {
 public:
  using Error::Error;
};

// The operating system refused: missing file, no permission, disk full.
class RNNLIB_API IoError : public Error {
 public:
  using Error::Error;
};

// There is less memory than a sequence needs.
class RNNLIB_API OutOfMemoryError : public Error {
 public:
  using Error::Error;
};

// NaN or infinite numbers came up while running.
class RNNLIB_API NumericError : public Error {
 public:
  using Error::Error;
};

}  // namespace rnnlib

// SPDX-License-Identifier: Apache-2.0
// The border of the C interface: exceptions become status codes and the thread's last error.
#pragma once

#include <exception>
#include <new>
#include <stdexcept>
#include <string>

#include "rnnlib/c_api.h"
#include "rnnlib/error.h"
#include "rnnlib/types.h"

namespace rnnlib::capi {

// Keeps the message for rnnlib_last_error().
rnnlib_status fail(rnnlib_status status, const char* message) noexcept;

// An argument that cannot be; within the C interface only.
struct ArgumentError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Runs `work`, which throws when something is wrong.
template <class Work>
rnnlib_status guard(const Work& work) noexcept {
  try {
    work();
    return RNNLIB_OK;
  } catch (const ConfigError& error) {
    return fail(RNNLIB_ERROR_CONFIG, error.what());
  } catch (const DataError& error) {
    return fail(RNNLIB_ERROR_DATA, error.what());
  } catch (const FormatError& error) {
    return fail(RNNLIB_ERROR_FORMAT, error.what());
  } catch (const IoError& error) {
    return fail(RNNLIB_ERROR_IO, error.what());
  } catch (const OutOfMemoryError& error) {
    return fail(RNNLIB_ERROR_MEMORY, error.what());
  } catch (const NumericError& error) {
    return fail(RNNLIB_ERROR_NUMERIC, error.what());
  } catch (const ArgumentError& error) {
    return fail(RNNLIB_ERROR_ARGUMENT, error.what());
  } catch (const std::bad_alloc&) {
    return fail(RNNLIB_ERROR_MEMORY, "not enough memory");
  } catch (const std::exception& error) {
    return fail(RNNLIB_ERROR_INTERNAL, error.what());
  } catch (...) {
    return fail(RNNLIB_ERROR_INTERNAL, "an unknown exception");
  }
}

// DataError, before the caller's array of `num_dims` sizes is read, unless there are as many as the network has.
inline void check_dims(int num_dims, rnnlib::Index expected) {
  if (num_dims == expected) return;
  throw DataError("the shape has " + std::to_string(num_dims) + " dimensions, the network " + std::to_string(expected));
}

inline rnnlib_status null_argument(const char* name) noexcept {
  try {
    return fail(RNNLIB_ERROR_ARGUMENT, (std::string(name) + " is null").c_str());
  } catch (...) {
    return fail(RNNLIB_ERROR_ARGUMENT, "an argument is null");
  }
}

}  // namespace rnnlib::capi

// Returns from a function of the interface when a pointer is null.
#define RNNLIB_NEED(pointer) \
  if ((pointer) == nullptr) return rnnlib::capi::null_argument(#pointer)

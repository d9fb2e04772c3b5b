// SPDX-License-Identifier: Apache-2.0
#include "capi/guard.h"

namespace rnnlib::capi {

namespace {

// Of this thread. Text that finds no memory is replaced by one that needs none.
thread_local std::string last_message;  // NOLINT(clang-diagnostic-exit-time-destructors): no other thread uses it
thread_local const char* last_error = "";

}  // namespace

rnnlib_status fail(rnnlib_status status, const char* message) noexcept {
  try {
    last_message = message;
    last_error = last_message.c_str();
  } catch (...) {
    last_error = "not enough memory for the error's text";
  }
  return status;
}

const char* text_of_last_error() noexcept { return last_error; }

}  // namespace rnnlib::capi

extern "C" {

int rnnlib_c_abi_version(void) { return RNNLIB_C_ABI_VERSION; }

const char* rnnlib_version(void) { return RNNLIB_VERSION; }

const char* rnnlib_last_error(void) { return rnnlib::capi::text_of_last_error(); }

}  // extern "C"

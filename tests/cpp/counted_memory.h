// SPDX-License-Identifier: Apache-2.0
// The tests' own allocation functions, which count, and refuse when they are told to.
#pragma once

#include <atomic>

// Where the allocation functions may be replaced, and impossible requests fail: not with MSVC, whose std::aligned_alloc
// is missing, and not under sanitizers, which define them themselves and end the process.
#define RNNLIB_COUNTS_ALLOCATIONS 1
#if defined(_MSC_VER) || defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#undef RNNLIB_COUNTS_ALLOCATIONS
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
#undef RNNLIB_COUNTS_ALLOCATIONS
#endif
#endif

#ifdef RNNLIB_COUNTS_ALLOCATIONS
namespace rnnlib::counted_memory {

extern std::atomic<long long> held_bytes;   // that were handed out by new and not given back
extern std::atomic<long long> allocations;  // so far
// The allocations numbered [refused_from, refused_to), counted like `allocations`, get std::bad_alloc.
extern std::atomic<long long> refused_from;
extern std::atomic<long long> refused_to;

}  // namespace rnnlib::counted_memory
#endif

// SPDX-License-Identifier: Apache-2.0
#include "counted_memory.h"

#include <cstddef>
#include <cstdlib>
#include <new>

#ifdef RNNLIB_COUNTS_ALLOCATIONS
namespace rnnlib::counted_memory {

std::atomic<long long> held_bytes{0};
std::atomic<long long> allocations{0};
std::atomic<long long> refused_from{0};
std::atomic<long long> refused_to{0};

}  // namespace rnnlib::counted_memory

namespace {

using namespace rnnlib::counted_memory;

// The size stands in front of what is handed out.
void* allocate(std::size_t size, std::size_t alignment) {
  const long long number = allocations++;
  if (number >= refused_from && number < refused_to) throw std::bad_alloc();
  const std::size_t whole = (size + alignment - 1) / alignment * alignment;
  if (whole < size) throw std::bad_alloc();
  char* p = static_cast<char*>(std::aligned_alloc(alignment, whole + alignment));
  if (p == nullptr) throw std::bad_alloc();
  *reinterpret_cast<std::size_t*>(p + alignment - sizeof(std::size_t)) = size;
  held_bytes += static_cast<long long>(size);
  return p + alignment;
}

void release(void* p, std::size_t alignment) {
  if (p == nullptr) return;
  held_bytes -= static_cast<long long>(*(static_cast<std::size_t*>(p) - 1));
  std::free(static_cast<char*>(p) - alignment);
}

constexpr std::size_t kPlain = alignof(std::max_align_t);

}  // namespace

void* operator new(std::size_t size) { return allocate(size, kPlain); }
void operator delete(void* p) noexcept { release(p, kPlain); }
void operator delete(void* p, std::size_t) noexcept { release(p, kPlain); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  return allocate(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* p, std::align_val_t alignment) noexcept { release(p, static_cast<std::size_t>(alignment)); }
void operator delete(void* p, std::size_t, std::align_val_t alignment) noexcept {
  release(p, static_cast<std::size_t>(alignment));
}
#endif

// SPDX-License-Identifier: Apache-2.0
// A growing array without initialisation, aligned for vector units; the storage of workspaces.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <new>

#include "rnnlib/types.h"

namespace rnnlib {

// Every buffer starts at the same alignment: Eigen's choice of kernel, and so the rounding, must not depend on where
// memory happened to lie.
inline constexpr std::size_t kAlignment = 64;

template <class T>
class Buffer {
 public:
  Buffer() = default;
  Buffer(Buffer&&) noexcept = default;
  Buffer& operator=(Buffer&&) noexcept = default;
  Buffer(const Buffer& other) { std::copy_n(other.data(), other.size_, resize(other.size_)); }
  Buffer& operator=(const Buffer&) = delete;
  ~Buffer() = default;

  // Makes room for n elements; the contents are lost when it grows. Never shrinks.
  T* resize(Index n) {
    if (n > capacity_) {
      data_.reset();
      size_ = capacity_ = 0;  // in case there is not enough memory
      // Only where addresses have 32 bits is a count of elements too large for them.
      if (static_cast<std::uint64_t>(n) > std::numeric_limits<std::size_t>::max() / sizeof(T)) throw std::bad_alloc();
      data_.reset(
          static_cast<T*>(::operator new(static_cast<std::size_t>(n) * sizeof(T), std::align_val_t{kAlignment})));
      capacity_ = n;
    }
    size_ = n;
    return data_.get();
  }
  void fill(T value) { std::fill_n(data_.get(), size_, value); }

  T* data() { return data_.get(); }
  const T* data() const { return data_.get(); }
  Index size() const { return size_; }
  T& operator[](Index i) { return data_.get()[i]; }
  const T& operator[](Index i) const { return data_.get()[i]; }

 private:
  struct Free {
    void operator()(T* p) const { ::operator delete(static_cast<void*>(p), std::align_val_t{kAlignment}); }
  };
  std::unique_ptr<T, Free> data_;
  Index capacity_ = 0;
  Index size_ = 0;
};

}  // namespace rnnlib

// SPDX-License-Identifier: Apache-2.0
// Gives buffers their sizes, or only adds up what they would take. Both ask the same functions, so that an estimate of
// memory cannot differ from what a run takes.
#pragma once

#include <algorithm>
#include <map>

#include "tensor/buffer.h"

namespace rnnlib {

class BufferSizer {
 public:
  // The buffers get their sizes.
  static BufferSizer resizing() { return BufferSizer(false); }
  // They stay as they are: only bytes() is wanted.
  static BufferSizer measuring() { return BufferSizer(true); }

  // Room for n elements. A buffer that several layers use counts once, with the largest size.
  template <class T>
  void operator()(Buffer<T>& buffer, Index n) {
    if (!measures_) {
      buffer.resize(n);
      return;
    }
    Index& bytes = bytes_[&buffer];
    bytes = std::max(bytes, n * static_cast<Index>(sizeof(T)));
  }

  // Bytes of what is given its size elsewhere. Only while measuring.
  void add(Index bytes) { others_ += bytes; }
  bool measures() const { return measures_; }

  Index bytes() const {
    Index sum = others_;
    for (const auto& entry : bytes_) sum += entry.second;
    return sum;
  }

 private:
  explicit BufferSizer(bool measures) : measures_(measures) {}

  bool measures_;
  std::map<const void*, Index> bytes_;
  Index others_ = 0;
};

}  // namespace rnnlib

// SPDX-License-Identifier: Apache-2.0
// Gives buffers their sizes, or only adds up what they would take. Both ask the same functions, so that an estimate of
// memory cannot differ from what a run takes.
#pragma once

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
    if (measures_) {
      measure(&buffer, n * static_cast<Index>(sizeof(T)));
    } else {
      buffer.resize(n);
    }
  }

  // Bytes of what is given its size elsewhere. Only while measuring.
  void add(Index bytes) { others_ += bytes; }
  bool measures() const { return measures_; }

  Index bytes() const;

 private:
  explicit BufferSizer(bool measures) : measures_(measures) {}
  void measure(const void* buffer, Index bytes);

  bool measures_;
  std::map<const void*, Index> bytes_;
  Index others_ = 0;
};

}  // namespace rnnlib

// SPDX-License-Identifier: Apache-2.0
// Where the rows between layers, and their errors, lie. Row k is what layer k reads; the last one is what the output
// layer reads. A layer that passes its rows through makes none of its own.
#pragma once

#include <vector>

#include "layers/buffer_sizer.h"
#include "layers/keep.h"

namespace rnnlib {

// A short plan of who lives how long. Prediction needs a layer's rows until the next layer has run, and backward passes
// need their errors for as long: there two buffers take turns. Forward passes that are to be followed by a backward
// pass keep all rows, traces all errors, too.
template <class Real>
class LayerRowBuffers {
 public:
  // A new pass over layers whose rows k in [1, n) have `elements` (k >= 1; 0 where a layer passes them through); row 0
  // is the input's, of which only the errors lie here.
  void plan(const std::vector<Index>& elements, Keep keep, bool input_errors, BufferSizer& size);

  // Row 0 is given. Others: that of the layer, or of the layer below where it passes rows through.
  void set_input(const Real* rows) { input_ = rows; }
  const Real* row(std::size_t k) const { return rows_[k] == nullptr ? input_ : rows_[k]->data(); }
  Real* row_to_write(std::size_t k) { return rows_[k]->data(); }
  Real* errors(std::size_t k) const { return errors_[k] == nullptr ? nullptr : errors_[k]->data(); }

 private:
  std::vector<Buffer<Real>> row_buffers_;
  std::vector<Buffer<Real>> error_buffers_;
  std::vector<Buffer<Real>*> rows_;    // null: the input's
  std::vector<Buffer<Real>*> errors_;  // null: nobody wants them
  const Real* input_ = nullptr;
};

template <class Real>
void LayerRowBuffers<Real>::plan(const std::vector<Index>& elements, Keep keep, bool input_errors, BufferSizer& size) {
  const std::size_t n = elements.size();
  const std::size_t needed = std::max<std::size_t>(n, 2);
  if (row_buffers_.size() < needed) row_buffers_.resize(needed);
  if (error_buffers_.size() < needed) error_buffers_.resize(needed);
  rows_.assign(n, nullptr);
  errors_.assign(n, nullptr);
  std::size_t row_turn = 0;
  std::size_t error_turn = 0;
  for (std::size_t k = 0; k < n; ++k) {
    if (k > 0 && elements[k] == 0) {
      rows_[k] = rows_[k - 1];
      errors_[k] = errors_[k - 1];
      continue;
    }
    if (k > 0) {
      rows_[k] = &row_buffers_[keep == Keep::kNothing ? row_turn : k];
      row_turn = 1 - row_turn;
      size(*rows_[k], elements[k]);
    }
    if (keep == Keep::kNothing || (k == 0 && !input_errors)) continue;
    errors_[k] = &error_buffers_[keep == Keep::kForTrace ? k : error_turn];
    error_turn = 1 - error_turn;
    size(*errors_[k], elements[k]);
  }
}

}  // namespace rnnlib

// SPDX-License-Identifier: Apache-2.0
// One hidden layer running over a batch in one direction, wave by wave (spec sections 3 and 4).
#pragma once

#include "rnnlib/spec.h"
#include "tensor/buffer.h"
#include "tensor/row_product.h"
#include "tensor/wave_schedule.h"

namespace rnnlib {

struct SweepShape {
  HiddenType type;
  bool recurrent;      // has recurrent connections; an LSTM's cells recur in any case
  Index input_size;    // I
  Index hidden;        // H
  Index gates;         // net inputs per hidden unit: D + 3 for LSTM, else 1
  int num_dims;        // D of its connections: 0 without any recurrence
  unsigned direction;  // bit d set: +1 along dimension d

  Index net_size() const { return gates * hidden; }
  Index net_stride() const { return padded(net_size()); }
  Index recurrent_size() const { return recurrent ? num_dims * hidden : 0; }
  Index num_peepholes() const { return gates > 1 ? num_dims + 2 : 0; }
  // Packed weights: rows of net_stride: bias, one per input unit, one per unit of each predecessor; then peepholes.
  Index matrix_rows() const { return 1 + input_size + recurrent_size(); }
  Index matrix_elements() const { return matrix_rows() * net_stride(); }
};

// A sweep's weights as its products read them.
template <class Real>
struct SweepWeights {
  const Real* bias = nullptr;        // [net_stride]
  const Real* peepholes = nullptr;   // [D + 2, H]
  RowWeights<Real> input;            // [I, net]
  RowWeights<Real> recurrent;        // [D * H, net]
  RowWeights<Real> recurrent_back;   // [net, D * H]

  // `packed` must outlive this.
  void assign(const SweepShape& shape, const Real* packed, const Real* packed_peepholes);
};

// Rows of a batch inside a wider matrix.
template <class Real>
struct Rows {
  Real* data;
  Index stride;

  Real* operator[](Index row) const { return data + row * stride; }
};

template <class Real>
class Sweep {
 public:
  enum class Keep { kNothing, kForBackward, kForTrace };

  // input [points, I], output [points, H]; gates [points, net_stride] are written unless nothing is kept.
  void forward(const SweepShape& shape, const SweepWeights<Real>& weights, const WaveSchedule& schedule,
               Rows<const Real> input, Rows<Real> gates, Rows<Real> output, Keep keep);

  // d_output [points, H]. The gates become the deltas. d_matrix [matrix_rows, net_stride] and d_peepholes [D + 2, H] are
  // added to. `limit` clips LSTM deltas.
  void backward(const SweepShape& shape, const SweepWeights<Real>& weights, const WaveSchedule& schedule,
                Rows<const Real> input, Rows<const Real> output, Rows<const Real> d_output, Rows<Real> gates, Real limit,
                Real* d_matrix, Real* d_peepholes);

  // For traces: a kept variable as rows of the batch, [points, units].
  enum class Variable { kNet, kGates, kState, kCellError, kOutputError };
  void read(const SweepShape& shape, const WaveSchedule& schedule, Variable variable, Real* rows) const;

  // Elements that forward (and backward) hold for so many points in waves of at most so many.
  static Index elements(const SweepShape& shape, Index points, Index max_width, bool training);

 private:
  void prepare(const SweepShape& shape, const WaveSchedule& schedule, Keep keep);
  void prepare_backward(const SweepShape& shape, const WaveSchedule& schedule);
  Index place(const WaveSchedule& schedule, Index w, Index position) const;
  void add_recurrence(const SweepShape& shape, const SweepWeights<Real>& weights, const WaveSchedule& schedule, Index first,
                      Index n, const std::int32_t* rows, Rows<Real> output, Real* net);
  void cells_forward(const SweepShape& shape, const SweepWeights<Real>& weights, const WaveSchedule& schedule, Index w,
                     Index first, Index n, const std::int32_t* rows, const Real* net, Rows<Real> gates,
                     Rows<Real> output);
  void trace_net(const SweepShape& shape, const SweepWeights<Real>& weights, const WaveSchedule& schedule, Index position,
                 const Real* net, const Real* gates);
  void cells_backward(const SweepShape& shape, const SweepWeights<Real>& weights, const WaveSchedule& schedule, Index w,
                      Index first, Index n, const std::int32_t* rows, Rows<const Real> output,
                      Rows<const Real> d_output, Rows<Real> gates, Real limit);
  void carry_errors(const SweepShape& shape, const SweepWeights<Real>& weights, const WaveSchedule& schedule, Index w,
                    Index first, Index n, const std::int32_t* rows, Rows<Real> deltas);
  void add_gradients(const SweepShape& shape, const WaveSchedule& schedule, const WaveSchedule::Piece& piece,
                     const std::int32_t* rows, Rows<const Real> input, Rows<const Real> output, Rows<Real> deltas,
                     Real* d_matrix);

  Keep keep_ = Keep::kNothing;
  Buffer<Real> state_;     // [points, H] by position; only two waves when nothing is kept
  Buffer<Real> squashed_;  // likewise
  Buffer<Real> zeros_;     // a row beyond the border
  Buffer<Real> net_;       // [points of a piece, net_stride]
  Buffer<Real> row_;       // [net_stride] what is computed at one point and not kept
  Buffer<const Real*> x_;  // rows of a piece, [1 + D, points]
  Buffer<const Real*> y_;

  // Backward.
  Buffer<Real> carried_output_;     // [two waves, padded(D * H)]: what points add to dE/dy one step back
  Buffer<Real> carried_state_;      // [two waves, D * H]: to dE/ds
  Buffer<Real> blocked_peepholes_;  // gradients by blocks of units

  // Traces only, by position.
  Buffer<Real> traced_net_;
  Buffer<Real> traced_gates_;
  Buffer<Real> cell_error_;
  Buffer<Real> output_error_;
};

}  // namespace rnnlib

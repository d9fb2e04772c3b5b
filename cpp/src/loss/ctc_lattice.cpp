// SPDX-License-Identifier: Apache-2.0
// The recursions run over contiguous states with no branches: forbidden transitions add zero. Each point's band of
// states has zeros at its ends, as far as the next point looks.
#include "loss/ctc_lattice.h"

#include <algorithm>

#include "loss/softmax.h"

namespace rnnlib {
namespace {

constexpr Index kNormaliseEvery = 128;  // a step multiplies by less than 3 * 4

// 1/p of p's mantissa, which is in [1, 2)
Scaled reciprocal(Scaled p) { return {1 / p.mantissa, -p.exponent}; }

void put_label(const CtcRow& row, Index i, Scaled x) {
  row.label_mantissa[i] = x.mantissa;
  row.label_exponent[i] = x.exponent;
}

void put_blank(const CtcRow& row, Index i, Scaled x) {
  row.blank_mantissa[i] = x.mantissa;
  row.blank_exponent[i] = x.exponent;
}

// Numbers of the workspace's vectors.
struct Sizes {
  Index width;    // of one of a row's four parts
  Index scratch;  // of one of the three arrays of units
  Index forward;
  Index emissions;
  Index reals;

  Sizes(Index length, Index points, Index size)
      : width(length + 3),
        scratch(std::max(size, length + 1)),
        forward(points * 4 * width),
        emissions(points * 2 * (length + 1)),
        reals(length + 1 + 8 * width + 3 * scratch) {}
};

Scaled label(const CtcRow& row, Index i) { return {row.label_mantissa[i], row.label_exponent[i]}; }
Scaled blank(const CtcRow& row, Index i) { return {row.blank_mantissa[i], row.blank_exponent[i]}; }

}  // namespace

CtcLattice::CtcLattice(const std::int32_t* target, Index length, Index points, Index size, LossWorkspace& workspace)
    : target_(target), length_(length), points_(points), size_(size), width_(length + 3), workspace_(workspace) {
  const Sizes sizes(length, points, size);
  workspace.forward.resize(static_cast<std::size_t>(sizes.forward));
  workspace.emissions.resize(static_cast<std::size_t>(sizes.emissions));
  workspace.reals.resize(static_cast<std::size_t>(sizes.reals));
  skip_ = workspace.reals.data();
  backward_ = row_at(skip_ + length + 1);
  backward_next_ = row_at(skip_ + length + 1 + 4 * width_);
  unit_mantissa_ = skip_ + length + 1 + 8 * width_;
  unit_exponent_ = unit_mantissa_ + sizes.scratch;
  unit_value_ = unit_exponent_ + sizes.scratch;
  std::fill(skip_, skip_ + length + 1, kScaledZero.exponent);
  for (Index i = 1; i < length; ++i) {
    if (target[i] != target[i - 1]) skip_[i] = 0;
  }
}

Index CtcLattice::bytes(Index length, Index points, Index size) {
  const Sizes sizes(length, points, size);
  return (sizes.forward + sizes.emissions + sizes.reals) * static_cast<Index>(sizeof(double));
}

CtcLattice::Band CtcLattice::band(Index t) const {
  const Index first = length_ - points_ + t;
  return {std::max<Index>(0, first), std::min(length_, t + 1), std::max<Index>(0, first + 1),
          std::min(length_ + 1, t + 1)};
}

CtcRow CtcLattice::row_at(double* numbers) const {
  return {numbers + 1, numbers + width_ + 1, numbers + 2 * width_ + 1, numbers + 3 * width_ + 1};
}

CtcRow CtcLattice::forward_row(Index t) const { return row_at(workspace_.forward.data() + t * 4 * width_); }

// [S + 1] mantissas and as many exponents: the labels' and the blank's.
double* CtcLattice::emissions(Index t) const { return workspace_.emissions.data() + t * 2 * (length_ + 1); }

// The softmax of net [size]; the log of a probability is at least -1e7, so that exponents stay whole numbers for
// millions of points. Mantissas come out below 4: those of the units are up to 2, as is the normaliser's.
template <class Real>
void CtcLattice::set_emissions(Index t, const Real* net) {
  const double shift = static_cast<double>(largest(net, size_));
  double* __restrict mantissa = unit_mantissa_;
  double* __restrict exponent = unit_exponent_;
  double* __restrict value = unit_value_;
  for (Index k = 0; k < size_; ++k) {
    const double x = static_cast<double>(net[k]);
    vmath::split_exp(x - shift, mantissa[k], exponent[k]);
    value[k] = mantissa[k] * vmath::power_of_2(exponent[k]) + 0 * x;  // infinity makes NaN
  }
  const Scaled normaliser = normalised({1 / sum(value, size_), 0});
  double* __restrict to_mantissa = emissions(t);
  double* __restrict to_exponent = to_mantissa + length_ + 1;
  for (Index i = 0; i < length_; ++i) {
    const Index unit = target_[i];
    to_mantissa[i] = mantissa[unit] * normaliser.mantissa;
    to_exponent[i] = exponent[unit] + normaliser.exponent;
  }
  to_mantissa[length_] = mantissa[size_ - 1] * normaliser.mantissa;
  to_exponent[length_] = exponent[size_ - 1] + normaliser.exponent;
}

namespace {

template <class Band>
void put_zeros_around(const CtcRow& row, const Band& band) {
  put_label(row, band.first_label - 1, kScaledZero);
  put_label(row, band.end_label, kScaledZero);
  put_blank(row, band.first_blank - 1, kScaledZero);
  put_blank(row, band.end_blank, kScaledZero);
}

template <class Band>
void normalise(const CtcRow& row, const Band& band) {
  for (Index i = band.first_label; i < band.end_label; ++i) put_label(row, i, normalised(label(row, i)));
  for (Index i = band.first_blank; i < band.end_blank; ++i) put_blank(row, i, normalised(blank(row, i)));
}

template <class Band>
void step_forward(const CtcRow& before, const double* skip, const double* emissions, Index length, const Band& band,
                  const CtcRow& row) {
  RNNLIB_INDEPENDENT
  for (Index i = band.first_label; i < band.end_label; ++i) {
    const Scaled skipped = {before.label_mantissa[i - 1], before.label_exponent[i - 1] + skip[i]};
    const Scaled emission = {emissions[i], emissions[length + 1 + i]};
    put_label(row, i, sum(label(before, i), blank(before, i), skipped) * emission);
  }
  const Scaled emission = {emissions[length], emissions[2 * length + 1]};
  RNNLIB_INDEPENDENT
  for (Index i = band.first_blank; i < band.end_blank; ++i) {
    put_blank(row, i, (blank(before, i) + label(before, i - 1)) * emission);
  }
}

// A row's numbers times what its states emit.
template <class Band>
void emit(const CtcRow& row, const double* emissions, Index length, const Band& band) {
  RNNLIB_INDEPENDENT
  for (Index i = band.first_label; i < band.end_label; ++i) {
    row.label_mantissa[i] *= emissions[i];
    row.label_exponent[i] += emissions[length + 1 + i];
  }
  const Scaled emission = {emissions[length], emissions[2 * length + 1]};
  RNNLIB_INDEPENDENT
  for (Index i = band.first_blank; i < band.end_blank; ++i) {
    row.blank_mantissa[i] *= emission.mantissa;
    row.blank_exponent[i] += emission.exponent;
  }
}

template <class Band>
void step_back(const CtcRow& after, const double* skip, const Band& band, const CtcRow& row) {
  RNNLIB_INDEPENDENT
  for (Index i = band.first_label; i < band.end_label; ++i) {
    const Scaled skipped = {after.label_mantissa[i + 1], after.label_exponent[i + 1] + skip[i + 1]};
    put_label(row, i, sum(label(after, i), blank(after, i + 1), skipped));
  }
  RNNLIB_INDEPENDENT
  for (Index i = band.first_blank; i < band.end_blank; ++i) {
    put_blank(row, i, blank(after, i) + label(after, i));
  }
}

// forward * backward / probability
void shares(const double* __restrict forward_mantissa, const double* __restrict forward_exponent,
            const double* __restrict backward_mantissa, const double* __restrict backward_exponent, Scaled scale,
            Index first, Index end, double* __restrict share) {
  for (Index i = first; i < end; ++i) {
    share[i] = forward_mantissa[i] * backward_mantissa[i] * scale.mantissa *
               vmath::power_of_2(forward_exponent[i] + backward_exponent[i] + scale.exponent);
  }
}

}  // namespace

template <class Real>
Scaled CtcLattice::forward(const Real* net) {
  for (Index t = 0; t < points_; ++t) {
    set_emissions(t, net + t * size_);
    const Band here = band(t);
    const CtcRow row = forward_row(t);
    if (t == 0) {
      for (Index i = here.first_label; i < here.end_label; ++i) put_label(row, i, {1, 0});
      for (Index i = here.first_blank; i < here.end_blank; ++i) put_blank(row, i, {1, 0});
      emit(row, emissions(t), length_, here);
    } else {
      step_forward(forward_row(t - 1), skip_, emissions(t), length_, here, row);
    }
    put_zeros_around(row, here);
    if (t % kNormaliseEvery == kNormaliseEvery - 1) normalise(row, here);
  }
  const CtcRow last = forward_row(points_ - 1);
  return normalised(blank(last, length_) + label(last, length_ - 1));
}

void CtcLattice::begin_backward() {
  point_ = points_ - 1;
  const Band here = band(point_);
  for (Index i = here.first_label; i < here.end_label; ++i) put_label(backward_, i, {1, 0});
  for (Index i = here.first_blank; i < here.end_blank; ++i) put_blank(backward_, i, {1, 0});
}

void CtcLattice::step_backward() {
  std::swap(backward_, backward_next_);
  const Band next = band(point_);
  emit(backward_next_, emissions(point_), length_, next);
  put_zeros_around(backward_next_, next);
  --point_;
  const Band here = band(point_);
  step_back(backward_next_, skip_, here, backward_);
  if (point_ % kNormaliseEvery == 0) normalise(backward_, here);
}

void CtcLattice::occupancy(Scaled probability, double* occupancy) {
  const Band here = band(point_);
  const CtcRow row = forward_row(point_);
  const Scaled scale = reciprocal(probability);
  shares(row.label_mantissa, row.label_exponent, backward_.label_mantissa, backward_.label_exponent, scale,
         here.first_label, here.end_label, unit_mantissa_);
  shares(row.blank_mantissa, row.blank_exponent, backward_.blank_mantissa, backward_.blank_exponent, scale,
         here.first_blank, here.end_blank, unit_value_);
  std::fill(occupancy, occupancy + size_ - 1, 0.0);
  for (Index i = here.first_label; i < here.end_label; ++i) occupancy[target_[i]] += unit_mantissa_[i];
  occupancy[size_ - 1] = sum(unit_value_ + here.first_blank, here.end_blank - here.first_blank);
}

void CtcLattice::log_row(const CtcRow& row, const Band& band, double* values) const {
  std::fill(values, values + 2 * length_ + 1, kLogZero);
  for (Index i = band.first_label; i < band.end_label; ++i) values[2 * i + 1] = log(label(row, i));
  for (Index i = band.first_blank; i < band.end_blank; ++i) values[2 * i] = log(blank(row, i));
}

void CtcLattice::log_forward(Index t, double* values) const { log_row(forward_row(t), band(t), values); }

void CtcLattice::log_backward(double* values) const { log_row(backward_, band(point_), values); }

template Scaled CtcLattice::forward(const float* net);
template Scaled CtcLattice::forward(const double* net);

}  // namespace rnnlib

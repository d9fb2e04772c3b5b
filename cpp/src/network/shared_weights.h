// SPDX-License-Identifier: Apache-2.0
// A network's weights, which many threads read while one may change them: whoever reads keeps the set it began with.
// Weights that nobody reads are changed where they lie; others are copied first, so that neither side waits for long.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <utility>

#include "base/fork_mutex.h"
#include "network/packed_weights.h"

namespace rnnlib {

// Weights and the number of those who hold them.
template <class Real>
struct WeightSet {
  PackedWeights<Real> packed;
  std::atomic<Index> holders{0};
};

// Holds a set of weights, which does not change meanwhile; the last holder deletes it.
template <class Real>
class HeldWeights {
 public:
  HeldWeights() = default;  // none
  explicit HeldWeights(WeightSet<Real>* set) : set_(set) {
    if (set_ != nullptr) set_->holders.fetch_add(1, std::memory_order_relaxed);
  }
  ~HeldWeights() {
    if (set_ != nullptr && set_->holders.fetch_sub(1, std::memory_order_acq_rel) == 1) delete set_;
  }
  HeldWeights(const HeldWeights& other) : HeldWeights(other.set_) {}
  HeldWeights(HeldWeights&& other) noexcept : set_(std::exchange(other.set_, nullptr)) {}
  HeldWeights& operator=(HeldWeights other) noexcept {
    std::swap(set_, other.set_);
    return *this;
  }

  explicit operator bool() const { return set_ != nullptr; }
  const PackedWeights<Real>& operator*() const { return set_->packed; }
  const PackedWeights<Real>* operator->() const { return &set_->packed; }

 private:
  template <class>
  friend class SharedWeights;
  bool is_only_holder() const { return set_->holders.load(std::memory_order_acquire) == 1; }

  WeightSet<Real>* set_ = nullptr;
};

template <class Real>
class SharedWeights {
 public:
  // All weights are 0.
  explicit SharedWeights(const NetworkLayout& layout) : layout_(layout), current_(new WeightSet<Real>) {
    PackedWeights<Real>& packed = current_.set_->packed;
    packed.values.resize(static_cast<Index>(layout.packed_source.size()));
    packed.values.fill(Real(0));
    packed.pack(layout);
  }

  // The weights as they are now.
  HeldWeights<Real> hold() const {
    const std::lock_guard<ForkMutex> lock(mutex_);
    return current_;
  }

  // Calls change(values), which writes packed weights, and must not throw once it has begun to. One change at a time;
  // who wants to hold weights meanwhile waits.
  template <class Change>
  void change(const Change& change) {
    const std::lock_guard<ForkMutex> lock(mutex_);
    if (!current_.is_only_holder()) current_ = copy();
    PackedWeights<Real>& packed = current_.set_->packed;
    change(packed.values);
    packed.pack(layout_);
  }

 private:
  // With all the memory it needs, so that a change of it does not fail.
  HeldWeights<Real> copy() const {
    HeldWeights<Real> made(new WeightSet<Real>);
    Buffer<Real>& values = made.set_->packed.values;
    std::copy_n(current_->values.data(), current_->values.size(), values.resize(current_->values.size()));
    made.set_->packed.pack(layout_);
    return made;
  }

  const NetworkLayout& layout_;
  mutable ForkMutex mutex_;
  HeldWeights<Real> current_;
};

}  // namespace rnnlib

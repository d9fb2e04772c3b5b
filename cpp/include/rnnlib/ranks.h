// SPDX-License-Identifier: Apache-2.0
// Several processes that train one network together, by whatever carries their messages (MPI, for one).
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "rnnlib/export.h"

namespace rnnlib {

// The processes are numbered by rank. Each has the same network, the same options and the same data, and calls the same
// functions of its Trainer with the same sequences; it runs a part of them. Messages hold numbers as the processor has
// them. An exception of one of these functions leaves the trainer as it was before the sequences of the update.
class RNNLIB_API RankGroup {
 public:
  virtual ~RankGroup() = default;

  virtual int rank() const = 0;  // of this process, from 0
  virtual int size() const = 0;  // how many there are

  // Returns what every rank gave, by rank. All ranks call it.
  virtual std::vector<std::string> exchange(const std::string& own) = 0;

  // From rank() - 1, and to rank() + 1. What is sent stays as it is until broadcast(), which follows.
  virtual void receive(void* bytes, std::size_t count) = 0;
  virtual void send(const void* bytes, std::size_t count) = 0;

  // Gives all ranks the bytes of `root`. All ranks call it.
  virtual void broadcast(void* bytes, std::size_t count, int root) = 0;

  // All ranks together keep at most so many bytes of gradients until they are summed, but always one gradient for each
  // rank. Must be the same on all ranks.
  virtual std::size_t kept_bytes() const { return std::size_t{512} << 20; }
};

}  // namespace rnnlib

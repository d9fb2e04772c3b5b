// SPDX-License-Identifier: Apache-2.0
// What changes while a network runs, in the caller's hands: for programs that run one sequence after another and want
// no new memory in between.
#pragma once

#include <memory>

#include "rnnlib/export.h"
#include "rnnlib/network.h"

namespace rnnlib {

class WorkspaceImpl;

// One per thread: many threads may use one Network at once, each with its own Workspace. (Network::predict needs none:
// it borrows workspaces that the network keeps.) A call uses the weights that the network has when it begins.
//
// Buffers grow to what the largest sequence needs and stay. A sequence of the same shape as the one before is run
// without asking for memory, except that products with very large matrices may.
class RNNLIB_API Workspace {
 public:
  // The network must outlive the workspace; it may be moved.
  explicit Workspace(const Network& network);
  ~Workspace();
  Workspace(Workspace&&) noexcept;
  Workspace& operator=(Workspace&&) noexcept;

  // The same as Network::predict, on the calling thread; targets are not looked at. What it returns lies in the
  // workspace and changes with the next call. Throws as Network::predict does; the workspace stays good.
  const Prediction& predict(const Sequence& sequence);

  // From now on as RunOptions::raw: inputs are as they were measured, and normalised before they are used.
  void set_raw(bool raw);

  // From now on as RunOptions::decoder; null: the task's own, as in the beginning. Throws ConfigError.
  void set_decoder(std::shared_ptr<const Decoder> decoder);

 private:
  std::unique_ptr<WorkspaceImpl> impl_;
};

}  // namespace rnnlib

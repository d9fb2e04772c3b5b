// SPDX-License-Identifier: Apache-2.0
// The workspaces of an engine. They are taken for a call and given back: one network may be used by many threads at
// once. They keep the size that their largest batch needed; those of a call that failed are not kept.
#pragma once

#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "base/fork_mutex.h"
#include "network/workspace.h"

namespace rnnlib {

template <class Real>
class WorkspacePool {
 public:
  explicit WorkspacePool(const NetworkLayout& layout) : layout_(layout) {}

  // Workspaces of a call, one for each of its threads.
  class Lease {
   public:
    // Labels are read by the decoder, or the task's own when null.
    Lease(WorkspacePool& pool, int count, const Decoder* decoder = nullptr) : pool_(pool) {
      {
        const std::lock_guard<ForkMutex> lock(pool.mutex_);
        for (int i = 0; i < count; ++i) workspaces_.push_back(pool.take());
      }
      for (auto& workspace : workspaces_) workspace->set_decoder(decoder);
    }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;

    EngineWorkspace<Real>& operator[](int thread) { return *workspaces_[static_cast<std::size_t>(thread)]; }

    // At the end of a call that did not fail. The next call of as many gets each in the same place, where it has the
    // sizes that its batch needs.
    void give_back() {
      const std::lock_guard<ForkMutex> lock(pool_.mutex_);
      for (; !workspaces_.empty(); workspaces_.pop_back()) {
        workspaces_.back()->set_decoder(nullptr);
        pool_.free_.push_back(std::move(workspaces_.back()));
      }
    }

   private:
    WorkspacePool& pool_;
    std::vector<std::unique_ptr<EngineWorkspace<Real>>> workspaces_;
  };

 private:
  // Under the mutex.
  std::unique_ptr<EngineWorkspace<Real>> take() {
    if (free_.empty()) return std::make_unique<EngineWorkspace<Real>>(layout_);
    auto workspace = std::move(free_.back());
    free_.pop_back();
    return workspace;
  }

  const NetworkLayout& layout_;
  ForkMutex mutex_;
  std::vector<std::unique_ptr<EngineWorkspace<Real>>> free_;
};

}  // namespace rnnlib

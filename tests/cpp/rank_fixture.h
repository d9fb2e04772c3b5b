// SPDX-License-Identifier: Apache-2.0
// Ranks within one process: a thread for each, and messages through memory.
#pragma once

#include <condition_variable>
#include <cstring>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "rnnlib/ranks.h"

namespace rnnlib::testing_ranks {

// What the ranks of a group share. A rank that fails ends the waiting of the others.
class Hub {
 public:
  explicit Hub(int size) : size_(size), mail_(static_cast<std::size_t>(size)) {}

  int size() const { return size_; }
  void post(int to, const void* bytes, std::size_t count) {
    const std::lock_guard<std::mutex> lock(mutex_);
    mail_[static_cast<std::size_t>(to)].emplace_back(static_cast<const char*>(bytes), count);
    changed_.notify_all();
  }
  std::string take(int rank) {
    std::unique_lock<std::mutex> lock(mutex_);
    std::deque<std::string>& mail = mail_[static_cast<std::size_t>(rank)];
    changed_.wait(lock, [&] { return failed_ || !mail.empty(); });
    if (failed_) throw std::runtime_error("another rank failed");
    std::string message = std::move(mail.front());
    mail.pop_front();
    return message;
  }
  // Everybody's, once all are there.
  std::vector<std::string> gather(int rank, const std::string& own) {
    std::unique_lock<std::mutex> lock(mutex_);
    if (gathered_.empty()) gathered_.resize(static_cast<std::size_t>(size_));
    gathered_[static_cast<std::size_t>(rank)] = own;
    const long turn = turn_;
    if (++there_ == size_) {
      there_ = 0;
      ++turn_;
      last_.swap(gathered_);
      gathered_.clear();
      changed_.notify_all();
    }
    changed_.wait(lock, [&] { return failed_ || turn_ != turn; });
    if (failed_) throw std::runtime_error("another rank failed");
    return last_;
  }
  void fail() {
    const std::lock_guard<std::mutex> lock(mutex_);
    failed_ = true;
    changed_.notify_all();
  }

 private:
  const int size_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::deque<std::string>> mail_;
  std::vector<std::string> gathered_;
  std::vector<std::string> last_;
  int there_ = 0;
  long turn_ = 0;
  bool failed_ = false;
};

class ThreadRank : public RankGroup {
 public:
  ThreadRank(Hub& hub, int rank, std::size_t kept) : hub_(hub), rank_(rank), kept_(kept) {}

  int rank() const override { return rank_; }
  int size() const override { return hub_.size(); }
  std::vector<std::string> exchange(const std::string& own) override { return hub_.gather(rank_, own); }
  void receive(void* bytes, std::size_t count) override {
    const std::string message = hub_.take(rank_);
    if (message.size() != count) throw std::runtime_error("a message of another length");
    std::memcpy(bytes, message.data(), count);
  }
  void send(const void* bytes, std::size_t count) override { hub_.post(rank_ + 1, bytes, count); }
  void broadcast(void* bytes, std::size_t count, int root) override {
    const std::string own(static_cast<const char*>(bytes), rank_ == root ? count : 0);
    const std::vector<std::string> all = hub_.gather(rank_, own);
    const std::string& of_root = all[static_cast<std::size_t>(root)];
    if (of_root.size() != count) throw std::runtime_error("a message of another length");
    std::memcpy(bytes, of_root.data(), count);
  }
  std::size_t kept_bytes() const override { return kept_; }

 private:
  Hub& hub_;
  int rank_;
  std::size_t kept_;
};

// Calls work(rank's group) for every rank at the same time; throws the exception of the lowest rank that threw first.
inline void on_ranks(int size, std::size_t kept, const std::function<void(const std::shared_ptr<RankGroup>&)>& work) {
  Hub hub(size);
  std::mutex mutex;
  std::exception_ptr error;
  std::vector<std::thread> threads;
  for (int rank = 0; rank < size; ++rank) {
    threads.emplace_back([&, rank] {
      try {
        work(std::make_shared<ThreadRank>(hub, rank, kept));
      } catch (...) {
        const std::lock_guard<std::mutex> lock(mutex);
        if (error == nullptr) error = std::current_exception();
        hub.fail();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  if (error != nullptr) std::rethrow_exception(error);
}

}  // namespace rnnlib::testing_ranks

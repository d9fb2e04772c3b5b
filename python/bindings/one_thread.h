// SPDX-License-Identifier: Apache-2.0
// Objects whose state one thread at a time may use, although the GIL is released inside: a second one gets an error.
#pragma once

#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>

namespace rnnlib::python {

// Which thread is using an object.
class OneThread {
 public:
  // For as long as it exists, the object is this thread's, which may use it again meanwhile (in a callback). Throws
  // std::runtime_error, Python's RuntimeError, when it is another's.
  class Use {
   public:
    Use(OneThread& object, const char* name) : owner_(object.owner_) {
      const std::thread::id self = std::this_thread::get_id();
      if (owner_.load(std::memory_order_relaxed) == self) return;
      std::thread::id nobody;
      if (!owner_.compare_exchange_strong(nobody, self, std::memory_order_acquire)) {
        throw std::runtime_error(std::string("a ") + name + " is used by two threads at once: make one for each");
      }
      first_ = true;
    }
    ~Use() {
      if (first_) owner_.store(std::thread::id(), std::memory_order_release);
    }
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;

   private:
    std::atomic<std::thread::id>& owner_;
    bool first_ = false;
  };

 private:
  std::atomic<std::thread::id> owner_{std::thread::id()};
};

}  // namespace rnnlib::python

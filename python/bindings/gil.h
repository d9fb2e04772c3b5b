// SPDX-License-Identifier: Apache-2.0
// The engine runs without Python's lock (the GIL), so that other Python threads go on. pybind11's gil_scoped_release
// does not do: a daemon thread may still be in the engine when the interpreter ends, and taking the lock back then ends
// the thread (Python 3.13 and older, pthread_exit), which unwinds C++ frames and so ends the whole process with an
// abort. Here such a thread sleeps until the process is gone, as Python 3.14 does by itself.
#pragma once

#include <pybind11/pybind11.h>

#include <chrono>
#include <thread>
#ifdef __GLIBCXX__
#include <cxxabi.h>
#endif

namespace rnnlib::python {

inline bool interpreter_is_ending() noexcept {
#if PY_VERSION_HEX >= 0x030D0000
  return Py_IsInitialized() == 0 || Py_IsFinalizing() != 0;
#else
  return Py_IsInitialized() == 0 || _Py_IsFinalizing() != 0;
#endif
}

[[noreturn]] inline void sleep_for_ever() noexcept {
  for (;;) std::this_thread::sleep_for(std::chrono::hours(24));
}

// Calls Python, which may let go of the lock, and finds out that the interpreter ends when it wants it back. `work`
// should hold no Python object of its own: what it holds would be given back without the lock.
template <class Work>
auto call_python(const Work& work) {
#ifdef __GLIBCXX__
  try {
    return work();
  } catch (const abi::__forced_unwind&) {  // Python has called pthread_exit
    sleep_for_ever();
  }
#else
  return work();
#endif
}

// From its beginning to its end the thread is without the GIL.
class GilReleased {
 public:
  // The thread that ends the interpreter (it runs destructors of Python objects) keeps the lock: it would not get it
  // back.
  GilReleased() : state_(interpreter_is_ending() ? nullptr : PyEval_SaveThread()) {}
  ~GilReleased() { take(); }
  GilReleased(const GilReleased&) = delete;
  GilReleased& operator=(const GilReleased&) = delete;

  // Runs work(), which may use Python (see call_python), with the GIL. Its exceptions pass through.
  template <class Work>
  auto with_gil(const Work& work) {
    struct LetGoAgain {
      PyThreadState*& state;
      bool released;
      ~LetGoAgain() {
        if (released) state = PyEval_SaveThread();
      }
    };
    take();
    const LetGoAgain at_end{state_, state_ != nullptr};
    return work();
  }

 private:
  void take() const noexcept {
    if (state_ == nullptr) return;
    if (interpreter_is_ending()) sleep_for_ever();
    try {
      PyEval_RestoreThread(state_);
    } catch (...) {  // pthread_exit: the interpreter began to end just now
      sleep_for_ever();
    }
  }

  PyThreadState* state_;
};

// What `work` returns, which runs without the GIL.
template <class Work>
auto without_gil(const Work& work) {
  const GilReleased released;
  return work();
}

// From its beginning to its end the thread has the GIL; it may have had it before.
class GilTaken {
 public:
  GilTaken() : had_it_(PyGILState_Check() != 0) {
    if (had_it_) return;
    if (interpreter_is_ending()) sleep_for_ever();
    try {
      state_ = PyGILState_Ensure();
    } catch (...) {  // pthread_exit: the interpreter began to end just now
      sleep_for_ever();
    }
  }
  ~GilTaken() {
    if (!had_it_) PyGILState_Release(state_);
  }
  GilTaken(const GilTaken&) = delete;
  GilTaken& operator=(const GilTaken&) = delete;

 private:
  bool had_it_;
  PyGILState_STATE state_{};
};

}  // namespace rnnlib::python

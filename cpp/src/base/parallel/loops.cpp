// SPDX-License-Identifier: Apache-2.0
#include "base/parallel/loops.h"

#include "base/parallel/first_error.h"
#include "base/parallel/team_loops.h"
#include "base/parallel/turns.h"

namespace rnnlib {

namespace {

using Task = FunctionRef<void(Index i, int thread)>;

bool runs_alone(Index n) { return n < 2 || team_threads() < 2; }

}  // namespace

void parallel_for(Index n, Task work) {
  if (runs_alone(n)) {
    for (Index i = 0; i < n; ++i) work(i, 0);
    return;
  }
  FirstError error;
  own_team().loops->run(n, false, [&](Index i, int thread) { error.run(i, [&] { work(i, thread); }); });
  error.rethrow();
}

void parallel_for_ordered(Index n, Task work, Task in_order) {
  if (runs_alone(n)) {
    for (Index i = 0; i < n; ++i) {
      work(i, 0);
      in_order(i, 0);
    }
    return;
  }
  FirstError error;
  Turns turns;
  own_team().loops->run(n, true, [&](Index i, int thread) {
    error.run(i, [&] { work(i, thread); });
    turns.wait_for(i);
    error.run(i, [&] { in_order(i, thread); });
    turns.pass();
  });
  error.rethrow();
}

}  // namespace rnnlib

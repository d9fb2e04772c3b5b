// SPDX-License-Identifier: Apache-2.0
#include "base/parallel/team.h"

#include <algorithm>

#include "base/parallel/helpers.h"
#include "base/parallel/team_loops.h"
#include "rnnlib/build_info.h"

namespace rnnlib {

namespace {

// Lets a team's helpers go at the end of a scope, also after an exception.
class LoopsScope {
 public:
  explicit LoopsScope(TeamLoops& loops) : loops_(loops) {}
  ~LoopsScope() { loops_.leave(); }
  LoopsScope(const LoopsScope&) = delete;
  LoopsScope& operator=(const LoopsScope&) = delete;

 private:
  TeamLoops& loops_;
};

void start_team(int threads, FunctionRef<void()> body) {
  TeamLoops loops;
  TeamHelpers helpers(threads - 1);
  if (helpers.size() == 0) return body();
  const LoopsScope until_the_end(loops);
  helpers.help(loops);
  const OwnTeamScope scope({&loops, 0, helpers.size() + 1});
  body();
}

}  // namespace

bool has_threads() {
#ifdef RNNLIB_HAS_THREADS
  return true;
#else
  return false;
#endif
}

void with_team(int threads, FunctionRef<void()> body) {
  const OwnTeam own = own_team();
  if (own.loops != nullptr) {
    const OwnTeamScope scope({own.loops, own.rank, std::max(1, std::min(threads, own.threads))});
    return body();
  }
  if (threads < 2 || !has_threads()) return body();
  start_team(threads, body);
}

int team_threads() { return own_team().threads; }

}  // namespace rnnlib

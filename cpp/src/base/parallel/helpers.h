// SPDX-License-Identifier: Apache-2.0
// The threads of teams, beside those that call: they are kept from one team to the next.
#pragma once

#include <vector>

#include "base/parallel/team_loops.h"

namespace rnnlib {

class Helper;

// The helpers of one team. Those that no team has are taken first; missing ones are made.
class TeamHelpers {
 public:
  // As many as are wanted, or fewer: where the system gives no more threads, and none when the engine is built without.
  explicit TeamHelpers(int wanted);

  // Waits until all have left the team's loops, and lets other teams have them.
  ~TeamHelpers();

  TeamHelpers(const TeamHelpers&) = delete;
  TeamHelpers& operator=(const TeamHelpers&) = delete;

  int size() const { return static_cast<int>(helpers_.size()); }

  // Lets all of them help with the loops until TeamLoops::leave() is called; their ranks are 1 to size(). To be called
  // once. `loops` must outlive this object.
  void help(TeamLoops& loops);

 private:
  std::vector<Helper*> helpers_;
};

}  // namespace rnnlib

// SPDX-License-Identifier: Apache-2.0
#include "rnnlib/build_info.h"

#include <gtest/gtest.h>

#include <string>

namespace {

TEST(BuildInfo, TheInstructionSetIsTheOneAskedFor) {
  const std::string asked = RNNLIB_ISA;
  if (asked.empty()) {
    EXPECT_NE(rnnlib::instruction_set(), "");
  } else {
    EXPECT_EQ(rnnlib::instruction_set(), asked);
  }
}

TEST(BuildInfo, EigenHasAVersion) { EXPECT_NE(rnnlib::eigen_version().find('.'), std::string::npos); }

}  // namespace

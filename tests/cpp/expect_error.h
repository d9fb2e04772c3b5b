// SPDX-License-Identifier: Apache-2.0
// A check that something throws an error whose message holds given parts.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace rnnlib {

template <class Exception, class Action>
void expect_error(const Action& action, const std::vector<std::string>& parts) {
  try {
    action();
    ADD_FAILURE() << "no error; expected one with \"" << (parts.empty() ? "" : parts.front()) << '"';
  } catch (const Exception& error) {
    const std::string message = error.what();
    for (const std::string& part : parts) {
      EXPECT_NE(message.find(part), std::string::npos) << "\"" << part << "\" is not in: " << message;
    }
  }
}

}  // namespace rnnlib

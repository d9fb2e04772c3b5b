// SPDX-License-Identifier: Apache-2.0
// Saves as files: replaced whole or not at all.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#ifndef _WIN32
#include <sys/resource.h>

#include <csignal>
#endif

#include "expect_error.h"
#include "rnnlib/error.h"
#include "save_fixture.h"

namespace rnnlib {
namespace {

using namespace testing_saves;

namespace fs = std::filesystem;

std::string file_text(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

// An empty folder for one test.
std::string fresh_folder(const std::string& name) {
  const std::string folder = testing::TempDir() + "save_test_" + name;
  fs::remove_all(folder);
  fs::create_directories(folder);
  return folder + "/";
}

Index num_files(const std::string& folder) {
  return std::distance(fs::directory_iterator(folder), fs::directory_iterator());
}

TEST(SaveFile, IsReplacedWhole) {
  const std::string folder = fresh_folder("replace");
  const std::string path = folder + "a.save";
  Save save = parse(kRnnlibSave);
  save.write(path, Precision::kDouble);
  save.values["trainer_epoch"] = "8";
  save.write(path, Precision::kDouble);
  const Save again = Save::read(path);
  EXPECT_EQ(again.values.at("trainer_epoch"), "8");
  EXPECT_EQ(again.source, path);
  EXPECT_EQ(num_files(folder), 1);
}

TEST(SaveFile, KeepsASymbolicLink) {
  const std::string folder = fresh_folder("link");
  std::ofstream(folder + "real.save") << "old";
  std::error_code error;
  fs::create_symlink("real.save", folder + "link.save", error);
  if (error) GTEST_SKIP() << "no symbolic links here: " << error.message();
  parse(kRnnlibSave).write(folder + "link.save", Precision::kDouble);
  EXPECT_TRUE(fs::is_symlink(folder + "link.save"));
  EXPECT_EQ(Save::read(folder + "real.save").values.at("trainer_epoch"), "7");
}

TEST(SaveFile, NamesAFolderThatCannotBeWritten) {
  const std::string folder = fresh_folder("missing");
  std::ofstream(folder + "file") << "x";
  const Save save = parse(kRnnlibSave);
  for (const std::string& path : {folder + "no/such/a.save", folder + "file/a.save"}) {
    expect_error<IoError>([&] { save.write(path, Precision::kDouble); }, {path.c_str(), "cannot be written"});
  }
  fs::create_directories(folder + "taken.save/inner");
  expect_error<IoError>([&] { save.write(folder + "taken.save", Precision::kDouble); },
                        {"taken.save", "cannot be written"});
  EXPECT_EQ(num_files(folder), 2);  // no temporary file stays
  expect_error<IoError>([&] { Save::read(folder + "none.save"); }, {"none.save", "no such file"});
}

#ifndef _WIN32
TEST(SaveFile, AFailingWriteLeavesTheOldFile) {
  const std::string folder = fresh_folder("full");
  const std::string path = folder + "a.save";
  Save save = parse(kRnnlibSave);
  save.write(path, Precision::kDouble);
  const std::string old = file_text(path);
  save.vectors["weightContainer_big_weights"] = Values(100000, 0.123456789);

  // As on a full disk: no file may grow beyond 64 KiB.
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit small = before;
  small.rlim_cur = 1 << 16;
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  std::string message;
  try {
    save.write(path, Precision::kDouble);
  } catch (const IoError& error) {
    message = error.what();
  }
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, old_handler);

  EXPECT_NE(message.find("cannot be written"), std::string::npos) << message;
  EXPECT_NE(message.find("File too large"), std::string::npos) << message;
  EXPECT_EQ(file_text(path), old);
  EXPECT_EQ(num_files(folder), 1);
}
#endif

}  // namespace
}  // namespace rnnlib

// SPDX-License-Identifier: Apache-2.0
// Files: what is read and replaced, and what a failing system call leaves behind.
#include "rnnlib/files.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <set>
#include <vector>

#ifndef _WIN32
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#endif

#include "base/leftovers.h"
#include "base/system.h"
#include "expect_error.h"
#include "rnnlib/error.h"

namespace rnnlib {
namespace {

namespace fs = std::filesystem;

std::string fresh_folder(const std::string& name) {
  const std::string folder = testing::TempDir() + "files_test_" + name;
  fs::remove_all(folder);
  fs::create_directories(folder);
  return folder + "/";
}

std::set<std::string> names_in(const std::string& folder) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.insert(entry.path().filename().string());
  return names;
}

void put(const std::string& path, const std::string& text) { std::ofstream(path, std::ios::binary) << text; }

std::string get(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

TEST(Files, ReadsEverySize) {
  const std::string path = fresh_folder("sizes") + "a";
  for (std::size_t size : {0, 1, 100, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 3000000}) {
    std::string text(size, 'x');
    if (size > 0) text.back() = '\0';
    replace_file(path, text);
    EXPECT_EQ(read_file(path), text);
  }
}

TEST(Files, AReplacementTakesItsPlaceAtTheEnd) {
  const std::string folder = fresh_folder("commit");
  put(folder + "a", "old");
  {
    Replacement file(folder + "a");
    file.write("ne");
    file.write("w");
    EXPECT_EQ(get(folder + "a"), "old");
    EXPECT_EQ(get(file.temporary()), "new");
    file.commit();
    file.discard();  // nothing is left to remove
    EXPECT_EQ(get(folder + "a"), "new");
  }
  {
    Replacement given_up(folder + "a");
    given_up.write("never seen");
  }
  EXPECT_EQ(get(folder + "a"), "new");
  EXPECT_EQ(names_in(folder), std::set<std::string>{"a"});
}

TEST(Files, TheLongestNamesAreWritten) {
  const std::string folder = fresh_folder("long");
  const std::string name(255, 'n');
  replace_file(folder + name, "text");
  EXPECT_EQ(read_file(folder + name), "text");
  EXPECT_EQ(names_in(folder), std::set<std::string>{name});
}

TEST(Files, TemporaryNamesCutNoCharacter) {
  const std::string ending = temporary_beside(fs::path("a"), true).u8string().substr(1);
  for (const std::string& character : {std::string("\u00e9"), std::string("\u20ac"), std::string("\U0001f600")}) {
    for (std::size_t shift = 0; shift < character.size(); ++shift) {
      std::string name(shift, 'n');
      while (name.size() + character.size() <= 255) name += character;
      std::string found = temporary_beside(fs::u8path(name), true).u8string();
      EXPECT_LE(found.size(), 255U);
      found.resize(found.size() - ending.size());
      EXPECT_EQ((found.size() - shift) % character.size(), 0U) << name;
      EXPECT_EQ(name.substr(0, found.size()), found);
    }
  }
}

#ifndef _WIN32

mode_t mode_of(const std::string& path) {
  struct stat status{};
  EXPECT_EQ(::stat(path.c_str(), &status), 0);
  return status.st_mode & 07777;
}

TEST(Files, PermissionsStayAndNewFilesGetTheUsualOnes) {
  const std::string folder = fresh_folder("modes");
  const mode_t before = ::umask(027);
  replace_file(folder + "new", "x");
  ::umask(before);
  EXPECT_EQ(mode_of(folder + "new"), 0640U);
  for (mode_t mode : {0600, 0444, 0664, 0777}) {
    ASSERT_EQ(::chmod((folder + "new").c_str(), mode), 0);
    replace_file(folder + "new", "y");
    EXPECT_EQ(mode_of(folder + "new"), mode);
  }
}

TEST(Files, NobodyElseReadsTheNewContentOfAPrivateFile) {
  const std::string folder = fresh_folder("private");
  put(folder + "a", "secret");
  ASSERT_EQ(::chmod((folder + "a").c_str(), 0600), 0);
  Replacement file(folder + "a");
  EXPECT_EQ(mode_of(file.temporary()), 0600U);
}

TEST(Files, TheOwnerStays) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root may give files away";
  const std::string folder = fresh_folder("owner");
  put(folder + "a", "x");
  ASSERT_EQ(::chown((folder + "a").c_str(), 1234, 2345), 0);
  replace_file(folder + "a", "y");
  struct stat status{};
  ASSERT_EQ(::stat((folder + "a").c_str(), &status), 0);
  EXPECT_EQ(status.st_uid, 1234U);
  EXPECT_EQ(status.st_gid, 2345U);
}

TEST(Files, SymbolicLinksStay) {
  const std::string folder = fresh_folder("links");
  fs::create_directories(folder + "deep");
  put(folder + "deep/real", "old");
  fs::create_symlink("deep/middle", folder + "link");
  fs::create_symlink("real", folder + "deep/middle");
  fs::create_symlink(folder + "deep/to_come", folder + "dangling");
  replace_file(folder + "link", "new");
  replace_file(folder + "dangling", "made");
  EXPECT_EQ(get(folder + "deep/real"), "new");
  EXPECT_EQ(get(folder + "deep/to_come"), "made");
  for (const char* name : {"link", "deep/middle", "dangling"}) EXPECT_TRUE(fs::is_symlink(folder + name)) << name;
  EXPECT_EQ(names_in(folder + "deep"), (std::set<std::string>{"middle", "real", "to_come"}));

  fs::create_symlink("loop", folder + "loop");
  expect_error<IoError>([&] { replace_file(folder + "loop", "x"); }, {"loop", "cannot be written"});
}

TEST(Files, ManyAreReplacedTogether) {
  const std::string folder = fresh_folder("many");
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit small = before;
  small.rlim_cur = 200;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &small), 0);
  std::vector<std::unique_ptr<Replacement>> files;
  for (int i = 0; i < 300; ++i) files.push_back(std::make_unique<Replacement>(folder + std::to_string(i)));
  for (const auto& file : files) file->write("one, ");
  for (const auto& file : files) file->write("two");
  for (const auto& file : files) file->commit();
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  for (int i = 0; i < 300; ++i) EXPECT_EQ(get(folder + std::to_string(i)), "one, two");
  EXPECT_EQ(names_in(folder).size(), 300U);
}

TEST(Files, OtherHardLinksKeepTheOldContent) {
  const std::string folder = fresh_folder("hard");
  put(folder + "a", "old");
  fs::create_hard_link(folder + "a", folder + "b");
  replace_file(folder + "a", "new");
  EXPECT_EQ(get(folder + "a"), "new");
  EXPECT_EQ(get(folder + "b"), "old");
}

TEST(Files, OnlyRegularFilesAreReadAndReplaced) {
  const std::string folder = fresh_folder("kinds");
  ASSERT_EQ(::mkfifo((folder + "fifo").c_str(), 0600), 0);
  fs::create_directories(folder + "folder");
  fs::create_symlink("fifo", folder + "link");
  const int socket_number = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  (folder + "socket").copy(address.sun_path, sizeof(address.sun_path) - 1);
  ASSERT_EQ(::bind(socket_number, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
  const std::pair<std::string, const char*> cases[] = {
      {folder + "fifo", "is a FIFO"},     {folder + "link", "is a FIFO"}, {folder + "folder", "is a folder"},
      {folder + "socket", "is a socket"}, {"/dev/null", "is a device"},   {"/dev/zero", "is a device"},
  };
  for (const auto& [path, kind] : cases) {
    expect_error<IoError>([&, p = path] { read_file(p); }, {path, kind, "expected a file"});
    expect_error<IoError>([&, p = path] { replace_file(p, "x"); }, {path, "cannot be written", kind});
  }
  ::close(socket_number);
  EXPECT_TRUE(fs::is_fifo(folder + "fifo"));
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
  EXPECT_EQ(names_in(folder), (std::set<std::string>{"fifo", "folder", "link", "socket"}));
}

TEST(Files, NamesOfAnyBytes) {
  const std::string path = fresh_folder("bytes") + "gr\xfc\xdf" + "e\x80";
  replace_file(path, "x");
  EXPECT_EQ(read_file(path), "x");
}

// --- leftovers ---

std::string leftover_name(const std::string& path, bool is_lockable = true) {
  return temporary_beside(path, is_lockable).string();
}

void make_old(const std::string& path) {
  fs::last_write_time(path, fs::file_time_type::clock::now() - std::chrono::hours(25));
}

TEST(Files, LeftoversOfDeadProcessesAreRemoved) {
  const std::string folder = fresh_folder("leftovers");
  if (machine_number() == 0) GTEST_SKIP() << "no locks that tell the living from the dead";
  put(leftover_name(folder + "a"), "half");
  put(leftover_name(folder + "another"), "half");
  put(folder + "a.rnnlib-tmp-1234", "of somebody else");
  replace_file(folder + "a", "x");
  EXPECT_EQ(names_in(folder), (std::set<std::string>{"a", "a.rnnlib-tmp-1234"}));
}

TEST(Files, WhatMayStillBeWrittenStaysForADay) {
  const std::string folder = fresh_folder("elsewhere");
  const std::string elsewhere = leftover_name(folder + "a", false);  // by another machine, or without locks
  put(elsewhere, "half");
  replace_file(folder + "a", "x");
  EXPECT_TRUE(fs::exists(elsewhere));
  make_old(elsewhere);
  replace_file(folder + "a", "x");
  EXPECT_FALSE(fs::exists(elsewhere));
}

TEST(Files, WhatIsBeingWrittenStays) {
  const std::string folder = fresh_folder("living");
  if (machine_number() == 0) GTEST_SKIP() << "no locks that tell the living from the dead";
  Replacement slow(folder + "a");
  slow.write("first half, ");
  make_old(slow.temporary());
  replace_file(folder + "a", "quick");
  replace_file(folder + "b", "quick");
  slow.write("second half");
  slow.commit();
  EXPECT_EQ(get(folder + "a"), "first half, second half");
  EXPECT_EQ(names_in(folder), (std::set<std::string>{"a", "b"}));
}

TEST(Files, FoldersAndLinksOfSuchNamesStay) {
  const std::string folder = fresh_folder("odd_leftovers");
  put(folder + "precious", "x");
  const std::string link = leftover_name(folder + "link");
  fs::create_symlink("precious", link);
  const std::string inner = leftover_name(folder + "folder");
  fs::create_directories(inner);
  replace_file(folder + "a", "x");
  EXPECT_TRUE(fs::is_symlink(link));
  EXPECT_TRUE(fs::is_directory(inner));
  EXPECT_TRUE(fs::exists(folder + "precious"));
}

// --- system calls that fail ---

struct Fault {
  int call = -1;  // the number of the call that fails; -1: none
  int error = 0;
  int calls = 0;
  bool is_done = false;
  SystemCall kind = SystemCall::kStat;
};
Fault fault;

int fail_once(SystemCall call) {
  if (fault.calls++ != fault.call) return 0;
  fault.is_done = true;
  fault.kind = call;
  return fault.error;
}

class FaultyFiles : public testing::Test {
 protected:
  void TearDown() override { system_hook = nullptr; }
  void inject(int call, int error) {
    fault = {};
    fault.call = call;
    fault.error = error;
    system_hook = fail_once;
  }
};

TEST_F(FaultyFiles, AFailedReplacementLeavesTheOldFileAndNothingElse) {
  const std::string folder = fresh_folder("faults");
  const std::string path = folder + "a.save";
  std::set<SystemCall> failed;
  for (const char* old : {"old", ""}) {
    for (int error : {EIO, ENOSPC, EACCES, ENOLCK, EAGAIN}) {
      for (int call = 0;; ++call) {
        fs::remove(path);
        if (*old != '\0') put(path, old);
        inject(call, error);
        std::string message;
        try {
          replace_file(path, "new content");
        } catch (const IoError& caught) {
          message = caught.what();
        }
        system_hook = nullptr;
        if (!fault.is_done) break;  // there are no more calls than that
        const std::string where = "call " + std::to_string(call) + ", error " + std::to_string(error);
        if (message.empty()) {  // a call that can be done without, such as the lock
          EXPECT_EQ(get(path), "new content") << where;
        } else {
          failed.insert(fault.kind);
          EXPECT_NE(message.find(path + ": cannot be written: "), std::string::npos) << message;
          const bool is_known = fault.kind != SystemCall::kStat || call > 0;  // whether there is an old file
          EXPECT_EQ(message.find("old file stays") != std::string::npos, is_known && *old != '\0') << message;
          EXPECT_EQ(get(path), old) << where;
        }
        EXPECT_LE(names_in(folder).size(), 1U) << where;  // no temporary file
      }
    }
  }
  EXPECT_EQ(failed, (std::set<SystemCall>{SystemCall::kStat, SystemCall::kOpen, SystemCall::kWrite, SystemCall::kSync,
                                          SystemCall::kRename}));
}

TEST_F(FaultyFiles, InterruptedAndShortCallsGoOn) {
  const std::string path = fresh_folder("interrupted") + "a.save";
  for (int error : {EINTR, kShortWrite}) {
    for (int call = 0;; ++call) {
      put(path, "old");
      inject(call, error);
      if (error == kShortWrite) {  // for a write only
        system_hook = [](SystemCall kind) { return kind == SystemCall::kWrite ? kShortWrite : 0; };
        fault.is_done = call == 0;
      }
      replace_file(path, "new content");
      const bool is_done = fault.is_done;
      system_hook = nullptr;
      EXPECT_EQ(get(path), "new content");
      if (!is_done) break;
    }
  }
}

TEST_F(FaultyFiles, ATakenNameIsTriedAgain) {
  const std::string folder = fresh_folder("taken");
  system_hook = [](SystemCall call) { return call == SystemCall::kOpen && ++fault.calls <= 3 ? EEXIST : 0; };
  fault = {};
  replace_file(folder + "a", "x");
  system_hook = nullptr;
  EXPECT_EQ(get(folder + "a"), "x");
  EXPECT_GT(fault.calls, 3);
}

TEST_F(FaultyFiles, AFailedReadNamesTheFile) {
  const std::string path = fresh_folder("read_faults") + "a.save";
  put(path, "some text");
  std::set<SystemCall> failed;
  for (int call = 0;; ++call) {
    inject(call, EIO);
    std::string message;
    try {
      EXPECT_EQ(read_file(path), "some text");
    } catch (const IoError& caught) {
      message = caught.what();
    }
    if (!fault.is_done) break;
    if (message.empty()) continue;
    failed.insert(fault.kind);
    EXPECT_NE(message.find(path + ": cannot be read: Input/output error"), std::string::npos) << message;
  }
  EXPECT_EQ(failed, (std::set<SystemCall>{SystemCall::kStat, SystemCall::kOpen, SystemCall::kRead}));
}

#endif

}  // namespace
}  // namespace rnnlib

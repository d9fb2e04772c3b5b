// SPDX-License-Identifier: Apache-2.0
// The system calls that reading and replacing files need, and a hook by which tests let each of them fail. Nothing here
// throws: every function returns an error code.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string_view>
#include <system_error>

namespace rnnlib {

enum class SystemCall { kStat, kOpen, kRead, kWrite, kSync, kClose, kLock, kSetOwner, kSetMode, kRename };

// Asked before every call. What it returns: 0 lets the call go on, kShortWrite lets a write take one byte only, and any
// other number is an errno with which the call fails.
using SystemHook = int (*)(SystemCall call);
constexpr int kShortWrite = -1;
extern std::atomic<SystemHook> system_hook;  // nullptr outside of tests

// What is known of a file, links followed.
struct FileFacts {
  enum class Kind { kNothing, kRegular, kOther };
  Kind kind = Kind::kNothing;
  const char* kind_name = "nothing";  // as messages call it: "a folder", "a FIFO"
  std::uintmax_t size = 0;            // bytes
  std::uintmax_t links = 0;           // names that the file has
  std::uintmax_t number = 0;          // tells the files of one system apart, together with `device`
  std::uintmax_t device = 0;
  std::int64_t seconds_old = 0;  // since it was last written
  unsigned mode = 0;             // permissions; 0 on Windows, as are owner and group
  unsigned owner = 0;
  unsigned group = 0;
};

// kNothing is no error.
std::error_code facts_of(const std::filesystem::path& path, FileFacts& facts);

enum class LockResult {
  kLocked,
  kTaken,    // another process holds it
  kUnknown,  // there are no locks here that can be relied on
};

// An open file; closed by the destructor.
class OpenFile {
 public:
  OpenFile() = default;
  ~OpenFile() { (void)close(); }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  std::error_code open_to_read(const std::filesystem::path& path);  // never waits for a FIFO's other end
  // To lock or to add to it; symbolic links are not followed.
  std::error_code open_to_change(const std::filesystem::path& path);
  // A file that was not there before. `is_private`: nobody but its owner may read it.
  std::error_code create(const std::filesystem::path& path, bool is_private);

  bool is_open() const;
  std::error_code facts(FileFacts& facts) const;
  std::error_code read(char* buffer, std::size_t size, std::size_t& count);  // count 0: the end
  std::error_code write(std::string_view text);                              // all of it
  std::error_code sync();
  std::error_code close();  // nothing when it is closed already
  // Says that the file is in use for as long as it is open, to other processes of this machine.
  LockResult try_lock(const std::filesystem::path& path);
  // Gives the file the permissions, owner and group of another, as far as this process may and the file system can.
  void take_rights_of(const FileFacts& other);

 private:
#ifdef _WIN32
  void* handle_ = nullptr;
#else
  int descriptor_ = -1;
#endif
};

std::error_code rename_over(const std::filesystem::path& from, const std::filesystem::path& to);
void sync_folder(
    const std::filesystem::path& folder);  // makes a rename last; where that is impossible, it does nothing
// A number for this machine since it was started, the same in all its containers; 0 when there is none.
std::uint32_t machine_number();

}  // namespace rnnlib

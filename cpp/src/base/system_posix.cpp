// SPDX-License-Identifier: Apache-2.0
// System calls for files on POSIX systems.
#ifndef _WIN32

#ifndef _GNU_SOURCE
#define _GNU_SOURCE  // F_OFD_SETLK
#endif

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>
#include <fstream>
#include <string>

#include "base/system.h"

namespace rnnlib {

std::atomic<SystemHook> system_hook{nullptr};

namespace {

namespace fs = std::filesystem;

// 0, or what the hook wants instead of the call.
int hooked(SystemCall call) {
  const SystemHook hook = system_hook.load(std::memory_order_relaxed);
  return hook == nullptr ? 0 : hook(call);
}

std::error_code code_of(int error) { return {error, std::generic_category()}; }

// Runs a call that returns -1 and errno on failure, again when a signal interrupted it.
template <class Function>
std::error_code run(SystemCall call, const Function& function) {
  for (;;) {
    const int wanted = hooked(call);
    if (wanted == 0 && function() >= 0) return {};
    const int error = wanted != 0 ? wanted : errno;
    if (error != EINTR) return code_of(error);
  }
}

const char* name_of_kind(mode_t mode) {
  if (S_ISREG(mode)) return "a file";
  if (S_ISDIR(mode)) return "a folder";
  if (S_ISFIFO(mode)) return "a FIFO";
  if (S_ISSOCK(mode)) return "a socket";
  return "a device";
}

FileFacts facts_from(const struct stat& status) {
  FileFacts facts;
  facts.kind = S_ISREG(status.st_mode) ? FileFacts::Kind::kRegular : FileFacts::Kind::kOther;
  facts.kind_name = name_of_kind(status.st_mode);
  facts.size = static_cast<std::uintmax_t>(status.st_size);
  facts.links = status.st_nlink;
  facts.number = status.st_ino;
  facts.device = static_cast<std::uintmax_t>(status.st_dev);
  facts.seconds_old = static_cast<std::int64_t>(std::time(nullptr)) - static_cast<std::int64_t>(status.st_mtime);
  facts.mode = status.st_mode & 07777U;
  facts.owner = status.st_uid;
  facts.group = status.st_gid;
  return facts;
}

std::error_code open_file(const fs::path& path, int flags, mode_t mode, int& descriptor) {
  return run(SystemCall::kOpen, [&] { return descriptor = ::open(path.c_str(), flags | O_CLOEXEC, mode); });
}

#ifdef F_OFD_SETLK
bool has_lock_of_other_kind(const fs::path& path) {
  int descriptor = -1;
  if (open_file(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW, 0, descriptor)) return true;
  const bool is_locked = ::flock(descriptor, LOCK_EX | LOCK_NB) != 0;
  (void)::close(descriptor);  // which also unlocks it
  return is_locked;
}
#endif

}  // namespace

std::error_code facts_of(const fs::path& path, FileFacts& facts) {
  struct stat status{};
  const std::error_code error = run(SystemCall::kStat, [&] { return ::stat(path.c_str(), &status); });
  if (!error) facts = facts_from(status);
  if (error == std::errc::no_such_file_or_directory) {
    facts = {};
    return {};
  }
  return error;
}

std::error_code OpenFile::open_to_read(const fs::path& path) {
  return open_file(path, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0, descriptor_);
}

bool OpenFile::is_open() const { return descriptor_ >= 0; }

std::error_code OpenFile::open_to_change(const fs::path& path) {
  return open_file(path, O_RDWR | O_APPEND | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW, 0, descriptor_);
}

std::error_code OpenFile::create(const fs::path& path, bool is_private) {
  return open_file(path, O_RDWR | O_CREAT | O_EXCL, is_private ? 0600 : 0666, descriptor_);
}

std::error_code OpenFile::facts(FileFacts& facts) const {
  struct stat status{};
  const std::error_code error = run(SystemCall::kStat, [&] { return ::fstat(descriptor_, &status); });
  if (!error) facts = facts_from(status);
  return error;
}

std::error_code OpenFile::read(char* buffer, std::size_t size, std::size_t& count) {
  ssize_t found = 0;
  const std::error_code error = run(SystemCall::kRead, [&] { return found = ::read(descriptor_, buffer, size); });
  count = error ? 0 : static_cast<std::size_t>(found);
  return error;
}

std::error_code OpenFile::write(std::string_view text) {
  while (!text.empty()) {
    const int wanted = hooked(SystemCall::kWrite);
    const std::size_t size = wanted == kShortWrite ? 1 : text.size();
    const ssize_t written = wanted > 0 ? -1 : ::write(descriptor_, text.data(), size);
    const int error = wanted > 0 ? wanted : errno;
    if (written < 0 && error != EINTR) return code_of(error);
    if (written == 0) return code_of(EIO);  // no progress: it would be tried for ever
    if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

std::error_code OpenFile::sync() {
  const std::error_code error = run(SystemCall::kSync, [&] { return ::fsync(descriptor_); });
  return error == std::errc::invalid_argument ? std::error_code() : error;  // a file system that cannot sync
}

std::error_code OpenFile::close() {
  if (descriptor_ < 0) return {};
  const int wanted = hooked(SystemCall::kClose);
  const int failed = ::close(descriptor_);
  const int error = wanted > 0 ? wanted : (failed != 0 ? errno : 0);
  descriptor_ = -1;
  return error == EINTR ? std::error_code() : code_of(error);  // after an interrupted close the file is closed
}

// Locks of the open file description: those of flock() are taken by the HDF5 library, which writes some of our files.
// Some network file systems make one kind of all locks, so that ours would keep that library out: there is none then.
LockResult OpenFile::try_lock(const fs::path& path) {
#ifdef F_OFD_SETLK
  struct flock lock{};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  const std::error_code error = run(SystemCall::kLock, [&] { return ::fcntl(descriptor_, F_OFD_SETLK, &lock); });
  if (error == std::errc::resource_unavailable_try_again || error == std::errc::permission_denied) {
    return LockResult::kTaken;
  }
  if (!error && !has_lock_of_other_kind(path)) return LockResult::kLocked;
  lock.l_type = F_UNLCK;
  (void)::fcntl(descriptor_, F_OFD_SETLK, &lock);
#else
  (void)path;
#endif
  return LockResult::kUnknown;
}

void OpenFile::take_rights_of(const FileFacts& other) {
  FileFacts own;
  if (facts(own)) return;
  const auto change_owner = [&](uid_t owner) {
    return !run(SystemCall::kSetOwner, [&] { return ::fchown(descriptor_, owner, other.group); });
  };
  unsigned mode = other.mode & 0777U;
  const bool is_same = own.owner == other.owner && own.group == other.group;
  if (!is_same && !change_owner(other.owner) && !change_owner(static_cast<uid_t>(-1)) && own.group != other.group) {
    mode = (mode & ~070U) | ((mode & 07U) << 3U);  // another group gets what all others have
  }
  (void)run(SystemCall::kSetMode, [&] { return ::fchmod(descriptor_, static_cast<mode_t>(mode)); });
}

std::error_code rename_over(const fs::path& from, const fs::path& to) {
  return run(SystemCall::kRename, [&] { return ::rename(from.c_str(), to.c_str()); });
}

void sync_folder(const fs::path& folder) {
  int descriptor = -1;
  if (open_file(folder, O_RDONLY | O_DIRECTORY, 0, descriptor)) return;
  (void)run(SystemCall::kSync, [&] { return ::fsync(descriptor); });
  (void)::close(descriptor);
}

std::uint32_t machine_number() {
  static const std::uint32_t number = [] {
    std::ifstream stream("/proc/sys/kernel/random/boot_id");
    std::string id;
    stream >> id;
    std::uint32_t hash = id.empty() ? 0 : 2166136261U;  // FNV-1a
    for (char c : id) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
    return hash;
  }();
  return number;
}

}  // namespace rnnlib

#endif

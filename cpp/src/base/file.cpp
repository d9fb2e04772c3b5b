// SPDX-License-Identifier: Apache-2.0
// Whole files: read at once, replaced at once.
#include "base/file.h"

#include <atomic>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <system_error>

#ifdef _WIN32
#ifndef NOMINMAX
#define NOMINMAX
#endif
#include <windows.h>
#else
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#endif

#include "rnnlib/error.h"

namespace rnnlib {
namespace {

namespace fs = std::filesystem;

#ifdef _WIN32

std::error_code last_error() { return {static_cast<int>(GetLastError()), std::system_category()}; }
unsigned long process_id() { return GetCurrentProcessId(); }

// A new file that is written and synced through its handle.
class NewFile {
 public:
  explicit NewFile(const fs::path& path)
      : handle_(CreateFileW(path.c_str(), GENERIC_WRITE, 0, nullptr, CREATE_NEW, FILE_ATTRIBUTE_NORMAL, nullptr)) {}
  ~NewFile() { close(); }
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;

  bool is_open() const { return handle_ != INVALID_HANDLE_VALUE; }
  bool write(std::string_view text) {
    while (!text.empty()) {
      DWORD written = 0;
      const DWORD part = static_cast<DWORD>(text.size() < (1u << 30) ? text.size() : (1u << 30));
      if (!WriteFile(handle_, text.data(), part, &written, nullptr)) return false;
      text.remove_prefix(written);
    }
    return true;
  }
  bool sync() { return FlushFileBuffers(handle_) != 0; }
  bool close() {
    if (!is_open()) return true;
    const HANDLE handle = handle_;
    handle_ = INVALID_HANDLE_VALUE;
    return CloseHandle(handle) != 0;
  }

 private:
  HANDLE handle_;
};

bool rename_over(const fs::path& from, const fs::path& to) {
  return MoveFileExW(from.c_str(), to.c_str(), MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH) != 0;
}

void sync_folder(const fs::path&) {}  // MOVEFILE_WRITE_THROUGH did it

#else

std::error_code last_error() { return {errno, std::generic_category()}; }
long process_id() { return static_cast<long>(getpid()); }

// A new file that is written and synced through its descriptor.
class NewFile {
 public:
  explicit NewFile(const fs::path& path) : file_(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666)) {}
  ~NewFile() { close(); }
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;

  bool is_open() const { return file_ >= 0; }
  bool write(std::string_view text) {
    while (!text.empty()) {
      const ssize_t written = ::write(file_, text.data(), text.size());
      if (written < 0 && errno != EINTR) return false;
      if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
  }
  bool sync() { return fsync(file_) == 0 || errno == EINVAL; }  // EINVAL: a file system that cannot sync
  bool close() {
    if (!is_open()) return true;
    const int file = file_;
    file_ = -1;
    return ::close(file) == 0;
  }

 private:
  int file_;
};

bool rename_over(const fs::path& from, const fs::path& to) { return ::rename(from.c_str(), to.c_str()) == 0; }

// Makes the rename itself last; where a folder cannot be synced the file is complete all the same.
void sync_folder(const fs::path& folder) {
  const int file = open(folder.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return;
  (void)fsync(file);
  (void)::close(file);
}

#endif

fs::path temporary_beside(const fs::path& path) {
  static std::atomic<unsigned> counter{0};
  fs::path name = path.filename();
  name += ".tmp" + std::to_string(process_id()) + "-" + std::to_string(counter++);
  return path.parent_path() / name;
}

[[noreturn]] void fail(const std::string& path, const std::string& what, const std::error_code& error) {
  throw IoError(path + ": " + what + ": " + error.message());
}

}  // namespace

std::string read_file(const std::string& path) {
  const fs::path file = fs::u8path(path);
  std::error_code error;
  if (fs::is_directory(file, error)) fail(path, "cannot be read", std::make_error_code(std::errc::is_a_directory));
  errno = 0;
  std::ifstream stream(file, std::ios::binary);
  if (!stream) fail(path, "cannot be read", std::error_code(errno != 0 ? errno : EIO, std::generic_category()));
  std::string text;
  const std::uintmax_t size = fs::file_size(file, error);
  if (!error) text.reserve(static_cast<std::size_t>(size));
  constexpr std::size_t kPart = 1 << 20;
  while (stream) {
    const std::size_t old_size = text.size();
    text.resize(old_size + kPart);
    stream.read(&text[old_size], kPart);
    text.resize(old_size + static_cast<std::size_t>(stream.gcount()));
  }
  if (stream.bad()) fail(path, "cannot be read", std::error_code(errno != 0 ? errno : EIO, std::generic_category()));
  return text;
}

void replace_file(const std::string& path, std::string_view text) {
  fs::path target = fs::u8path(path);
  std::error_code error;
  if (fs::is_symlink(target, error)) {
    const fs::path real = fs::weakly_canonical(target, error);
    if (!error) target = real;
  }
  const fs::path temporary = temporary_beside(target);
  NewFile file(temporary);
  if (!file.is_open()) fail(path, "cannot be written", last_error());
  if (!(file.write(text) && file.sync() && file.close() && rename_over(temporary, target))) {
    const std::error_code cause = last_error();  // before anything else changes it
    file.close();
    fs::remove(temporary, error);
    fail(path, "cannot be written (an older file stays as it was)", cause);
  }
  sync_folder(target.has_parent_path() ? target.parent_path() : fs::path("."));
}

}  // namespace rnnlib

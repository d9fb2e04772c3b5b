// SPDX-License-Identifier: Apache-2.0
// System calls for files on Windows. The hook of tests is not asked here.
#ifdef _WIN32

#ifndef NOMINMAX
#define NOMINMAX
#endif
#include <windows.h>

#include "base/system.h"

namespace rnnlib {

std::atomic<SystemHook> system_hook{nullptr};

namespace {

namespace fs = std::filesystem;

std::error_code last_error() { return {static_cast<int>(GetLastError()), std::system_category()}; }

std::error_code code_of(bool succeeded) { return succeeded ? std::error_code() : last_error(); }

std::error_code open_handle(const fs::path& path, DWORD access, DWORD share, DWORD how, void*& handle) {
  const HANDLE opened = CreateFileW(path.c_str(), access, share, nullptr, how, FILE_ATTRIBUTE_NORMAL, nullptr);
  if (opened == INVALID_HANDLE_VALUE) return last_error();
  handle = opened;
  return {};
}

constexpr DWORD kShare = FILE_SHARE_READ | FILE_SHARE_WRITE;

}  // namespace

std::error_code facts_of(const fs::path& path, FileFacts& facts) {
  facts = {};
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status)) return status.type() == fs::file_type::not_found ? std::error_code() : error;
  if (fs::is_directory(status)) {
    facts.kind = FileFacts::Kind::kOther;
    facts.kind_name = "a folder";
    return {};
  }
  if (!fs::is_regular_file(status)) {
    facts.kind = FileFacts::Kind::kOther;
    facts.kind_name = "a device";
    return {};
  }
  OpenFile file;
  if (const std::error_code failed = file.open_to_read(path)) return failed;
  return file.facts(facts);
}

std::error_code OpenFile::open_to_read(const fs::path& path) {
  return open_handle(path, GENERIC_READ, kShare | FILE_SHARE_DELETE, OPEN_EXISTING, handle_);
}

bool OpenFile::is_open() const { return handle_ != nullptr; }

// Fails while another process has the file open: none shares the right to delete it.
std::error_code OpenFile::open_to_change(const fs::path& path) {
  return open_handle(path, GENERIC_READ | FILE_APPEND_DATA | DELETE, kShare, OPEN_EXISTING, handle_);
}

std::error_code OpenFile::create(const fs::path& path, bool) {
  return open_handle(path, GENERIC_READ | GENERIC_WRITE, kShare, CREATE_NEW, handle_);
}

std::error_code OpenFile::facts(FileFacts& facts) const {
  BY_HANDLE_FILE_INFORMATION found;
  if (GetFileInformationByHandle(handle_, &found) == 0) return last_error();
  const auto wide = [](DWORD high, DWORD low) { return (std::uintmax_t{high} << 32) | low; };
  FILETIME now;
  GetSystemTimeAsFileTime(&now);
  facts.kind = FileFacts::Kind::kRegular;
  facts.kind_name = "a file";
  facts.size = wide(found.nFileSizeHigh, found.nFileSizeLow);
  facts.links = found.nNumberOfLinks;
  facts.number = wide(found.nFileIndexHigh, found.nFileIndexLow);
  facts.device = found.dwVolumeSerialNumber;
  const std::uintmax_t written = wide(found.ftLastWriteTime.dwHighDateTime, found.ftLastWriteTime.dwLowDateTime);
  facts.seconds_old =
      static_cast<std::int64_t>(wide(now.dwHighDateTime, now.dwLowDateTime) - written) / 10000000;  // of 100 ns
  return {};
}

std::error_code OpenFile::read(char* buffer, std::size_t size, std::size_t& count) {
  DWORD found = 0;
  const DWORD part = static_cast<DWORD>(size < (1U << 30) ? size : (1U << 30));
  const std::error_code error = code_of(ReadFile(handle_, buffer, part, &found, nullptr) != 0);
  count = found;
  return error;
}

std::error_code OpenFile::write(std::string_view text) {
  while (!text.empty()) {
    DWORD written = 0;
    const DWORD part = static_cast<DWORD>(text.size() < (1U << 30) ? text.size() : (1U << 30));
    if (WriteFile(handle_, text.data(), part, &written, nullptr) == 0) return last_error();
    text.remove_prefix(written);
  }
  return {};
}

std::error_code OpenFile::sync() { return code_of(FlushFileBuffers(handle_) != 0); }

std::error_code OpenFile::close() {
  void* const handle = handle_;
  handle_ = nullptr;
  return handle == nullptr ? std::error_code() : code_of(CloseHandle(handle) != 0);
}

// Being open is the lock: see open_to_change.
LockResult OpenFile::try_lock(const fs::path&) { return LockResult::kLocked; }

void OpenFile::take_rights_of(const FileFacts&) {}

std::error_code rename_over(const fs::path& from, const fs::path& to) {
  return code_of(MoveFileExW(from.c_str(), to.c_str(), MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH) != 0);
}

void sync_folder(const fs::path&) {}  // MOVEFILE_WRITE_THROUGH did it

std::uint32_t machine_number() { return 1; }  // whoever can open a leftover knows that nobody has it open

}  // namespace rnnlib

#endif

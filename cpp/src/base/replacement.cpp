// SPDX-License-Identifier: Apache-2.0
// Whole files, replaced at once.
#include <atomic>
#include <string>

#include "base/leftovers.h"
#include "base/system.h"
#include "rnnlib/error.h"
#include "rnnlib/files.h"

namespace rnnlib {
namespace {

namespace fs = std::filesystem;

// Follows symbolic links to a name that is none, which may not be there yet.
fs::path without_links(fs::path path, std::error_code& error) {
  constexpr int kMost = 40;  // as many as Linux follows
  for (int i = 0; i < kMost; ++i) {
    std::error_code no_link;
    if (!fs::is_symlink(path, no_link)) return path;
    path = path.parent_path() / fs::read_symlink(path, error);  // an absolute link takes the place of the folder
    if (error) return path;
  }
  error = std::make_error_code(std::errc::too_many_symbolic_link_levels);
  return path;
}

// Each keeps a file open, of which a process may have a few hundred: those beyond this number are opened again when
// they are needed, and go without a lock.
constexpr int kMostOpen = 100;
std::atomic<int> num_alive{0};

}  // namespace

class Replacement::Impl {
 public:
  explicit Impl(const std::string& path);
  ~Impl() {
    discard();
    --num_alive;
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  std::string temporary() const { return temporary_.u8string(); }
  void write(std::string_view text);
  void commit();
  void discard() noexcept;

 private:
  [[noreturn]] void fail(const std::error_code& error) const;
  void make_temporary();
  bool is_still_there() const;
  std::error_code open_again();
  fs::path folder() const { return target_.has_parent_path() ? target_.parent_path() : fs::path("."); }

  std::string path_;    // as the caller calls it
  fs::path target_;     // what is replaced: `path_` with links followed
  fs::path temporary_;  // empty when there is none
  FileFacts old_;
  bool is_kept_open_ = true;
  OpenFile file_;
};

Replacement::Impl::Impl(const std::string& path) : path_(path), target_(fs::u8path(path)) {
  std::error_code error = facts_of(target_, old_);
  if (error) fail(error);
  if (old_.kind == FileFacts::Kind::kOther) {
    throw IoError(path_ + ": cannot be written: is " + old_.kind_name + "; expected a file, or a name that is free");
  }
  target_ = without_links(std::move(target_), error);
  if (error) fail(error);
  remove_leftovers(folder());
  is_kept_open_ = ++num_alive <= kMostOpen;
  try {
    make_temporary();
  } catch (...) {
    --num_alive;
    throw;
  }
}

// A name may be taken, or another process may hold the new file for a leftover before it is locked: then it is another
// file's turn.
void Replacement::Impl::make_temporary() {
  constexpr int kTries = 100;
  bool is_lockable = is_kept_open_;
  for (int i = 0; i < kTries; ++i) {
    temporary_ = temporary_beside(target_, is_lockable);
    const std::error_code error = file_.create(temporary_, old_.kind == FileFacts::Kind::kRegular);
    if (error == std::errc::file_exists) {
      temporary_.clear();
      continue;
    }
    if (error) {
      temporary_.clear();
      fail(error);
    }
    if (!is_kept_open_) (void)file_.close();
    if (!is_lockable) return;
    const LockResult lock = file_.try_lock(temporary_);
    if (lock == LockResult::kLocked && is_still_there()) return;
    if (lock == LockResult::kUnknown) is_lockable = false;
    discard();
  }
  fail(std::make_error_code(std::errc::file_exists));
}

std::error_code Replacement::Impl::open_again() {
  return file_.is_open() ? std::error_code() : file_.open_to_change(temporary_);
}

// Whether the temporary name still leads to the file that was made.
bool Replacement::Impl::is_still_there() const {
  FileFacts own;
  FileFacts found;
  if (file_.facts(own) || facts_of(temporary_, found)) return false;
  return found.kind == FileFacts::Kind::kRegular && own.number == found.number && own.device == found.device;
}

void Replacement::Impl::write(std::string_view text) {
  std::error_code error = open_again();
  if (!error) error = file_.write(text);
  if (!is_kept_open_ && !error) error = file_.close();
  if (error) fail(error);
}

void Replacement::Impl::commit() {
  std::error_code error = open_again();
  if (!error && !is_still_there()) error = std::make_error_code(std::errc::no_such_file_or_directory);
  if (!error && old_.kind == FileFacts::Kind::kRegular) file_.take_rights_of(old_);
  if (!error) error = file_.sync();
#ifdef _WIN32  // an open file cannot be renamed there
  if (!error) error = file_.close();
#endif
  if (!error) error = rename_over(temporary_, target_);
  if (error) {
    discard();
    fail(error);
  }
  temporary_.clear();
  (void)file_.close();  // all of it is on the disk
  sync_folder(folder());
}

void Replacement::Impl::discard() noexcept {
  if (temporary_.empty()) return;
  std::error_code error;
#ifdef _WIN32  // an open file cannot be removed there
  (void)file_.close();
#endif
  fs::remove(temporary_, error);
  (void)file_.close();
  temporary_.clear();
}

void Replacement::Impl::fail(const std::error_code& error) const {
  std::error_code ignored;
  const bool no_folder = error == std::errc::no_such_file_or_directory && !fs::is_directory(folder(), ignored);
  const std::string reason = no_folder ? "no such folder" : error.message();
  const char* const kept = old_.kind == FileFacts::Kind::kRegular ? " (the old file stays as it was)" : "";
  throw IoError(path_ + ": cannot be written: " + reason + kept);
}

Replacement::Replacement(const std::string& path) : impl_(std::make_unique<Impl>(path)) {}
Replacement::~Replacement() = default;
std::string Replacement::temporary() const { return impl_->temporary(); }
void Replacement::write(std::string_view text) { impl_->write(text); }
void Replacement::commit() { impl_->commit(); }
void Replacement::discard() noexcept { impl_->discard(); }

void replace_file(const std::string& path, std::string_view text) {
  Replacement file(path);
  file.write(text);
  file.commit();
}

}  // namespace rnnlib

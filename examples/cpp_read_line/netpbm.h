// SPDX-License-Identifier: Apache-2.0
// Raw images in Netpbm's formats with 8 bits: PGM (P5, grey) and PPM (P6, colours).
#pragma once

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

struct Image {
  int width = 0;
  int height = 0;
  int channels = 1;
  std::vector<std::uint8_t> pixels;  // [height, width, channels]
};

// The next number of the header; comments reach from '#' to the end of the line.
inline int read_number(std::istream& stream, const std::string& path) {
  while (stream >> std::ws && stream.peek() == '#') {
    std::string comment;
    std::getline(stream, comment);
  }
  int number = 0;
  if (!(stream >> number) || number < 1) throw std::runtime_error(path + ": damaged: a number is missing");
  return number;
}

inline Image read_netpbm(const std::string& path) {
  constexpr int kLargest = 1 << 14;
  std::ifstream stream(path, std::ios::binary);
  std::string magic;
  if (!(stream >> magic)) throw std::runtime_error(path + ": cannot be read");
  if (magic != "P5" && magic != "P6") throw std::runtime_error(path + ": no raw PGM or PPM file");
  Image image;
  image.channels = magic == "P5" ? 1 : 3;
  image.width = read_number(stream, path);
  image.height = read_number(stream, path);
  const int white = read_number(stream, path);
  if (image.width > kLargest || image.height > kLargest || white != 255) {
    throw std::runtime_error(path + ": expected sizes of at most 16384 and 8 bits, white as 255");
  }
  stream.get();  // the one blank before the pixels
  image.pixels.resize(static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height) *
                      static_cast<std::size_t>(image.channels));
  const auto size = static_cast<std::streamsize>(image.pixels.size());
  if (!stream.read(reinterpret_cast<char*>(image.pixels.data()), size)) {
    throw std::runtime_error(path + ": damaged: pixels are missing");
  }
  return image;
}

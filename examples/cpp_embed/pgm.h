// SPDX-License-Identifier: Apache-2.0
// Grey images in the PGM format (Netpbm), plain (P2) and raw (P5).
#pragma once

#include <cstddef>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

struct Image {
  int width = 0;
  int height = 0;
  std::vector<float> pixels;  // [height, width], 0 (black) to 255 (white)

  float at(int x, int y) const { return pixels[static_cast<std::size_t>(y * width + x)]; }
};

// The next number of the header; comments reach from '#' to the end of the line.
inline int read_number(std::istream& stream, const std::string& path) {
  while (stream >> std::ws && stream.peek() == '#') {
    std::string comment;
    std::getline(stream, comment);
  }
  int number = 0;
  if (!(stream >> number) || number < 0) throw std::runtime_error(path + ": damaged: a number is missing");
  return number;
}

inline Image read_pgm(const std::string& path) {
  constexpr int kLargest = 1 << 15;
  std::ifstream stream(path, std::ios::binary);
  if (!stream) throw std::runtime_error(path + ": cannot be read");
  std::string magic;
  stream >> magic;
  if (magic != "P2" && magic != "P5") throw std::runtime_error(path + ": no PGM file");
  Image image;
  image.width = read_number(stream, path);
  image.height = read_number(stream, path);
  const int white = read_number(stream, path);
  if (image.width < 1 || image.height < 1 || image.width > kLargest || image.height > kLargest || white < 1 ||
      white > 255) {
    throw std::runtime_error(path + ": expected sizes of 1 to 32768 and 8 bits per pixel");
  }
  stream.get();  // the one blank before raw pixels
  const std::size_t count = static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height);
  for (std::size_t i = 0; i < count; ++i) {
    const int value = magic == "P2" ? read_number(stream, path) : stream.get();
    if (!stream) throw std::runtime_error(path + ": damaged: pixels are missing");
    image.pixels.push_back(255.0F * static_cast<float>(value) / static_cast<float>(white));
  }
  return image;
}

// SPDX-License-Identifier: Apache-2.0
#include "layers/layer.h"

namespace rnnlib {

std::string LayerContext::level_number() const {
  const std::string text = std::to_string(level);
  const std::size_t width = std::to_string(spec.levels.size()).size();
  return std::string(width - text.size(), '0') + text;
}

std::string LayerContext::hidden_name(Index direction) const {
  return "hidden_" + level_number() + "_" + std::to_string(direction);
}

LayerInfo LayerContext::level_info(const std::string& kind, const std::string& name, const std::string& type,
                                   Index size) const {
  LayerInfo info = make_layer_info(kind, name, type, size);
  info.level = static_cast<Index>(level);
  info.sources = part_names(below);
  return info;
}

LayerInfo make_layer_info(const std::string& kind, const std::string& name, const std::string& type, Index size) {
  LayerInfo info;
  info.kind = kind;
  info.name = name;
  info.type = type;
  info.size = size;
  return info;
}

std::vector<std::string> part_names(const LayerOutput& output) {
  std::vector<std::string> names;
  for (const OutputPart& part : output.parts) names.push_back(part.layer);
  return names;
}

std::string to_string(ConnectionKind kind) {
  switch (kind) {
    case ConnectionKind::kFull:
      return "full";
    case ConnectionKind::kBias:
      return "bias";
    case ConnectionKind::kPeephole:
      return "peephole";
    case ConnectionKind::kRecurrent:
      return "recurrent";
    case ConnectionKind::kConvolution:
      break;
  }
  return "convolution";
}

}  // namespace rnnlib

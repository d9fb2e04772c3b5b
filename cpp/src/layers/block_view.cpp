// SPDX-License-Identifier: Apache-2.0
#include "layers/block_view.h"

namespace rnnlib {

BlockView::BlockView(const LayerOutput& below, const Shape& joined, Index level)
    : block(joined), units(below.size), output(below) {
  if (empty()) return;
  const Index points = num_points(block);
  output.size = points * units;
  for (OutputPart& part : output.parts) {
    const IndexMap columns = std::move(part.columns);
    const std::string source = part.layer;
    part.layer += "_block";
    part.columns.clear();
    for (Index point = 0; point < points; ++point) {
      for (Index column : columns) part.columns.push_back(point * units + column);
    }
    LayerInfo info = make_layer_info("block", part.layer, "block", static_cast<Index>(part.columns.size()));
    info.level = level;
    info.direction = part.direction;
    info.block = block;
    info.sources = {source};
    infos.push_back(std::move(info));
  }
}

}  // namespace rnnlib

// SPDX-License-Identifier: Apache-2.0
#include "layers/registry.h"

#include "layers/block_layer.h"
#include "layers/convolution_layer.h"
#include "layers/dropout_layer.h"
#include "layers/gather_layer.h"
#include "layers/join_layer.h"
#include "layers/level_layer.h"
#include "layers/max_pooling_layer.h"
#include "layers/subsample_layer.h"

namespace rnnlib {

namespace {

template <class L>
std::unique_ptr<Layer> make(const LayerContext& context) {
  return std::make_unique<L>(context);
}

}  // namespace

const std::vector<LayerKind>& layer_kinds() {
  // Never destroyed: threads may use networks while the process ends.
  static const std::vector<LayerKind>& kKinds = *new std::vector<LayerKind>{
      {"join", JoinLayer::is_wanted, make<JoinLayer>},
      {"dropout", DropoutLayer::is_wanted, make<DropoutLayer>},
      {"convolution", ConvolutionLayer::is_wanted, make<ConvolutionLayer>},
      {"level", LevelLayer::is_wanted, make<LevelLayer>},
      {"max_pooling", MaxPoolingLayer::is_wanted, make<MaxPoolingLayer>},
      {"block", BlockLayer::is_wanted, make<BlockLayer>},
      {"subsample", SubsampleLayer::is_wanted, make<SubsampleLayer>},
      {"gather", GatherLayer::is_wanted, make<GatherLayer>},
  };
  return kKinds;
}

}  // namespace rnnlib

// SPDX-License-Identifier: Apache-2.0
// Everything public.
#pragma once

#include "rnnlib/benchmark.h"
#include "rnnlib/build_info.h"
#include "rnnlib/config.h"
#include "rnnlib/config_text.h"
#include "rnnlib/error.h"
#include "rnnlib/export.h"
#include "rnnlib/files.h"
#include "rnnlib/gradient_check.h"
#include "rnnlib/metrics.h"
#include "rnnlib/network.h"
#include "rnnlib/normalisation.h"
#include "rnnlib/random.h"
#include "rnnlib/save.h"
#include "rnnlib/sequence.h"
#include "rnnlib/spec.h"
#include "rnnlib/stream.h"
#include "rnnlib/trainer.h"
#include "rnnlib/types.h"
#include "rnnlib/workspace.h"

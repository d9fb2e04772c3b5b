// SPDX-License-Identifier: Apache-2.0
// Threads for files that have not yet left the explicit numbers of threads behind: see base/parallel/.
#pragma once

#include "base/parallel/loops.h"
#include "base/parallel/oversubscription.h"
#include "base/parallel/team.h"

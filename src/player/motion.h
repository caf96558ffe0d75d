/* SPDX-License-Identifier: MIT
 *
 * Which edges pulse between two positions. */
#pragma once

#include "run-index.h"

/* Fills pulses (of PlayerPulse) for steps first … last as the graph stands after
 * last; returns the number of waves. */
guint player_collect_motion (PlayerRunIndex *index, const PlayerGraph *graph, guint first, guint last, GArray *pulses);

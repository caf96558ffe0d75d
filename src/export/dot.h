/* SPDX-License-Identifier: MIT
 *
 * A position's graph in Graphviz's language, for other programs. */
#pragma once

#include "player/player.h"

/* Boxes with their sizes, pills with their grad_fn, tags on edges. Caller frees. */
char *export_dot (Player *player);

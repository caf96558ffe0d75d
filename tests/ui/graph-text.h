/* SPDX-License-Identifier: MIT
 *
 * A graph in words, one line per box, pill and edge, for comparing with a story:
 *   box 9: h2h 20×1 passing
 *   pill 9: mm ready 2
 *   edge W_h@4 → mm@9 needs-grad passed
 * Nodes are named by label and line; lines are sorted. */
#pragma once

#include "player/graph.h"

/* Lines of the graph; free with g_ptr_array_unref. */
GPtrArray *graph_text_list (const PlayerGraph *graph);

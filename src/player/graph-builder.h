/* SPDX-License-Identifier: MIT
 *
 * Graphs made by hand, for whoever draws or lays out a graph that no run made
 * (tests, legends). */
#pragma once

#include "graph.h"

/* Copies the structs; strings and sizes stay the caller's and must outlive the
 * graph. Nodes and edges stand in order of their ids. */
PlayerGraph *player_graph_new_from (const PlayerNode *nodes, guint n_nodes, const PlayerEdge *edges, guint n_edges);
void player_graph_free (PlayerGraph *graph);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlayerGraph, player_graph_free)

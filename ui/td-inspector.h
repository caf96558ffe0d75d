/* SPDX-License-Identifier: MIT
 *
 * The inspector: cards about one node at the position (forward, backward, one
 * entry with its numbers). It follows the running operation until a node is
 * pinned. UI thread. */
#pragma once

#include "player/explain.h"
#include <gtk/gtk.h>

#define TD_TYPE_INSPECTOR (td_inspector_get_type ())
G_DECLARE_FINAL_TYPE (TdInspector, td_inspector, TD, INSPECTOR, GtkWidget)

/* Signals: "released" () when the pin was clicked; "node-chosen" (guint node) to travel to an edge's end;
 * "element-wanted" (guint64 event, int input, gint64 index): the answer comes by
 * td_inspector_set_element, or td_inspector_refuse_element with the reason. */
GtkWidget *td_inspector_new (void);
/* Shows a node (G_MAXUINT: none) as it stands at the player's position. Scales as in td_stage_get_scales. */
void td_inspector_show (TdInspector *inspector, Player *player, guint node, gboolean pinned,
                        double value_scale, double gradient_scale);
/* Shows the value that travels along an edge, pinned. */
void td_inspector_show_edge (TdInspector *inspector, Player *player, guint edge, double value_scale,
                             double gradient_scale);
/* The answer to a question: shown if it is the latest one's, in place of what stood there. */
void td_inspector_set_element (TdInspector *inspector, guint64 event, int input, gint64 index,
                               const char *element_json);
void td_inspector_refuse_element (TdInspector *inspector, guint64 event, int input, gint64 index,
                                  const char *reason);
/* All text of the cards, line by line (tests, copying). Caller frees. */
char *td_inspector_dup_text (TdInspector *inspector);

/* SPDX-License-Identifier: MIT
 *
 * The timeline: phases as bands, steps as ticks, the position as a needle.
 * Dragging seeks and shows the caption at the pointer. UI thread. */
#pragma once

#include "player/player.h"
#include <gtk/gtk.h>

#define TD_TYPE_TIMELINE (td_timeline_get_type ())
G_DECLARE_FINAL_TYPE (TdTimeline, td_timeline, TD, TIMELINE, GtkWidget)

GtkWidget *td_timeline_new (void);
void td_timeline_set_player (TdTimeline *timeline, Player *player);   /* kept by reference */

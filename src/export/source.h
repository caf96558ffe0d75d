/* SPDX-License-Identifier: MIT
 *
 * The run that is exported: a player of its own on the recording that another
 * player shows, so that neither moves the other. Made in the thread of the player
 * shown; used by one thread after that, which may be another. */
#pragma once

#include "layout/layout.h"
#include "player/player.h"

typedef struct _ExportSource ExportSource;

/* layout: on the screen, of the finished graph; used again where it fits. May be NULL. */
ExportSource *export_source_new (Player *shown, LayoutResult *layout);
void export_source_free (ExportSource *source);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ExportSource, export_source_free)

/* Each map has a scale of its own, which its box says (they do not). Before it is laid out. */
void export_source_set_scale_per_tensor (ExportSource *source, gboolean per_tensor);
gboolean export_source_get_scale_per_tensor (ExportSource *source);

/* Reads the recording, O(events); the player stands at position 0. Later calls give the same player. Borrowed. */
Player *export_source_open (ExportSource *source);
/* The layout in which every position up to `last` is drawn. Blocking: dot may run. Caller unrefs. */
LayoutResult *export_source_lay_out (ExportSource *source, guint last, GError **error);

/* SPDX-License-Identifier: MIT
 *
 * One snapshot's heat map as a widget, in the tensor's true proportions; the
 * inspector's cards hold them. */
#pragma once

#include "recording/recording.h"
#include <gtk/gtk.h>

#define TD_TYPE_HEAT_MAP (td_heat_map_get_type ())
G_DECLARE_FINAL_TYPE (TdHeatMap, td_heat_map, TD, HEAT_MAP, GtkWidget)

/* Signal "picked" (gint64 index): an entry was clicked; its flat index.
 * recording: kept by reference. scale: |value| of full colour. description: for screen readers. */
GtkWidget *td_heat_map_new (RecRecording *recording, guint64 shot, double scale, const char *description);

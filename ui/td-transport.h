/* SPDX-License-Identifier: MIT
 *
 * The transport: start, steps, play, run, stop, speed, the step's number, the
 * granularity, and the timeline below. Buttons activate the window's actions.
 * UI thread. */
#pragma once

#include "td-run.h"
#include <gtk/gtk.h>

#define TD_TYPE_TRANSPORT (td_transport_get_type ())
G_DECLARE_FINAL_TYPE (TdTransport, td_transport, TD, TRANSPORT, GtkWidget)

void td_transport_set_run (TdTransport *transport, TdRun *run);      /* kept by reference; NULL: none */
/* Fewer words when the window is narrow, no speed either when it is tight: there must be room for
 * Stop and Latest, which come and go. */
void td_transport_set_room (TdTransport *transport, gboolean narrow, gboolean tight);
/* The speed of a slider's place and back: powers of two, 0.25 … 8. */
double td_transport_speed_at (double place);
double td_transport_place_of (double speed);

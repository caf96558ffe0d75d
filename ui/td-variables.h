/* SPDX-License-Identifier: MIT
 *
 * The names bound to tensors at the position: sizes, dtype and a word on the
 * values. Choosing one selects its box. */
#pragma once

#include "player/player.h"
#include <gtk/gtk.h>

#define TD_TYPE_VARIABLES (td_variables_get_type ())
G_DECLARE_FINAL_TYPE (TdVariables, td_variables, TD, VARIABLES, GtkWidget)

/* Signal: "node-chosen" (guint node). */
GtkWidget *td_variables_new (void);
void td_variables_set_player (TdVariables *variables, Player *player);  /* kept by reference */

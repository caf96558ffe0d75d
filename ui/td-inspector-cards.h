/* SPDX-License-Identifier: MIT
 *
 * The inspector's building blocks: cards, their labels, and the rows of facts with
 * heat maps and statistics. */
#pragma once

#include "player/explain.h"
#include <gtk/gtk.h>

/* A scale of 0: each map has its own, and says it. */
typedef struct { Player *player; RecRecording *recording; double value_scale, gradient_scale; } TdCardContext;

GtkWidget *td_card_new (const char *title);                             /* a GtkBox; title NULL: none */
GtkWidget *td_card_label (const char *text, const char *css_class);     /* wraps, left aligned */
GtkWidget *td_card_linked (const char *text, const char *css_class); /* the same; "line 11" in it is a link */
/* Facts only, all values in one card and all gradients in another. */
void td_cards_append_groups (GtkBox *column, const PlayerExplanation *explanation, const TdCardContext *context,
                             const char *values_title, const char *gradients_title);
/* One compact card of an edge: what hovering it shows. */
GtkWidget *td_cards_new_edge (const PlayerExplanation *explanation, const TdCardContext *context);
/* All cards of an explanation but "One entry". */
void td_cards_append (GtkBox *column, const PlayerExplanation *explanation, const TdCardContext *context);

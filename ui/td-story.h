/* SPDX-License-Identifier: MIT
 *
 * The story: the run in words, one row per step (number, line, caption), the
 * current one lit. Enter or a click goes there. It is the stage in text, and the
 * screen reader's way in. */
#pragma once

#include "player/player.h"
#include <gtk/gtk.h>

#define TD_TYPE_STORY (td_story_get_type ())
G_DECLARE_FINAL_TYPE (TdStory, td_story, TD, STORY, GtkWidget)

GtkWidget *td_story_new (void);
void td_story_set_player (TdStory *story, Player *player);   /* kept by reference */
void td_story_search (TdStory *story);                       /* the focus goes to its search field */
/* The current step's row lies wholly within the visible part of the list. */
gboolean td_story_shows_current (TdStory *story);

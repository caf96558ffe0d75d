/* SPDX-License-Identifier: MIT
 *
 * The story as a list model: one row per recorded step, or per line when stepping
 * goes by line. Rows are made when looked at: scrolling costs what is in sight, a
 * search makes every row's caption. */
#pragma once

#include "player/player.h"
#include <gio/gio.h>

#define TD_TYPE_STORY_ROW (td_story_row_get_type ())
G_DECLARE_FINAL_TYPE (TdStoryRow, td_story_row, TD, STORY_ROW, GObject)
guint td_story_row_get_number (TdStoryRow *row);    /* as the number box counts */

#define TD_TYPE_STORY_MODEL (td_story_model_get_type ())
G_DECLARE_FINAL_TYPE (TdStoryModel, td_story_model, TD, STORY_MODEL, GObject)
TdStoryModel *td_story_model_new (void);
void td_story_model_set_player (TdStoryModel *model, Player *player);  /* kept by reference */

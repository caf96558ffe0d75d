/* SPDX-License-Identifier: MIT
 *
 * Search in the graph: a bar over the stage. It finds boxes, operations and lines,
 * selects one match after the other and brings it into view. */
#pragma once

#include "td-stage.h"

#define TD_TYPE_STAGE_SEARCH (td_stage_search_get_type ())
G_DECLARE_FINAL_TYPE (TdStageSearch, td_stage_search, TD, STAGE_SEARCH, GtkWidget)

GtkWidget *td_stage_search_new (void);
void td_stage_search_set_stage (TdStageSearch *search, TdStage *stage);   /* kept by reference */
/* Shows the bar and gives it the focus; Esc hides it and gives the focus to the stage. */
void td_stage_search_open (TdStageSearch *search);
gboolean td_stage_search_is_open (TdStageSearch *search);
const char *td_stage_search_get_count (TdStageSearch *search);            /* "2 of 5", "3 found", "none", "" */

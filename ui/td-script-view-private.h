/* SPDX-License-Identifier: MIT
 *
 * What the editor pane's aspects share: text, marks, search. Only
 * td-script-view*.c include it. */
#pragma once

#include "td-gutter.h"
#include "td-script-view.h"

#define TD_MARK_POSITION "position"
#define TD_MARK_RUNNING "running"
#define TD_MARK_POINTED "pointed"

struct _TdScriptView
{
  GtkWidget parent_instance;

  GtkSourceView *editor;
  GtkSourceBuffer *buffer;       /* the editor's */
  TdGutter *gutter;
  GtkLabel *name;
  GtkWidget *dot;
  GtkLabel *status;
  GtkInfoBar *error_bar;
  GtkLabel *error_label;
  GtkButton *error_button;
  guint error_line;
  /* search */
  GtkSearchBar *search_bar;
  GtkSearchEntry *search_entry;
  GtkLabel *search_count;
  GtkSourceSearchContext *search;

  GtkSourceMarkAttributes *position_look, *running_look;
  PlayerPhase phase;
  gboolean failed; /* the position is where the script failed */
  guint position_first, position_last;
  guint running; /* the line that still runs; 0 none */
  gboolean keeps_line;           /* the marked line stays in view while the pane changes its height */
  GtkSourceMarkAttributes *pointed_look;
  guint pointed_first, pointed_last;
  guint cursor_line; /* that was told last */
  guint edited_id, keep_id;
};

/* td-script-view-marks.c */
void td_script_view_marks_init (TdScriptView *self);
void td_script_view_marks_update_colors (TdScriptView *self);
void td_script_view_reveal_line (TdScriptView *self, guint line);   /* and keeps it in view until one scrolls or types */
void td_script_view_show_line (TdScriptView *self, guint line);   /* scrolls there if it is not visible */
void td_script_view_add_mark (TdScriptView *self, const char *category, guint line);
void td_script_view_remove_marks (TdScriptView *self, const char *category);
/* td-script-view-lines.c */
void td_script_view_lines_init (TdScriptView *self);
void td_script_view_lines_update_colors (TdScriptView *self);
/* td-script-view-search.c */
void td_script_view_search_init (TdScriptView *self);

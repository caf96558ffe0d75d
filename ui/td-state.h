/* SPDX-License-Identifier: MIT
 *
 * What the app remembers between starts, per file and for itself: a key file in
 * the state folder. Reading never fails: what is missing or damaged counts as
 * not remembered. UI thread. */
#pragma once

#include <gio/gio.h>

typedef struct
{
  int pane;             /* width of the editor, px; 0 not remembered */
  int console;          /* height above the console, px; 0 not remembered */
  double speed;         /* 1.0 */
  int granularity;      /* a PlayerGranularity */
  gboolean scale_per_tensor;
  int marks[9];         /* their positions; −1: not set */
  int position;         /* where one stood; 0: at the start */
} TdFileState;

void td_state_load_file (GFile *file, TdFileState *state);     /* file NULL: the unnamed script */
void td_state_save_file (GFile *file, const TdFileState *state);
char *td_state_dup_theme (void);                               /* "system", "light" or "dark" */
void td_state_set_theme (const char *choice);
void td_state_load_window (int *width, int *height, gboolean *maximized);
void td_state_save_window (int width, int height, gboolean maximized);

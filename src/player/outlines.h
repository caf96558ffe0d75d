/* SPDX-License-Identifier: MIT
 *
 * The leaves a script will make, as its scan found them. */
#pragma once

#include <glib.h>

typedef struct
{
  char *name;
  guint32 line;
  gint64 place;              /* among all names, in order of their first use */
  guint ndim;
  gint64 sizes[8];
  gboolean requires_grad;
} PlayerOutline;

/* Of PlayerOutline*, in order of line; empty when the JSON is NULL or damaged.
 * first_line: the first line that will run, 0 unknown. */
GPtrArray *player_outlines_new (const char *scan_json, guint *first_line);

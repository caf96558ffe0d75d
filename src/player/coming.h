/* SPDX-License-Identifier: MIT
 *
 * What the lines of a script will do, as its scan found it, for the line that the
 * run waits before. */
#pragma once

#include <glib.h>

typedef struct _PlayerComing PlayerComing;

/* NULL when the JSON is NULL or damaged. */
PlayerComing *player_coming_new (const char *scan_json);
void player_coming_free (PlayerComing *coming);
/* "Next: line 9 makes h2h": of that line, or of the one that follows where it can do nothing to tensors.
 * coming NULL: just the line. Caller frees. */
char *player_coming_dup_next (const PlayerComing *coming, guint line);

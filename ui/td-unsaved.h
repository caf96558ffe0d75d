/* SPDX-License-Identifier: MIT
 *
 * A copy of unsaved text in the state folder, which survives a crash. Whoever has
 * one in hand holds it: nobody else, in this process or another, is offered it or
 * writes over it; a hold ends with its process. UI thread. */
#pragma once

#include <gio/gio.h>

typedef struct _TdUnsaved TdUnsaved;

/* Of a script; file NULL: one without a name. Nothing is on the disk before it is written. */
TdUnsaved *td_unsaved_new (GFile *file);
/* Puts text in place of what the copy held; on failure that stays. */
gboolean td_unsaved_write (TdUnsaved *copy, const char *text, GError **error);
/* The newest copy of a script's text that nobody holds, NULL: none. text: owned by the caller. */
TdUnsaved *td_unsaved_take (GFile *file, char **text);
/* Lets go of a copy (NULL: nothing): it stays for whoever opens the script next. */
void td_unsaved_leave (TdUnsaved *copy);
/* Removes a copy (NULL: nothing) for good. */
void td_unsaved_forget (TdUnsaved *copy);

/* SPDX-License-Identifier: MIT
 *
 * A script's file: reading (only UTF-8 text of bearable size) and writing. Blocking
 * work is done in GIO's worker threads. UI thread otherwise. */
#pragma once

#include <gio/gio.h>

#define TD_DOCUMENT_NBYTES_MAX (10u * 1024 * 1024)

/* Reads a text file. Errors say in one sentence what is wrong with it: missing, a folder, too big, not text, not UTF-8. */
void td_document_read_async (GFile *file, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
/* etag: what the file is now, to be given back when it is written; owned by the caller, NULL unknown. */
char *td_document_read_finish (GAsyncResult *result, char **etag, GError **error);
/* Writes text over the file (through a temporary one: a full disk loses nothing). etag: what the file was when it
 * was read; if it is something else now, G_IO_ERROR_WRONG_ETAG; NULL: over whatever is there. */
void td_document_write_async (GFile *file, const char *text, const char *etag, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer data);
gboolean td_document_write_finish (GAsyncResult *result, char **etag, GError **error);

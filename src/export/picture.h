/* SPDX-License-Identifier: MIT
 *
 * Saves one position as a picture: PNG (twice the size on the screen), SVG (its
 * texts are texts), PDF, or the graph's structure as DOT. The stage's painter. */
#pragma once

#include "source.h"
#include "target.h"
#include "painter/painter.h"

/* Blocking. position beyond the end: the end. The file appears when it is whole. Errors are sentences. */
gboolean export_picture (ExportSource *source, guint position, PaintThemeKind theme, const char *path,
                         GCancellable *cancellable, GError **error);
/* The same in a thread of its own; source is taken. */
void export_picture_async (ExportSource *source, guint position, PaintThemeKind theme, const char *path,
                           GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
gboolean export_picture_finish (GAsyncResult *result, GError **error);

/* SPDX-License-Identifier: MIT
 *
 * Where an export goes: its format by the file's ending, and a temporary file
 * beside it that takes its name only when it is whole. Any thread. */
#pragma once

#include <gio/gio.h>

typedef enum
{
  EXPORT_PNG,
  EXPORT_SVG,
  EXPORT_PDF,
  EXPORT_DOT, /* pictures */
  EXPORT_WEBP,
  EXPORT_GIF,
  EXPORT_WEBM,
  EXPORT_MP4, /* films */
} ExportFormat;

/* By the ending, in any case of letters; an error that names the endings there are. */
gboolean export_format_for (const char *path, ExportFormat *format, GError **error);
gboolean export_format_is_film (ExportFormat format);

typedef struct _ExportTarget ExportTarget;

/* Makes the temporary file; fails where the folder is missing or not writable, and on a folder of that name. */
ExportTarget *export_target_new (const char *path, GError **error);
const char *export_target_get_temporary (ExportTarget *target);
gboolean export_target_write (ExportTarget *target, gconstpointer bytes, gsize n, GError **error);
/* The file is whole: it takes its name, over an older one. */
gboolean export_target_finish (ExportTarget *target, GError **error);
/* Without finish: nothing is left behind. */
void export_target_free (ExportTarget *target);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ExportTarget, export_target_free)

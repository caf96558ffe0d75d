/* SPDX-License-Identifier: MIT
 *
 * Numbers in texts, for the truth tests. */
#pragma once

#include <glib.h>

/* The numbers a text holds, as written: "size 4.230 of 20×10" → "4.230", "20", "10".
 * A − or + that begins a number belongs to it. NULL-terminated, caller frees. */
char **numbers_in (const char *text);
/* Whether a number has digits after a point or an exponent: a measured value. */
gboolean number_is_measured (const char *number);

/* SPDX-License-Identifier: MIT
 *
 * See numbers.h. */
#include "numbers.h"

#include <string.h>

/* A digit run that stands in a name (W_2, line11x) is no number. */
#define NUMBER "(?<![\\w.])(?:(?<![\\w)\\]] )[−+])?[0-9]+(?:\\.[0-9]+)?(?:e−?[0-9]+)?(?![\\w.]*[A-Za-z_])"

char **
numbers_in (const char *text)
{
  static GRegex *regex;
  g_autoptr (GMatchInfo) match = NULL;
  g_autoptr (GPtrArray) numbers = g_ptr_array_new ();

  if (regex == NULL)
    regex = g_regex_new (NUMBER, 0, 0, NULL);
  g_assert (regex != NULL);
  for (g_regex_match (regex, text, 0, &match); g_match_info_matches (match); g_match_info_next (match, NULL))
    g_ptr_array_add (numbers, g_match_info_fetch (match, 0));
  g_ptr_array_add (numbers, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&numbers), FALSE);
}

gboolean
number_is_measured (const char *number)
{
  return strpbrk (number, ".e") != NULL;
}

/* SPDX-License-Identifier: MIT
 *
 * Numbers as the whole app shows them: four significant digits, a true minus,
 * whole numbers plain. Called from captions, inspector and painter, any thread. */
#include "numbers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define BIG 1e9              /* numbers from here on have an exponent */
#define SMALL 1e-3           /* and numbers below, with two digits */
#define MOST_WRITTEN 8       /* characters of a number that a student wrote */
#define MINUS "\xe2\x88\x92" /* U+2212 */

/* ASCII '-' becomes a true minus. */
static char *
with_minus (const char *text)
{
  GString *result = g_string_new (NULL);

  for (const char *c = text; *c != '\0'; c++)
    if (*c == '-')
      g_string_append (result, MINUS);
    else
      g_string_append_c (result, *c);
  return g_string_free (result, FALSE);
}

static char *
format_scientific (double value, int digits)
{
  char format[16], buffer[64], text[G_ASCII_DTOSTR_BUF_SIZE];
  char *e;
  int exponent;

  g_snprintf (format, sizeof format, "%%.%de", (fabs (value) < SMALL ? 2 : digits) - 1);
  g_ascii_formatd (buffer, sizeof buffer, format, value);
  e = strchr (buffer, 'e');
  if (e == NULL)
    return with_minus (buffer);
  exponent = atoi (e + 1);
  *e = '\0';
  g_snprintf (text, sizeof text, "%se%d", buffer, exponent);
  return with_minus (text);
}

/* A fixed number of significant digits, trailing zeros kept. */
static char *
format_significant (double value, int digits)
{
  char format[16], buffer[64], rounded[64];
  int exponent, decimals;

  g_snprintf (format, sizeof format, "%%.%de", digits - 1);
  g_ascii_formatd (rounded, sizeof rounded, format, value);
  exponent = atoi (strchr (rounded, 'e') + 1);
  decimals = MAX (digits - 1 - exponent, 0);
  g_snprintf (format, sizeof format, "%%.%df", decimals);
  g_ascii_formatd (buffer, sizeof buffer, format, value);
  return with_minus (buffer);
}

static char *
format_special (double value)
{
  if (isnan (value))
    return g_strdup ("nan");
  if (isinf (value))
    return g_strdup (value > 0 ? "inf" : MINUS "inf");
  if (value == 0)
    return g_strdup ("0");
  return NULL;
}

static char *
format_digits (double value, int digits)
{
  double magnitude = fabs (value);
  char *special = format_special (value);
  char buffer[64];

  if (special != NULL)
    return special;
  if (magnitude < BIG && value == trunc (value))
    {
      g_ascii_formatd (buffer, sizeof buffer, "%.0f", value);
      return with_minus (buffer);
    }
  if (magnitude < SMALL || magnitude >= BIG)
    return format_scientific (value, digits);
  return format_significant (value, digits);
}

char *
player_format_number (double value)
{
  return format_digits (value, 4);
}

char *
player_format_short (double value)
{
  char *special = format_special (value);
  double magnitude = fabs (value);

  if (special != NULL)
    return special;
  return magnitude < SMALL || magnitude >= 1e6 ? format_scientific (value, 3) : format_significant (value, 3);
}

char *
player_format_term (double value)
{
  char *special = format_special (value);
  double magnitude = fabs (value);
  char buffer[64];

  if (special != NULL)
    return special;
  if ((magnitude < BIG && value == trunc (value)) || magnitude < SMALL || magnitude >= 10)
    return format_digits (value, 4);
  g_ascii_formatd (buffer, sizeof buffer, "%.4f", value);
  return with_minus (buffer);
}

char *
player_format_written (const char *recorded)
{
  const char *exponent = strchr (recorded, 'e');
  char *end;
  double value = g_ascii_strtod (recorded, &end);

  if (*end != '\0' || end == recorded)
    return g_strdup (recorded);
  if (strlen (recorded) > MOST_WRITTEN || !isfinite (value))
    return player_format_number (value);
  if (exponent != NULL)
    {
      g_autofree char *digits = g_strndup (recorded, (gsize) (exponent - recorded));
      g_autofree char *text = g_strdup_printf ("%se%d", digits, atoi (exponent + 1));
      return with_minus (text);
    }
  return with_minus (recorded);
}

char *
player_format_size (guint ndim, const gint64 *sizes)
{
  GString *text;

  if (ndim == 0 || sizes == NULL)
    return g_strdup ("scalar");
  text = g_string_new (NULL);
  for (guint d = 0; d < ndim; d++)
    g_string_append_printf (text, "%s%" G_GINT64_FORMAT, d > 0 ? "×" : "", sizes[d]);
  return g_string_free (text, FALSE);
}

/* SPDX-License-Identifier: MIT
 *
 * See svg-text.h. textLength keeps a text in its room where the reader has other
 * fonts. */
#include "svg-text.h"

#include <string.h>

static void
append_number (GString *out, const char *before, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append (out, before);
  g_string_append (out, g_ascii_formatd (text, sizeof text, "%.4g", value));
}

static void
append_place (GString *out, const char *before, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append (out, before);
  g_string_append (out, g_ascii_formatd (text, sizeof text, "%.2f", value));
}

static int
channel (double value)
{
  return (int) (CLAMP (value, 0, 1) * 255 + 0.5);
}

/* XML has no control characters: "␛" stands for an escape, as in Unicode's pictures of them. */
static char *
escape (const char *text)
{
  g_autoptr (GString) shown = g_string_new (NULL);

  for (const char *c = text; *c != '\0'; c = g_utf8_next_char (c))
    {
      gunichar character = g_utf8_get_char (c);

      if (character < 0x20)
        character += 0x2400;
      else if (character == 0x7f)
        character = 0x2421;
      else if ((character >= 0x80 && character < 0xa0) || character == 0xfffe || character == 0xffff)
        character = 0xfffd;
      g_string_append_unichar (shown, character);
    }
  return g_markup_escape_text (shown->str, (gssize) shown->len);
}

static void
take_text (const PaintTextSpan *span, gpointer data)
{
  GString *out = data;
  g_autofree char *text = escape (span->text);
  double x = 0, y = span->baseline;

  if (span->text[0] == '\0')
    return;
  cairo_matrix_transform_point (&span->matrix, &x, &y);
  append_place (out, "<text x=\"", x);
  append_place (out, "\" y=\"", y);
  append_place (out, "\" font-size=\"", span->size_px * span->matrix.xx);
  append_place (out, "\" textLength=\"", span->width * span->matrix.xx);
  g_string_append_printf (
      out, "\" lengthAdjust=\"spacingAndGlyphs\" font-family=\"%s\"%s xml:space=\"preserve\"",
      strcmp (span->family, "monospace") == 0 ? "monospace" : "Cantarell, 'DejaVu Sans', sans-serif",
      span->bold ? " font-weight=\"bold\"" : "");
  g_string_append_printf (out, " fill=\"#%02x%02x%02x\"", channel (span->color.red),
                          channel (span->color.green), channel (span->color.blue));
  if (span->color.alpha < 1)
    append_number (out, " fill-opacity=\"", span->color.alpha);
  g_string_append_printf (out, "%s>%s</text>\n", span->color.alpha < 1 ? "\"" : "", text);
}

GString *
export_svg_text_begin (cairo_t *cr)
{
  GString *texts = g_string_new (NULL);

  paint_text_divert (cr, take_text, texts);
  return texts;
}

char *
export_svg_text_insert (const char *svg, gsize n, const GString *texts)
{
  const char *end = g_strrstr_len (svg, (gssize) n, "</svg>");
  GString *whole;

  if (end == NULL)
    return NULL;
  whole = g_string_new_len (svg, end - svg);
  g_string_append_printf (whole, "<g>\n%s</g>\n</svg>\n", texts->str);
  return g_string_free (whole, FALSE);
}

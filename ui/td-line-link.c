/* SPDX-License-Identifier: MIT
 *
 * A label's links are GTK's own: Tab reaches them, Enter follows. They lead to the
 * window's action, so that who shows the label need not know of the editor. UI thread. */
#include "td-line-link.h"

#include <string.h>

#define WORD "line "

static gboolean
activate_cb (GtkWidget *label, const char *uri)
{
  guint line = (guint) g_ascii_strtoull (uri, NULL, 10);

  gtk_widget_activate_action (label, "win.go-to-line", "u", line);
  return TRUE;
}

/* Where the next "line 11" begins, or NULL; its number is taken. */
static const char *
find_line (const char *text, guint *line, gsize *length)
{
  for (const char *at = text; (at = strstr (at, WORD)) != NULL; at += strlen (WORD))
    {
      gsize n_digits = strspn (at + strlen (WORD), "0123456789");
      guint64 number = g_ascii_strtoull (at + strlen (WORD), NULL, 10);

      if (n_digits == 0 || number == 0 || number > G_MAXINT || (at > text && g_ascii_isalnum (at[-1])))
        continue;
      *line = (guint) number;
      *length = strlen (WORD) + n_digits;
      return at;
    }
  return NULL;
}

static void
append_escaped (GString *markup, const char *text, gsize length)
{
  g_autofree char *escaped = g_markup_escape_text (text, (gssize) length);

  g_string_append (markup, escaped);
}

void
td_line_link_set (GtkLabel *label, const char *text)
{
  g_autoptr (GString) markup = g_string_new (NULL);
  const char *rest = text, *at;
  guint line = 0, n_links = 0;
  gsize length = 0;

  for (; (at = find_line (rest, &line, &length)) != NULL; rest = at + length, n_links++)
    {
      append_escaped (markup, rest, (gsize) (at - rest));
      g_string_append_printf (markup, "<a href=\"%u\" title=\"Puts the cursor on line %u of the script\">", line, line);
      append_escaped (markup, at, length);
      g_string_append (markup, "</a>");
    }
  append_escaped (markup, rest, strlen (rest));
  gtk_label_set_markup (label, markup->str);
  if (n_links == 0)
    return;
  gtk_label_set_selectable (label, FALSE);   /* else the focus selects the text instead of the link */
  gtk_widget_set_can_focus (GTK_WIDGET (label), TRUE);
  g_signal_connect (label, "activate-link", G_CALLBACK (activate_cb), NULL);
}

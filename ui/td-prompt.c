/* SPDX-License-Identifier: MIT
 *
 * A label and a button above an entry. Lines pasted at once are sent one by one.
 * UI thread. */
#include "td-prompt.h"

struct _TdPrompt
{
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkLabel *label;
  GtkEntry *entry;
};

G_DEFINE_FINAL_TYPE (TdPrompt, td_prompt, GTK_TYPE_WIDGET)

enum { TYPED, ENDED, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
send_cb (TdPrompt *self)
{
  g_autofree char *text = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->entry)));
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  guint n = g_strv_length (lines);

  gtk_editable_set_text (GTK_EDITABLE (self->entry), "");
  /* An empty last piece of several is what a final newline leaves. */
  if (n > 1 && *lines[n - 1] == '\0')
    n--;
  g_object_ref (self);
  for (guint k = 0; k < n; k++)
    g_signal_emit (self, signals[TYPED], 0, lines[k]);
  if (n == 0)
    g_signal_emit (self, signals[TYPED], 0, "");
  g_object_unref (self);
}

/* A line begun is sent first, as a terminal does at the second Ctrl+D. */
void
td_prompt_end (TdPrompt *self)
{
  if (*gtk_editable_get_text (GTK_EDITABLE (self->entry)) != '\0')
    send_cb (self);
  else
    g_signal_emit (self, signals[ENDED], 0);
}

static gboolean
key_cb (TdPrompt *self, guint key, guint code, GdkModifierType state)
{
  if (key != GDK_KEY_d || (state & GDK_CONTROL_MASK) == 0)
    return FALSE;
  td_prompt_end (self);
  return TRUE;
}

void
td_prompt_ask (TdPrompt *self, guint line)
{
  g_autofree char *text = line != 0 ? g_strdup_printf ("input() waits on line %u", line) : g_strdup ("input() waits");

  gtk_label_set_text (self->label, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
}

void
td_prompt_hide (TdPrompt *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->entry), "");
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

gboolean
td_prompt_is_shown (TdPrompt *self)
{
  return gtk_widget_get_visible (GTK_WIDGET (self));
}

gboolean
td_prompt_has_focus (TdPrompt *self)
{
  return gtk_widget_get_focus_child (GTK_WIDGET (self)) != NULL;
}

void
td_prompt_focus (TdPrompt *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
}

const char *
td_prompt_get_text (TdPrompt *self)
{
  return gtk_label_get_text (self->label);
}

static void
td_prompt_dispose (GObject *object)
{
  TdPrompt *self = TD_PROMPT (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (td_prompt_parent_class)->dispose (object);
}

static void
td_prompt_class_init (TdPromptClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = td_prompt_dispose;
  signals[TYPED] = g_signal_new ("typed", TD_TYPE_PROMPT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                 G_TYPE_STRING);
  signals[ENDED] = g_signal_new ("ended", TD_TYPE_PROMPT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "prompt");
}

static GtkWidget *
make_head (TdPrompt *self)
{
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6), *end = gtk_button_new_with_label ("End the input");

  self->label = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->label, 0);
  gtk_label_set_ellipsize (self->label, PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (GTK_WIDGET (self->label), TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->label), "prompt-label");
  gtk_widget_add_css_class (end, "flat");
  gtk_widget_add_css_class (end, "small-button");
  gtk_widget_set_focus_on_click (end, FALSE);
  gtk_widget_set_tooltip_text (end, "No line comes any more: input() raises EOFError (Ctrl+D)");
  g_signal_connect_object (end, "clicked", G_CALLBACK (td_prompt_end), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (head), GTK_WIDGET (self->label));
  gtk_box_append (GTK_BOX (head), end);
  return head;
}

static void
td_prompt_init (TdPrompt *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  self->entry = GTK_ENTRY (gtk_entry_new ());
  gtk_entry_set_placeholder_text (self->entry, "Type a line");
  gtk_entry_set_icon_from_icon_name (self->entry, GTK_ENTRY_ICON_SECONDARY, "document-send-symbolic");
  gtk_entry_set_icon_tooltip_text (self->entry, GTK_ENTRY_ICON_SECONDARY, "Send the line (Enter)");
  gtk_widget_add_css_class (GTK_WIDGET (self->entry), "prompt-entry");
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (key_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->entry), keys);
  g_signal_connect_object (self->entry, "activate", G_CALLBACK (send_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->entry, "icon-press", G_CALLBACK (send_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (self->box), make_head (self));
  gtk_box_append (GTK_BOX (self->box), GTK_WIDGET (self->entry));
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

GtkWidget *
td_prompt_new (void)
{
  return g_object_new (TD_TYPE_PROMPT, NULL);
}

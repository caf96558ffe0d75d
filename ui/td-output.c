/* SPDX-License-Identifier: MIT
 *
 * Updated at most ten times a second and only while it can be seen, so that a
 * script printing a million lines cannot hold up the window. UI thread. */
#include "td-output.h"

#include <string.h>

struct _TdOutput
{
  GtkWidget parent_instance;

  GtkWidget *column;
  GtkLabel *note, *empty;
  GtkWidget *scrolled;
  GtkTextView *view;
  TdPrompt *prompt;
  Player *player;
  guint update_id;
  guint update_ms;           /* what an update took: the next ones leave time for other things */
  guint settle_id;           /* text was put, its lines have no heights yet */
  char *shown;
  GtkAdjustment *place;      /* the scrolled window's */
  double upper, page;        /* of `place` when last looked at: a change of these is not the user's doing */
  gboolean follows;          /* the end stays in sight; FALSE after the user has scrolled up */
};

G_DEFINE_FINAL_TYPE (TdOutput, td_output, GTK_TYPE_WIDGET)

#define NBYTES_MAX (512u * 1024)
#define UPDATE_MS 100
#define NEAR_END_PX 4.0

/* The start of the last `n_lines` lines. */
static const char *
last_lines (const char *text, gsize length, guint n_lines)
{
  const char *p = text + length;

  if (p > text && p[-1] == '\n')
    p--;
  while (p > text)
    {
      if (p[-1] == '\n' && --n_lines == 0)
        return p;
      p--;
    }
  return text;
}

static guint64
count_lines (const char *from, const char *to)
{
  guint64 n = 0;

  for (; from < to; from++)
    n += *from == '\n';
  return n;
}

static void
set_note (TdOutput *self, const PlayerLeftOut *left_out)
{
  g_autofree char *size = g_format_size (left_out->nbytes);
  g_autofree char *text = left_out->n_lines == 0
                              ? g_strdup_printf ("%s before this are not shown.", size)
                              : g_strdup_printf ("%'" G_GUINT64_FORMAT
                                                 " line%s before this (%s) are not shown.",
                                                 left_out->n_lines, left_out->n_lines == 1 ? "" : "s", size);

  gtk_label_set_text (self->note, left_out->nbytes > 0 ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->note), left_out->nbytes > 0);
}

/* Why there is nothing, and what would bring something. */
static void
show_empty (TdOutput *self, gboolean empty)
{
  const char *text = "Nothing was printed up to this step. Press Step (F8) to go on.";

  if (player_is_refused (self->player))
    text = "The script could not begin. Change it and run again (F5).";
  else if (player_is_finished (self->player))
    text = "The script printed nothing. A line such as print(loss) shows a value here.";
  else if (player_get_recording (self->player) == NULL)
    text = "Nothing has been printed yet. Press Run (F5) or Step (F8): what the script prints appears here.";
  else if (player_get_position (self->player) == player_get_n_steps (self->player))
    text = "Nothing has been printed yet: what the script prints appears here.";
  gtk_label_set_text (self->empty, text);
  gtk_widget_set_visible (GTK_WIDGET (self->empty), empty);
  gtk_widget_set_visible (self->scrolled, !empty);
}

static gboolean settled_cb (gpointer data);

/* Changes only what differs at the end, so that a reader further up is left alone. */
static void
put (TdOutput *self, const char *text)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->view);
  gsize same = 0;
  GtkTextIter start, end;

  while (self->shown != NULL && text[same] != '\0' && text[same] == self->shown[same])
    same++;
  while (same > 0 && ((guchar) text[same] & 0xC0) == 0x80)
    same--;   /* not within a character */
  gtk_text_buffer_get_iter_at_offset (buffer, &start, (int) g_utf8_strlen (text, (gssize) same));
  gtk_text_buffer_get_end_iter (buffer, &end);
  gtk_text_buffer_delete (buffer, &start, &end);
  gtk_text_buffer_insert (buffer, &end, text + same, -1);
  g_free (self->shown);
  self->shown = g_strdup (text);
  if (self->settle_id == 0)
    self->settle_id = g_idle_add_full (G_PRIORITY_LOW, settled_cb, self, NULL);
}

static void
fill (TdOutput *self)
{
  PlayerLeftOut left_out = { 0 };
  g_autofree char *bytes = player_dup_output (self->player, NBYTES_MAX, &left_out);
  g_autofree char *text = g_utf8_make_valid (bytes != NULL ? bytes : "", -1);
  const char *start = last_lines (text, strlen (text), TD_OUTPUT_LINES_MAX);

  if (left_out.nbytes > 0 && start == text && strchr (text, '\n') != NULL)
    start = strchr (text, '\n') + 1; /* a line cut in two is dropped whole */
  left_out.nbytes += (gsize) (start - text);
  left_out.n_lines += count_lines (text, start);
  show_empty (self, *start == '\0' && left_out.nbytes == 0);
  if (g_strcmp0 (start, self->shown) == 0)
    return;
  set_note (self, &left_out);
  put (self, start);
}

static gboolean
update_cb (gpointer data)
{
  TdOutput *self = data;
  gint64 began_us = g_get_monotonic_time ();

  self->update_id = 0;
  if (self->player != NULL && gtk_widget_get_mapped (GTK_WIDGET (self)))
    fill (self);
  self->update_ms = (guint) ((g_get_monotonic_time () - began_us) / 1000);
  return G_SOURCE_REMOVE;
}

static void
queue_update (TdOutput *self)
{
  if (self->update_id == 0 && gtk_widget_get_mapped (GTK_WIDGET (self)))
    self->update_id = g_timeout_add (MAX (UPDATE_MS, 4 * self->update_ms), update_cb, self);
}

void
td_output_set_player (TdOutput *self, Player *player)
{
  if (self->player != NULL)
    g_signal_handlers_disconnect_by_data (self->player, self);
  g_set_object (&self->player, player);
  if (player == NULL)
    return;
  g_signal_connect_swapped (player, "moved", G_CALLBACK (queue_update), self);
  g_signal_connect_swapped (player, "grown", G_CALLBACK (queue_update), self);
  g_signal_connect_swapped (player, "printed", G_CALLBACK (queue_update), self);
}

static void
show_end (TdOutput *self)
{
  if (self->follows)
    gtk_adjustment_set_value (self->place, gtk_adjustment_get_upper (self->place) - gtk_adjustment_get_page_size (self->place));
}

/* The view has measured its lines, moving itself on the way: that was nobody's scrolling. */
static gboolean
settled_cb (gpointer data)
{
  TdOutput *self = data;

  self->settle_id = 0;
  show_end (self);
  return G_SOURCE_REMOVE;
}

/* Text came or went, or the pane has another size: lines get their heights some time after they were put. */
static void
place_changed_cb (TdOutput *self)
{
  self->upper = gtk_adjustment_get_upper (self->place);
  self->page = gtk_adjustment_get_page_size (self->place);
  show_end (self);
}

/* The user scrolls: up leaves the end, down to the end follows it again. */
static void
scrolled_cb (TdOutput *self)
{
  double below;

  if (self->settle_id != 0 || gtk_adjustment_get_upper (self->place) != self->upper || gtk_adjustment_get_page_size (self->place) != self->page)
    return;
  below = self->upper - self->page - gtk_adjustment_get_value (self->place);
  self->follows = below <= NEAR_END_PX;
}

/* At once, also while lines are still being measured. */
static gboolean
wheel_cb (TdOutput *self, double dx, double dy)
{
  if (dy < 0 && gtk_adjustment_get_value (self->place) > gtk_adjustment_get_lower (self->place))
    self->follows = FALSE;
  return GDK_EVENT_PROPAGATE;
}

gboolean
td_output_shows_end (TdOutput *self)
{
  return gtk_adjustment_get_upper (self->place) - gtk_adjustment_get_page_size (self->place) -
         gtk_adjustment_get_value (self->place) <= NEAR_END_PX;
}

char *
td_output_dup_text (TdOutput *self)
{
  fill (self);
  return g_strdup (self->shown);
}

const char *
td_output_get_note (TdOutput *self)
{
  return gtk_label_get_text (self->note);
}

const char *
td_output_get_hint (TdOutput *self)
{
  return gtk_widget_get_visible (GTK_WIDGET (self->empty)) ? gtk_label_get_text (self->empty) : NULL;
}

TdPrompt *
td_output_get_prompt (TdOutput *self)
{
  return self->prompt;
}

static void
td_output_map (GtkWidget *widget)
{
  TdOutput *self = TD_OUTPUT (widget);

  GTK_WIDGET_CLASS (td_output_parent_class)->map (widget);
  if (self->player != NULL)
    fill (self);
}

static void
td_output_dispose (GObject *object)
{
  TdOutput *self = TD_OUTPUT (object);

  g_clear_handle_id (&self->update_id, g_source_remove);
  g_clear_handle_id (&self->settle_id, g_source_remove);
  td_output_set_player (self, NULL);
  g_clear_pointer (&self->column, gtk_widget_unparent);
  g_clear_pointer (&self->shown, g_free);
  G_OBJECT_CLASS (td_output_parent_class)->dispose (object);
}

static void
td_output_class_init (TdOutputClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = td_output_dispose;
  GTK_WIDGET_CLASS (klass)->map = td_output_map;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static GtkLabel *
new_hint (void)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, "console-empty");
  gtk_widget_set_visible (label, FALSE);
  return GTK_LABEL (label);
}

static void
init_view (TdOutput *self)
{
  self->view = GTK_TEXT_VIEW (gtk_text_view_new ());
  gtk_text_view_set_editable (self->view, FALSE);
  gtk_text_view_set_cursor_visible (self->view, FALSE);
  gtk_text_view_set_monospace (self->view, TRUE);
  gtk_text_view_set_wrap_mode (self->view, GTK_WRAP_CHAR);
  gtk_widget_add_css_class (GTK_WIDGET (self->view), "output");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_PROPERTY_LABEL, "Output", -1);
  self->scrolled = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scrolled), GTK_WIDGET (self->view));
  gtk_widget_set_vexpand (self->scrolled, TRUE);
}

static void
td_output_init (TdOutput *self)
{
  GtkEventController *wheel;

  self->note = new_hint ();
  self->empty = new_hint ();
  gtk_label_set_yalign (self->empty, 0);
  gtk_widget_set_vexpand (GTK_WIDGET (self->empty), TRUE);
  init_view (self);
  self->follows = TRUE;
  wheel = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);
  gtk_event_controller_set_propagation_phase (wheel, GTK_PHASE_CAPTURE);
  g_signal_connect_object (wheel, "scroll", G_CALLBACK (wheel_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (self->scrolled, wheel);
  self->place = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (self->scrolled));
  g_signal_connect_object (self->place, "changed", G_CALLBACK (place_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->place, "value-changed", G_CALLBACK (scrolled_cb), self, G_CONNECT_SWAPPED);
  self->column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_box_append (GTK_BOX (self->column), GTK_WIDGET (self->note));
  gtk_box_append (GTK_BOX (self->column), GTK_WIDGET (self->empty));
  gtk_box_append (GTK_BOX (self->column), self->scrolled);
  self->prompt = TD_PROMPT (td_prompt_new ());
  gtk_box_append (GTK_BOX (self->column), GTK_WIDGET (self->prompt));
  gtk_widget_set_parent (self->column, GTK_WIDGET (self));
}

GtkWidget *
td_output_new (void)
{
  return g_object_new (TD_TYPE_OUTPUT, NULL);
}

/* SPDX-License-Identifier: MIT
 *
 * One gutter renderer draws all marks of a line, so that the position's
 * background runs unbroken through the gutter into the text. Breakpoints are marks
 * of the buffer and move with the text. Owned by the script view. UI thread. */
#include "td-gutter.h"
#include "painter/painter.h"

struct _TdGutter
{
  GtkSourceGutterRenderer parent_instance;

  PangoLayout *layout;
  guint first_line, last_line;   /* counting from 1; 0 none */
  guint running_line;
  guint pointed_first, pointed_last;
  gboolean failed;
  GdkRGBA position, running, pointed, text, number, breakpoint;
};

G_DEFINE_FINAL_TYPE (TdGutter, td_gutter, GTK_SOURCE_TYPE_GUTTER_RENDERER)

enum { LINE_ACTIVATED, N_SIGNALS };
static guint signals[N_SIGNALS];

#define ARROW_WIDTH 20
#define PAD_RIGHT 10
#define BAR_WIDTH 3

static guint
count_lines (TdGutter *self)
{
  GtkSourceBuffer *buffer = gtk_source_gutter_renderer_get_buffer (GTK_SOURCE_GUTTER_RENDERER (self));

  return buffer != NULL ? (guint) gtk_text_buffer_get_line_count (GTK_TEXT_BUFFER (buffer)) : 1;
}

static void
ensure_layout (TdGutter *self)
{
  GtkWidget *view = GTK_WIDGET (gtk_source_gutter_renderer_get_view (GTK_SOURCE_GUTTER_RENDERER (self)));

  g_clear_object (&self->layout);
  if (view != NULL)
    self->layout = gtk_widget_create_pango_layout (view, NULL);
}

static void
td_gutter_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                   int *minimum_baseline, int *natural_baseline)
{
  TdGutter *self = TD_GUTTER (widget);
  char text[24];
  int width = 0;

  *minimum = *natural = 0;
  if (orientation == GTK_ORIENTATION_VERTICAL)
    return;
  ensure_layout (self);
  if (self->layout == NULL)
    return;
  g_snprintf (text, sizeof text, "%u", MAX (count_lines (self), 10));
  pango_layout_set_text (self->layout, text, -1);
  pango_layout_get_pixel_size (self->layout, &width, NULL);
  *minimum = *natural = ARROW_WIDTH + width + PAD_RIGHT;
}

/* line counts from 1. */
static gboolean
is_within (guint line, guint first, guint last)
{
  return first != 0 && line >= first && line <= last;
}

static void
trace_arrow (cairo_t *cr, double middle)
{
  cairo_move_to (cr, 6, middle - 5);
  cairo_line_to (cr, 14.5, middle);
  cairo_line_to (cr, 6, middle + 5);
  cairo_close_path (cr);
}

static void
trace_cross (cairo_t *cr, double middle)
{
  cairo_move_to (cr, 6, middle - 4);
  cairo_line_to (cr, 14, middle + 4);
  cairo_move_to (cr, 14, middle - 4);
  cairo_line_to (cr, 6, middle + 4);
}

/* An arrow, a cross where the script failed. */
static void
draw_position (TdGutter *self, GtkSnapshot *snapshot, int y, int height)
{
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, y, ARROW_WIDTH, height));
  double middle = y + height / 2.0;

  gdk_cairo_set_source_rgba (cr, &self->position);
  cairo_set_line_width (cr, 2.5);
  if (self->failed)
    {
      trace_cross (cr, middle);
      cairo_stroke (cr);
    }
  else
    {
      trace_arrow (cr, middle);
      cairo_fill (cr);
    }
  cairo_destroy (cr);
}

static void
draw_running (TdGutter *self, GtkSnapshot *snapshot, int y, int height)
{
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, y, ARROW_WIDTH, height));

  gdk_cairo_set_source_rgba (cr, &self->running);
  cairo_set_line_width (cr, 1.5);
  trace_arrow (cr, y + height / 2.0);
  cairo_stroke (cr);
  cairo_destroy (cr);
}

static void
draw_breakpoint (TdGutter *self, GtkSnapshot *snapshot, int y, int height, gboolean under_arrow)
{
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, y, ARROW_WIDTH, height));

  gdk_cairo_set_source_rgba (cr, &self->breakpoint);
  cairo_arc (cr, 10, y + height / 2.0, under_arrow ? 7.5 : 5, 0, 2 * G_PI);
  if (under_arrow)
    {
      cairo_set_line_width (cr, 1.5);
      cairo_stroke (cr);
    }
  else
    cairo_fill (cr);
  cairo_destroy (cr);
}

static gboolean
has_breakpoint (GtkSourceGutterRenderer *renderer, guint line)
{
  GtkSourceBuffer *buffer = gtk_source_gutter_renderer_get_buffer (renderer);
  g_autoptr (GSList) marks = gtk_source_buffer_get_source_marks_at_line (buffer, (int) line, TD_MARK_BREAKPOINT);

  return marks != NULL;
}

static gboolean
is_here (TdGutter *self, guint line)
{
  return is_within (line, self->first_line, self->last_line);
}

static void
fill (TdGutter *self, GtkSnapshot *snapshot, int y, int width, int height, const GdkRGBA *color, double alpha)
{
  GdkRGBA shade = *color;

  shade.alpha = (float) alpha;
  gtk_snapshot_append_color (snapshot, &shade, &GRAPHENE_RECT_INIT (0, y, width, height));
}

/* The background of a line of the position, of the one that runs, or of what is pointed at: the first of these; the
 * pointed one's bar stays. */
static void
fill_line (TdGutter *self, GtkSnapshot *snapshot, guint line, int y, int height)
{
  gboolean pointed = is_within (line, self->pointed_first, self->pointed_last);
  int width = gtk_widget_get_width (GTK_WIDGET (self));

  if (is_here (self, line))
    fill (self, snapshot, y, width, height, &self->position, PAINT_POSITION_ALPHA);
  else if (line == self->running_line)
    fill (self, snapshot, y, width, height, &self->running, PAINT_RUNNING_ALPHA);
  else if (pointed)
    fill (self, snapshot, y, width, height, &self->pointed, PAINT_POINTED_ALPHA);
  if (pointed)
    fill (self, snapshot, y, BAR_WIDTH, height, &self->pointed, 1);
}

static void
td_gutter_snapshot_line (GtkSourceGutterRenderer *renderer, GtkSnapshot *snapshot,
                         GtkSourceGutterLines *lines, guint at)
{
  TdGutter *self = TD_GUTTER (renderer);
  int width = gtk_widget_get_width (GTK_WIDGET (renderer));
  guint line = at + 1;
  gboolean here = is_here (self, line);
  int y, height, text_width, text_height;
  char text[24];

  gtk_source_gutter_lines_get_line_yrange (lines, at, GTK_SOURCE_GUTTER_RENDERER_ALIGNMENT_MODE_FIRST, &y,
                                           &height);
  fill_line (self, snapshot, line, y, height);
  if (has_breakpoint (renderer, at))
    draw_breakpoint (self, snapshot, y, height, line == self->first_line || line == self->running_line);
  if (line == self->first_line)
    draw_position (self, snapshot, y, height);
  else if (line == self->running_line)
    draw_running (self, snapshot, y, height);
  if (self->layout == NULL)
    return;
  g_snprintf (text, sizeof text, "%u", line);
  pango_layout_set_text (self->layout, text, -1);
  pango_layout_get_pixel_size (self->layout, &text_width, &text_height);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) (width - PAD_RIGHT - text_width),
                                                          (float) (y + (height - text_height) / 2.0)));
  gtk_snapshot_append_layout (snapshot, self->layout, here ? &self->text : &self->number);
  gtk_snapshot_restore (snapshot);
}

static void
td_gutter_begin (GtkSourceGutterRenderer *renderer, GtkSourceGutterLines *lines)
{
  ensure_layout (TD_GUTTER (renderer));
}

static gboolean
td_gutter_query_activatable (GtkSourceGutterRenderer *renderer, GtkTextIter *iter, GdkRectangle *area)
{
  return TRUE;
}

static void
td_gutter_activate (GtkSourceGutterRenderer *renderer, GtkTextIter *iter, GdkRectangle *area, guint button,
                    GdkModifierType state, int n_presses)
{
  if (button == GDK_BUTTON_PRIMARY)
    g_signal_emit (renderer, signals[LINE_ACTIVATED], 0, (guint) gtk_text_iter_get_line (iter) + 1);
}

static void
lines_changed_cb (TdGutter *self)
{
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

static void
td_gutter_change_buffer (GtkSourceGutterRenderer *renderer, GtkSourceBuffer *old)
{
  GtkSourceBuffer *buffer = gtk_source_gutter_renderer_get_buffer (renderer);

  if (old != NULL)
    g_signal_handlers_disconnect_by_func (old, lines_changed_cb, renderer);
  if (buffer != NULL)
    g_signal_connect_object (buffer, "changed", G_CALLBACK (lines_changed_cb), renderer, G_CONNECT_SWAPPED);
}

void
td_gutter_set_position (TdGutter *self, guint first_line, guint last_line, const GdkRGBA *color,
                        gboolean failed)
{
  self->failed = failed;
  self->first_line = first_line;
  self->last_line = MAX (first_line, last_line);
  self->position = *color;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
td_gutter_set_running (TdGutter *self, guint line, const GdkRGBA *color)
{
  self->running_line = line;
  self->running = *color;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
td_gutter_set_pointed (TdGutter *self, guint first_line, guint last_line, const GdkRGBA *color)
{
  self->pointed_first = first_line;
  self->pointed_last = MAX (first_line, last_line);
  self->pointed = *color;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
td_gutter_set_colors (TdGutter *self, const GdkRGBA *text, const GdkRGBA *number, const GdkRGBA *breakpoint)
{
  self->text = *text;
  self->number = *number;
  self->breakpoint = *breakpoint;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
td_gutter_dispose (GObject *object)
{
  g_clear_object (&TD_GUTTER (object)->layout);
  G_OBJECT_CLASS (td_gutter_parent_class)->dispose (object);
}

static void
td_gutter_class_init (TdGutterClass *klass)
{
  GtkSourceGutterRendererClass *renderer_class = GTK_SOURCE_GUTTER_RENDERER_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = td_gutter_dispose;
  GTK_WIDGET_CLASS (klass)->measure = td_gutter_measure;
  renderer_class->begin = td_gutter_begin;
  renderer_class->snapshot_line = td_gutter_snapshot_line;
  renderer_class->query_activatable = td_gutter_query_activatable;
  renderer_class->activate = td_gutter_activate;
  renderer_class->change_buffer = td_gutter_change_buffer;
  signals[LINE_ACTIVATED] = g_signal_new ("line-activated", TD_TYPE_GUTTER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 1, G_TYPE_UINT);
}

static void
td_gutter_init (TdGutter *self)
{
}

GtkSourceGutterRenderer *
td_gutter_new (void)
{
  return g_object_new (TD_TYPE_GUTTER, NULL);
}

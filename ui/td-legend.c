/* SPDX-License-Identifier: MIT
 *
 * A grid of swatches, drawn by the painter so that they cannot differ from the
 * picture, with one line of words each. UI thread. */
#include "td-legend.h"
#include "player/explain.h"
#include "td-theme.h"

/* One colour ramp: its title and the numbers at its two ends. */
typedef struct { GtkWidget *box; GtkLabel *title, *below, *above; } Scale;

struct _TdLegend
{
  GtkWidget parent_instance;

  GtkWidget *column;
  Scale values, gradients;
  GtkLabel *sense; /* what the colours mean */
};

G_DEFINE_FINAL_TYPE (TdLegend, td_legend, GTK_TYPE_WIDGET)

#define SWATCH_WIDTH 58
#define SWATCH_HEIGHT 28

static const struct { PaintSwatch swatch; const char *words; } entries[] = {
  { PAINT_SWATCH_LEAF, "leaf that collects a gradient" },
  { PAINT_SWATCH_BOX, "a tensor with a name" },
  { PAINT_SWATCH_OUTPUT, "the output" },
  { PAINT_SWATCH_PILL, "an operation" },
  { PAINT_SWATCH_TAG, "a view: same numbers, read otherwise" },
  { PAINT_SWATCH_SAVED, "kept for the backward pass" },
  { PAINT_SWATCH_FLOW, "data flows this way" },
  { PAINT_SWATCH_FORWARD, "a value on its way forward" },
  { PAINT_SWATCH_BACKWARD, "a gradient on its way back" },
  { PAINT_SWATCH_PASSED, "a gradient has passed" },
};

static void
draw_swatch_cb (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
  LayoutRect rect = { 0, 0, width, height };

  paint_swatch (cr, (PaintSwatch) GPOINTER_TO_INT (data), &rect, td_theme_get ());
}

static GtkWidget *
swatch_new (PaintSwatch swatch, int width)
{
  GtkWidget *area = gtk_drawing_area_new ();

  gtk_drawing_area_set_content_width (GTK_DRAWING_AREA (area), width);
  gtk_drawing_area_set_content_height (GTK_DRAWING_AREA (area), SWATCH_HEIGHT);
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (area), draw_swatch_cb, GINT_TO_POINTER (swatch), NULL);
  gtk_widget_set_valign (area, GTK_ALIGN_CENTER);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark", G_CALLBACK (gtk_widget_queue_draw), area,
                           G_CONNECT_SWAPPED);
  return area;
}

static GtkWidget *
words_new (const char *words)
{
  GtkWidget *label = gtk_label_new (words);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_width_chars (GTK_LABEL (label), 18);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 22);
  return label;
}

static void
set_scale (const Scale *scale, double full_color)
{
  g_autofree char *number = player_format_number (full_color);
  g_autofree char *below = g_strdup_printf ("−%s", number), *above = g_strdup_printf ("+%s", number);

  gtk_label_set_text (scale->below, full_color > 0 ? below : "below 0");
  gtk_label_set_text (scale->above, full_color > 0 ? above : "above");
}

static void
set_own_scale (const Scale *scale)
{
  gtk_label_set_text (scale->below, "−scale");
  gtk_label_set_text (scale->above, "+scale");
}

void
td_legend_set_scales (TdLegend *self, double value_scale, double gradient_scale)
{
  set_scale (&self->values, value_scale);
  set_scale (&self->gradients, gradient_scale);
  gtk_widget_set_visible (self->gradients.box, gradient_scale > 0);
  gtk_label_set_text (self->sense, "Orange below 0, blue above; full colour at the ends and beyond.");
}

void
td_legend_set_scale_per_tensor (TdLegend *self, gboolean has_values, gboolean has_gradients)
{
  if (has_values)
    set_own_scale (&self->values);
  else
    set_scale (&self->values, 0);
  set_own_scale (&self->gradients);
  gtk_widget_set_visible (self->gradients.box, has_gradients);
  gtk_label_set_text (self->sense,
                      "Orange below 0, blue above; full colour at ± the scale in each box and beyond.");
}

char *
td_legend_dup_text (TdLegend *self)
{
  const Scale *scales[] = { &self->values, &self->gradients };
  GString *text = g_string_new (NULL);

  for (guint k = 0; k < G_N_ELEMENTS (scales); k++)
    if (gtk_widget_get_visible (scales[k]->box))
      g_string_append_printf (text, "%s%s %s 0 %s", k > 0 ? "; " : "", gtk_label_get_text (scales[k]->title),
                              gtk_label_get_text (scales[k]->below), gtk_label_get_text (scales[k]->above));
  return g_string_free (text, FALSE);
}

static GtkWidget *
number_new (const char *text, float xalign, GtkLabel **label)
{
  GtkWidget *widget = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (widget), xalign);
  gtk_widget_set_hexpand (widget, TRUE);
  gtk_widget_add_css_class (widget, "numeric");
  if (label != NULL)
    *label = GTK_LABEL (widget);
  return widget;
}

static void
init_scale (Scale *scale, const char *title)
{
  GtkWidget *ends = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  scale->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  scale->title = GTK_LABEL (gtk_label_new (title));
  gtk_label_set_xalign (scale->title, 0);
  gtk_box_set_homogeneous (GTK_BOX (ends), TRUE);
  gtk_box_append (GTK_BOX (ends), number_new (NULL, 0, &scale->below));
  gtk_box_append (GTK_BOX (ends), number_new ("0", 0.5, NULL));
  gtk_box_append (GTK_BOX (ends), number_new (NULL, 1, &scale->above));
  gtk_box_append (GTK_BOX (scale->box), GTK_WIDGET (scale->title));
  gtk_box_append (GTK_BOX (scale->box), swatch_new (PAINT_SWATCH_SCALE, 3 * SWATCH_WIDTH));
  gtk_box_append (GTK_BOX (scale->box), ends);
}

static void
td_legend_dispose (GObject *object)
{
  g_clear_pointer (&TD_LEGEND (object)->column, gtk_widget_unparent);
  G_OBJECT_CLASS (td_legend_parent_class)->dispose (object);
}

static void
td_legend_class_init (TdLegendClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = td_legend_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "legend");
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_GROUP);
}

static GtkWidget *
grid_new (void)
{
  GtkWidget *grid = gtk_grid_new ();
  guint n_rows = (G_N_ELEMENTS (entries) + 1) / 2;

  gtk_grid_set_column_spacing (GTK_GRID (grid), 8);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 4);
  for (guint k = 0; k < G_N_ELEMENTS (entries); k++)
    {
      int column = k < n_rows ? 0 : 2, row = (int) (k % n_rows);

      gtk_grid_attach (GTK_GRID (grid), swatch_new (entries[k].swatch, SWATCH_WIDTH), column, row, 1, 1);
      gtk_grid_attach (GTK_GRID (grid), words_new (entries[k].words), column + 1, row, 1, 1);
    }
  return grid;
}

/* The window's action: it says what holds, and sleeps where there is no window. */
static GtkWidget *
switch_new (void)
{
  GtkWidget *button = gtk_check_button_new_with_mnemonic ("Scale per _tensor");

  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.scale-per-tensor");
  gtk_widget_set_focus_on_click (button, FALSE);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (
      button, "Colour each tensor on a scale of its own, which its box says: small numbers show, "
              "but colours do not compare between boxes (Ctrl+Shift+T)");
  return button;
}

static void
td_legend_init (TdLegend *self)
{
  GtkWidget *scale_row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 24);
  GtkWidget *sense_row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 24), *sense = words_new (NULL);

  self->column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  self->sense = GTK_LABEL (sense);
  init_scale (&self->values, "values");
  init_scale (&self->gradients, "gradients");
  gtk_box_append (GTK_BOX (scale_row), self->values.box);
  gtk_box_append (GTK_BOX (scale_row), self->gradients.box);
  gtk_box_append (GTK_BOX (self->column), grid_new ());
  gtk_box_append (GTK_BOX (self->column), scale_row);
  gtk_widget_set_hexpand (sense, TRUE);
  gtk_box_append (GTK_BOX (sense_row), sense);
  gtk_box_append (GTK_BOX (sense_row), switch_new ());
  gtk_box_append (GTK_BOX (self->column), sense_row);
  gtk_widget_set_parent (self->column, GTK_WIDGET (self));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, "Legend", -1);
  td_legend_set_scales (self, 0, 0);
}

GtkWidget *
td_legend_new (void)
{
  return g_object_new (TD_TYPE_LEGEND, NULL);
}

/* SPDX-License-Identifier: MIT
 *
 * A grid of swatches, drawn by the painter so that they cannot differ from the
 * picture, with one line of words each. UI thread. */
#include "td-legend.h"
#include "player/explain.h"
#include "td-theme.h"

struct _TdLegend
{
  GtkWidget parent_instance;

  GtkWidget *column;
  GtkLabel *scales;
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

void
td_legend_set_scales (TdLegend *self, gboolean has_values, double value_scale, double gradient_scale)
{
  g_autofree char *value = player_format_number (value_scale);
  g_autofree char *gradient = player_format_number (gradient_scale);
  g_autofree char *text = NULL;

  if (has_values)
    text = g_strdup_printf ("orange below 0, blue above; full colour: values ±%s, gradients ±%s", value, gradient);
  else
    text = g_strdup ("orange below 0, grey 0, blue above");
  gtk_label_set_text (self->scales, text);
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

static void
td_legend_init (TdLegend *self)
{
  GtkWidget *grid = gtk_grid_new ();
  GtkWidget *scale_row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  guint n_rows = (G_N_ELEMENTS (entries) + 1) / 2;

  self->column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  gtk_grid_set_column_spacing (GTK_GRID (grid), 8);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 4);
  for (guint k = 0; k < G_N_ELEMENTS (entries); k++)
    {
      int column = k < n_rows ? 0 : 2, row = (int) (k % n_rows);

      gtk_grid_attach (GTK_GRID (grid), swatch_new (entries[k].swatch, SWATCH_WIDTH), column, row, 1, 1);
      gtk_grid_attach (GTK_GRID (grid), words_new (entries[k].words), column + 1, row, 1, 1);
    }
  self->scales = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_wrap (self->scales, TRUE);
  gtk_label_set_xalign (self->scales, 0);
  gtk_label_set_max_width_chars (self->scales, 40);
  gtk_widget_set_hexpand (GTK_WIDGET (self->scales), TRUE);
  gtk_box_append (GTK_BOX (scale_row), swatch_new (PAINT_SWATCH_SCALE, 2 * SWATCH_WIDTH));
  gtk_box_append (GTK_BOX (scale_row), GTK_WIDGET (self->scales));
  gtk_box_append (GTK_BOX (self->column), grid);
  gtk_box_append (GTK_BOX (self->column), scale_row);
  gtk_widget_set_parent (self->column, GTK_WIDGET (self));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, "Legend", -1);
  td_legend_set_scales (self, FALSE, 1, 1);
}

GtkWidget *
td_legend_new (void)
{
  return g_object_new (TD_TYPE_LEGEND, NULL);
}

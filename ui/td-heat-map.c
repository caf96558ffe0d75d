/* SPDX-License-Identifier: MIT
 *
 * A heat map asks for the height its proportions need at the width it gets; the
 * painter draws it. UI thread. */
#include "td-heat-map.h"
#include "td-theme.h"

struct _TdHeatMap
{
  GtkWidget parent_instance;
  RecRecording *recording;
  guint64 shot;
  double scale;
};

G_DEFINE_FINAL_TYPE (TdHeatMap, td_heat_map, GTK_TYPE_WIDGET)

enum { PICKED, N_SIGNALS };
static guint signals[N_SIGNALS];

#define HEIGHT_MAX 180
#define WIDTH_NATURAL 240

static void
get_size (TdHeatMap *self, int for_width, double *width, double *height)
{
  paint_heat_map_size (self->recording, self->shot, for_width > 0 ? for_width : WIDTH_NATURAL, HEIGHT_MAX, width, height);
}

static GtkSizeRequestMode
td_heat_map_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
td_heat_map_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                     int *minimum_baseline, int *natural_baseline)
{
  double width, height;

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = 40;
      *natural = WIDTH_NATURAL;
      return;
    }
  get_size (TD_HEAT_MAP (widget), for_size, &width, &height);
  *minimum = *natural = (int) ceil (height);
}

static LayoutRect
get_rect (TdHeatMap *self)
{
  double width, height;
  int total = gtk_widget_get_width (GTK_WIDGET (self));

  get_size (self, total, &width, &height);
  return (LayoutRect) { floor ((total - width) / 2), 0, width, height };
}

static void
released_cb (TdHeatMap *self, int n_press, double x, double y)
{
  LayoutRect rect = get_rect (self);
  gint64 index = paint_heat_map_entry_at (self->recording, self->shot, &rect, x, y);

  if (index >= 0)
    g_signal_emit (self, signals[PICKED], 0, index);
}

static void
td_heat_map_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  TdHeatMap *self = TD_HEAT_MAP (widget);
  int total = gtk_widget_get_width (widget);
  LayoutRect rect = get_rect (self);
  cairo_t *cr;

  cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, total, gtk_widget_get_height (widget)));
  paint_heat_map (cr, self->recording, self->shot, &rect, self->scale, td_theme_get (), FALSE);
  cairo_destroy (cr);
}

static void
td_heat_map_dispose (GObject *object)
{
  TdHeatMap *self = TD_HEAT_MAP (object);

  g_signal_handlers_disconnect_by_data (adw_style_manager_get_default (), self);
  g_clear_pointer (&self->recording, rec_recording_unref);
  G_OBJECT_CLASS (td_heat_map_parent_class)->dispose (object);
}

static void
td_heat_map_class_init (TdHeatMapClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = td_heat_map_dispose;
  widget_class->get_request_mode = td_heat_map_get_request_mode;
  widget_class->measure = td_heat_map_measure;
  widget_class->snapshot = td_heat_map_snapshot;
  signals[PICKED] = g_signal_new ("picked", TD_TYPE_HEAT_MAP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                  G_TYPE_INT64);
  gtk_widget_class_set_css_name (widget_class, "heatmap");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
td_heat_map_init (TdHeatMap *self)
{
  GtkGesture *click = gtk_gesture_click_new ();

  g_signal_connect_swapped (click, "released", G_CALLBACK (released_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  g_signal_connect_swapped (adw_style_manager_get_default (), "notify::dark", G_CALLBACK (gtk_widget_queue_draw), self);
}

GtkWidget *
td_heat_map_new (RecRecording *recording, guint64 shot, double scale, const char *description)
{
  TdHeatMap *self = g_object_new (TD_TYPE_HEAT_MAP, NULL);

  self->recording = rec_recording_ref (recording);
  self->shot = shot;
  self->scale = scale;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, description, -1);
  return GTK_WIDGET (self);
}

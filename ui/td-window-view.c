/* SPDX-License-Identifier: MIT
 *
 * How the window looks at the run: on which scale values are coloured. UI thread. */
#include "td-window-private.h"

enum { PROP_SCALE_PER_TENSOR = 1, N_PROPERTIES };
static GParamSpec *properties[N_PROPERTIES];

static void
set_scale_per_tensor (TdWindow *self, gboolean per_tensor)
{
  if (td_stage_get_scale_per_tensor (self->stage) == per_tensor)
    return;
  td_stage_set_scale_per_tensor (self->stage, per_tensor);
  td_window_run_inspect (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SCALE_PER_TENSOR]);
}

static void
set_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
  if (id == PROP_SCALE_PER_TENSOR)
    set_scale_per_tensor (TD_WINDOW (object), g_value_get_boolean (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
}

/* Menus ask while the template is still being built. */
static void
get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  TdStage *stage = TD_WINDOW (object)->stage;

  if (id == PROP_SCALE_PER_TENSOR)
    g_value_set_boolean (value, stage != NULL && td_stage_get_scale_per_tensor (stage));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
}

void
td_window_view_install (GtkWidgetClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->set_property = set_property;
  object_class->get_property = get_property;
  properties[PROP_SCALE_PER_TENSOR] = g_param_spec_boolean ("scale-per-tensor", NULL, NULL, FALSE,
                                                            G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY
                                                              | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
  gtk_widget_class_install_property_action (klass, "win.scale-per-tensor", "scale-per-tensor");
}

/* SPDX-License-Identifier: MIT
 *
 * How the window looks at the run: on which scale values are coloured, where boxes
 * stand, and which line of the script belongs to which nodes. UI thread. */
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

/* Once the text is not what ran, its lines are others. */
static gboolean
has_lines (TdWindow *self)
{
  return self->run != NULL && !td_run_is_stale (self->run);
}

static void
point (TdWindow *self, gboolean scroll)
{
  guint last = 0, first = 0;

  if (has_lines (self))
    first = player_get_line_of (td_run_get_player (self->run), td_stage_get_pointed (self->stage), &last);
  td_script_view_set_pointed (self->script_view, first, last, scroll);
}

static gboolean
is_editing (TdWindow *self)
{
  return gtk_window_get_focus (GTK_WINDOW (self)) == td_script_view_get_editor (self->script_view);
}

/* The cursor stays somewhere for ever: its line means something only while one is there. */
void
td_window_view_refresh (TdWindow *self)
{
  gboolean marks = has_lines (self) && is_editing (self);

  td_stage_mark_line (self->stage, marks ? td_script_view_get_cursor_line (self->script_view) : 0);
  point (self, FALSE);
}

void
td_window_view_selected (TdWindow *self)
{
  point (self, TRUE);
}

static void
go_to_line (TdWindow *self, guint line)
{
  if (self->width_class == TD_WIDTH_NARROW)
    adw_flap_set_reveal_flap (self->editor_flap, TRUE);
  td_script_view_go_to_line (self->script_view, line);
}

static void
go_to_line_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  go_to_line (TD_WINDOW (widget), g_variant_get_uint32 (parameter));
}

/* To what the cursor's line made; again: to the next of it. */
static void
jump_to_graph (TdWindow *self)
{
  guint line = td_script_view_get_cursor_line (self->script_view), next = 0;
  g_autoptr (GArray) made = player_list_made_by (td_run_get_player (self->run), line);

  if (made->len == 0)
    {
      g_autofree char *text = g_strdup_printf ("Line %u made nothing that is in the graph at this step.",
                                               line);

      td_window_say (self, GTK_MESSAGE_INFO, text);
      return;
    }
  for (guint k = 0; k < made->len; k++)
    if (g_array_index (made, guint, k) == td_stage_get_selected (self->stage))
      next = (k + 1) % made->len;
  td_stage_go_to (self->stage, g_array_index (made, guint, next));
  gtk_widget_grab_focus (GTK_WIDGET (self->stage));
}

/* To the line that made what is pointed at, else what the step made. */
static void
jump_to_line (TdWindow *self)
{
  Player *player = td_run_get_player (self->run);
  guint selected = td_stage_get_selected (self->stage), pointed = td_stage_get_pointed (self->stage);
  guint node = selected != G_MAXUINT ? selected : pointed;
  guint line = player_get_line_of (player, node != G_MAXUINT ? node : player_get_focus (player), NULL);

  if (line != 0)
    go_to_line (self, line);
  else
    td_window_say (self, GTK_MESSAGE_INFO,
                   "Choose a box or an operation first: Ctrl+J leads to the line that made it.");
}

static void
jump_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  TdWindow *self = TD_WINDOW (widget);

  if (!has_lines (self))
    td_window_say (self, GTK_MESSAGE_INFO,
                   "The code changed since this run, so its lines are not those of the graph. "
                   "Run it again first.");
  else if (is_editing (self))
    jump_to_graph (self);
  else
    jump_to_line (self);
}

static void
tidy_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  td_stage_tidy (TD_WINDOW (widget)->stage);
}

void
td_window_view_tidied (TdWindow *self, gboolean moved)
{
  AdwToast *toast;

  if (moved)
    return;
  toast = adw_toast_new ("The graph is tidy already");
  adw_toast_set_timeout (toast, 2);
  adw_toast_overlay_add_toast (self->toasts, toast);
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
  gtk_widget_class_install_action (klass, "win.go-to-line", "u", go_to_line_cb);
  gtk_widget_class_install_action (klass, "win.jump", NULL, jump_cb);
  gtk_widget_class_install_action (klass, "win.tidy", NULL, tidy_cb);
  gtk_widget_class_install_property_action (klass, "win.scale-per-tensor", "scale-per-tensor");
}

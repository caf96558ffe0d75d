/* SPDX-License-Identifier: MIT
 *
 * How the window adapts: below 1200 px the inspector lies over the stage, below
 * 900 px the editor too. The class is found while allocating and applied when
 * idle, since children must not change during an allocation. UI thread. */
#include "td-window-private.h"

#define MEDIUM_BELOW 1200
#define NARROW_BELOW 900
#define PANE_WIDE 416
#define PANE_MEDIUM 372

static TdWidthClass
class_of (int width)
{
  if (width < NARROW_BELOW)
    return TD_WIDTH_NARROW;
  return width < MEDIUM_BELOW ? TD_WIDTH_MEDIUM : TD_WIDTH_WIDE;
}

static void
move_left_pane (TdWindow *self, gboolean into_flap)
{
  gboolean in_flap = gtk_widget_get_parent (self->left_frame) != GTK_WIDGET (self->paned);

  if (in_flap == into_flap)
    return;
  g_object_ref (self->left_frame);
  if (into_flap)
    {
      gtk_paned_set_start_child (self->paned, NULL);
      adw_flap_set_flap (self->editor_flap, self->left_frame);
      gtk_widget_set_size_request (self->left_frame, 340, -1);
    }
  else
    {
      adw_flap_set_flap (self->editor_flap, NULL);
      gtk_widget_set_size_request (self->left_frame, 260, -1);
      gtk_paned_set_start_child (self->paned, self->left_frame);
    }
  g_object_unref (self->left_frame);
}

/* The style sheet gives narrow windows smaller captions. */
static void
set_width_style (TdWindow *self, TdWidthClass width_class)
{
  static const char *const names[] = { NULL, "medium", "narrow" };

  for (guint k = 1; k < G_N_ELEMENTS (names); k++)
    if (k == width_class)
      gtk_widget_add_css_class (GTK_WIDGET (self), names[k]);
    else
      gtk_widget_remove_css_class (GTK_WIDGET (self), names[k]);
}

void
td_window_layout_apply (TdWindow *self, TdWidthClass width_class)
{
  self->width_class = width_class;
  move_left_pane (self, width_class == TD_WIDTH_NARROW);
  adw_flap_set_fold_policy (self->editor_flap, ADW_FLAP_FOLD_POLICY_ALWAYS);
  adw_flap_set_reveal_flap (self->editor_flap, FALSE);
  adw_flap_set_fold_policy (self->inspector_flap, width_class == TD_WIDTH_WIDE ? ADW_FLAP_FOLD_POLICY_NEVER
                                                                              : ADW_FLAP_FOLD_POLICY_ALWAYS);
  adw_flap_set_reveal_flap (self->inspector_flap, width_class == TD_WIDTH_WIDE);
  gtk_widget_set_visible (GTK_WIDGET (self->inspector_button), width_class != TD_WIDTH_WIDE);
  gtk_widget_set_visible (GTK_WIDGET (self->editor_button), width_class == TD_WIDTH_NARROW);
  set_width_style (self, width_class);
  td_window_caption_lay_out (self);
  td_transport_set_room (self->transport, width_class != TD_WIDTH_WIDE, width_class == TD_WIDTH_NARROW);
  if (self->pane_width > 0 && width_class == TD_WIDTH_WIDE)
    gtk_paned_set_position (self->paned, self->pane_width);
  else
    gtk_paned_set_position (self->paned, width_class == TD_WIDTH_WIDE ? PANE_WIDE : PANE_MEDIUM);
}

/* Before it is shown the window has no size yet, only the one it will ask for. */
void
td_window_layout_expected (TdWindow *self)
{
  int width, height;

  if (gtk_widget_get_realized (GTK_WIDGET (self)))
    return;
  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  td_window_layout_apply (self, class_of (width));
}

static gboolean
apply_cb (gpointer data)
{
  TdWindow *self = data;

  self->width_id = 0;
  td_window_layout_apply (self, class_of (gtk_widget_get_width (GTK_WIDGET (self))));
  return G_SOURCE_REMOVE;
}

void
td_window_layout_allocated (TdWindow *self, int width)
{
  if (class_of (width) != self->width_class && self->width_id == 0)
    self->width_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, apply_cb, self, NULL);
}

void
td_window_layout_show_inspector (TdWindow *self)
{
  adw_flap_set_reveal_flap (self->inspector_flap, TRUE);
}

/* Where it lies over the stage; beside the stage it stays. */
void
td_window_layout_hide_inspector (TdWindow *self)
{
  if (self->width_class != TD_WIDTH_WIDE)
    adw_flap_set_reveal_flap (self->inspector_flap, FALSE);
}

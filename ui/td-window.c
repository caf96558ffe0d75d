/* SPDX-License-Identifier: MIT
 *
 * The window's type: its template, its parts, its message bar. What they do stands
 * in the other td-window-*.c. UI thread. */
#include "td-window-private.h"
#include "td-device.h"
#include "td-state.h"
#include "td-theme.h"

G_DEFINE_FINAL_TYPE (TdWindow, td_window, ADW_TYPE_APPLICATION_WINDOW)

void
td_window_say (TdWindow *self, GtkMessageType type, const char *message)
{
  gtk_info_bar_set_message_type (self->message_bar, type);
  gtk_label_set_text (self->message_label, message != NULL ? message : "");
  gtk_widget_set_visible (GTK_WIDGET (self->message_bar), message != NULL);
  gtk_info_bar_set_revealed (self->message_bar, message != NULL);
}

const char *
td_window_get_message (TdWindow *self)
{
  return gtk_widget_get_visible (GTK_WIDGET (self->message_bar)) ? gtk_label_get_text (self->message_label) : NULL;
}

TdRun *
td_window_get_run (TdWindow *self)
{
  return self->run;
}

TdStage *
td_window_get_stage (TdWindow *self)
{
  return self->stage;
}

TdScriptView *
td_window_get_script_view (TdWindow *self)
{
  return self->script_view;
}

TdStageSearch *
td_window_get_stage_search (TdWindow *self)
{
  return self->stage_search;
}

TdInspector *
td_window_get_inspector (TdWindow *self)
{
  return self->inspector;
}

TdConsole *
td_window_get_console (TdWindow *self)
{
  return self->console;
}

TdLegend *
td_window_get_legend (TdWindow *self)
{
  return self->legend;
}

const char *
td_window_get_caption (TdWindow *self)
{
  return gtk_label_get_text (self->caption);
}

const char *
td_window_get_next (TdWindow *self)
{
  return gtk_label_get_text (self->next);
}

static void
message_response_cb (TdWindow *self, int response)
{
  if (response == GTK_RESPONSE_CLOSE)
    td_window_say (self, GTK_MESSAGE_INFO, NULL);
}

/* Closing the bar answers nothing: the copy is there the next time. */
static void
recovery_response_cb (TdWindow *self, int response)
{
  if (response == GTK_RESPONSE_CLOSE)
    td_window_recovery_leave (self);
}

static void
stale_button_cb (TdWindow *self)
{
  if (self->again_line != 0)
    td_run_go_to_line (td_window_get_current_run (self), self->again_line);
  else
    td_run_go (td_window_get_current_run (self));
}

static void
edited_cb (TdWindow *self)
{
  td_window_recovery_edited (self);
}

static void
breakpoints_cb (TdWindow *self)
{
  g_autofree guint *lines = td_script_view_list_breakpoints (self->script_view);

  if (self->run != NULL)
    td_run_set_breakpoints (self->run, lines);
}

static void
selected_cb (TdWindow *self)
{
  td_window_run_inspect (self);
  td_window_view_selected (self);
}

static void
layout_failed_cb (TdWindow *self, const char *reason)
{
  g_autofree char *text = g_strdup_printf ("The graph is not drawn any further: %s", reason);

  td_window_say (self, GTK_MESSAGE_WARNING, text);
}

static void
released_cb (TdWindow *self)
{
  td_stage_select (self->stage, G_MAXUINT);
}

static void
node_chosen_cb (TdWindow *self, guint node)
{
  td_stage_go_to (self->stage, node);
  td_window_layout_show_inspector (self);
}

/* Before the menu opens. */
static void
open_popup_cb (GtkMenuButton *button, gpointer self)
{
  td_window_file_fill_recent (self);
}

static gboolean
td_window_close_request (GtkWindow *window)
{
  TdWindow *self = TD_WINDOW (window);
  int width, height;

  if (!td_window_file_may_close (self))
    return TRUE;
  td_window_file_remember (self);
  td_window_recovery_forget (self);
  gtk_window_get_default_size (window, &width, &height);
  td_state_save_window (width, height, gtk_window_is_maximized (window));
  return GTK_WINDOW_CLASS (td_window_parent_class)->close_request (window);
}

static void
td_window_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  GTK_WIDGET_CLASS (td_window_parent_class)->size_allocate (widget, width, height, baseline);
  td_window_layout_allocated (TD_WINDOW (widget), width);
}

static void
td_window_dispose (GObject *object)
{
  TdWindow *self = TD_WINDOW (object);

  g_clear_handle_id (&self->width_id, g_source_remove);
  g_clear_handle_id (&self->caption_id, g_source_remove);
  g_clear_handle_id (&self->autosave_id, g_source_remove);
  g_clear_handle_id (&self->input_id, g_source_remove);
  g_cancellable_cancel (self->exporting);
  g_clear_object (&self->exporting);
  g_clear_weak_pointer (&self->saved_toast);
  g_clear_weak_pointer (&self->focus_before_input);
  if (self->run != NULL)
    td_window_run_clear (self);
  g_clear_object (&self->run);
  g_clear_object (&self->file);
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->example, g_free);
  g_clear_pointer (&self->etag, g_free);
  td_window_file_clear (self);
  td_window_save_clear (self);
  g_clear_pointer (&self->kept, td_unsaved_leave);
  g_clear_pointer (&self->offered, td_unsaved_leave);
  g_clear_pointer (&self->offered_text, g_free);
  G_OBJECT_CLASS (td_window_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, TdWindow, name)
  BIND (open_button);
  BIND (recent_menu);
  BIND (main_menu);
  BIND (legend_button);
  BIND (inspector_button);
  BIND (editor_button);
  BIND (message_bar);
  BIND (message_label);
  BIND (recovery_bar);
  BIND (recovery_label);
  BIND (recovery_button);
  BIND (stale_bar);
  BIND (stale_label);
  BIND (stale_button);
  BIND (editor_flap);
  BIND (inspector_flap);
  BIND (paned);
  BIND (left_pane);
  BIND (left_frame);
  BIND (stage_pane);
  BIND (stage_search);
  BIND (script_view);
  BIND (console);
  BIND (stage);
  BIND (inspector);
  BIND (transport);
  BIND (legend);
  BIND (legend_revealer);
  BIND (caption);
  BIND (next);
  BIND (caption_box);
  BIND (toasts);
  BIND (export_bar);
  BIND (export_label);
  BIND (export_progress);
  BIND (ending);
  BIND (run_again);
  BIND (ending_dot);
  BIND (play_again);
  BIND (save_film);
  BIND (go_back);
#undef BIND
}

static void
td_window_class_init (TdWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = td_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = td_window_close_request;
  widget_class->size_allocate = td_window_size_allocate;
  g_type_ensure (TD_TYPE_SCRIPT_VIEW);
  g_type_ensure (TD_TYPE_CONSOLE);
  g_type_ensure (TD_TYPE_STAGE);
  g_type_ensure (TD_TYPE_STAGE_SEARCH);
  g_type_ensure (TD_TYPE_INSPECTOR);
  g_type_ensure (TD_TYPE_TRANSPORT);
  g_type_ensure (TD_TYPE_LEGEND);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/tapedeck/Tapedeck/ui/window.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, message_response_cb);
  gtk_widget_class_bind_template_callback (widget_class, recovery_response_cb);
  gtk_widget_class_bind_template_callback (widget_class, td_window_recovery_accept);
  gtk_widget_class_bind_template_callback (widget_class, td_window_recovery_discard);
  gtk_widget_class_bind_template_callback (widget_class, stale_button_cb);
  gtk_widget_class_bind_template_callback (widget_class, edited_cb);
  gtk_widget_class_bind_template_callback (widget_class, breakpoints_cb);
  gtk_widget_class_bind_template_callback (widget_class, selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, td_window_view_refresh);
  gtk_widget_class_bind_template_callback (widget_class, td_window_view_tidied);
  gtk_widget_class_bind_template_callback (widget_class, released_cb);
  gtk_widget_class_bind_template_callback (widget_class, layout_failed_cb);
  gtk_widget_class_bind_template_callback (widget_class, node_chosen_cb);
  td_window_actions_install (widget_class);
  td_window_export_install (widget_class);
  td_window_time_install (widget_class);
  td_window_view_install (widget_class);
}

static void
add_device_row (TdWindow *self)
{
  g_autofree char *text = td_device_describe ();
  g_autoptr (GMenu) section = g_menu_new ();

  g_menu_append (section, text, "win.device");
  g_menu_append_section (G_MENU (self->main_menu), NULL, G_MENU_MODEL (section));
}

static void
add_shortcuts (TdWindow *self)
{
  g_autoptr (GtkBuilder) builder = gtk_builder_new_from_resource ("/org/tapedeck/Tapedeck/ui/shortcuts.ui");

  gtk_application_window_set_help_overlay (GTK_APPLICATION_WINDOW (self),
                                           GTK_SHORTCUTS_WINDOW (gtk_builder_get_object (builder, "help_overlay")));
}

static void
td_window_init (TdWindow *self)
{
  int width, height;
  gboolean maximized;

  td_theme_init ();
  gtk_widget_init_template (GTK_WIDGET (self));
  td_state_load_window (&width, &height, &maximized);
  gtk_window_set_default_size (GTK_WINDOW (self), width, height);
  if (maximized)
    gtk_window_maximize (GTK_WINDOW (self));
  gtk_menu_button_set_create_popup_func (self->open_button, open_popup_cb, self, NULL);
  add_device_row (self);
  add_shortcuts (self);
  td_window_caption_init (self);
  td_window_layout_expected (self);
  g_signal_connect (self, "notify::default-width", G_CALLBACK (td_window_layout_expected), NULL);
  g_signal_connect (self, "notify::focus-widget", G_CALLBACK (td_window_view_refresh), NULL);
}

TdWindow *
td_window_new (GtkApplication *application, const char *program)
{
  TdWindow *self = g_object_new (TD_TYPE_WINDOW, "application", application, NULL);

  self->run = td_run_new (program);
  td_window_run_init (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->stage));
  return self;
}

/* SPDX-License-Identifier: MIT
 *
 * Two tables: single keys for the stage and the timeline, and the application's
 * accelerators. The shortcuts window (resources/ui/shortcuts.ui) shows both; a test
 * holds them together. */
#include "td-keys.h"

void
td_keys_add_transport_bindings (GtkWidgetClass *klass)
{
  static const struct { guint key; GdkModifierType modifiers; const char *action; } keys[] = {
    { GDK_KEY_space, 0, "win.play" },
    { GDK_KEY_Right, 0, "win.step" },
    { GDK_KEY_Left, 0, "win.step-back" },
    { GDK_KEY_Right, GDK_SHIFT_MASK, "win.step-line" },
    { GDK_KEY_Left, GDK_SHIFT_MASK, "win.step-line-back" },
    { GDK_KEY_Home, 0, "win.start" },
    { GDK_KEY_End, 0, "win.end" },
    { GDK_KEY_Page_Down, 0, "win.next-stop" },
    { GDK_KEY_Page_Up, 0, "win.previous-stop" },
    { GDK_KEY_f, 0, "win.fit" },
  };

  for (guint k = 0; k < G_N_ELEMENTS (keys); k++)
    gtk_widget_class_add_binding_action (klass, keys[k].key, keys[k].modifiers, keys[k].action, NULL);
}

void
td_keys_add_search_back (GtkWidget *entry)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller),
                                        gtk_shortcut_new (gtk_shortcut_trigger_parse_string ("<Shift>Return|<Shift>KP_Enter"),
                                                          gtk_signal_action_new ("previous-match")));
  gtk_widget_add_controller (entry, controller);
}

void
td_keys_install_accels (GtkApplication *application)
{
  static const struct { const char *action; const char *accels[4];
  } table[] = {
    { "win.step", { "F8" } },
    { "win.step-back", { "F7" } },
    { "win.step-line", { "<Shift>F8" } },
    { "win.step-line-back", { "<Shift>F7" } },
    { "win.run", { "F5" } },
    { "win.stop", { "<Shift>F5" } },
    { "win.breakpoint", { "F9" } },
    { "win.run-to-cursor", { "<Control>Return", "<Control>KP_Enter" } },
    { "win.start", { "<Control><Shift>r" } },
    { "win.mark", { "<Control>d" } },
    { "win.go-to-mark(uint32 1)", { "<Control>1", "<Control>KP_1" } },
    { "win.go-to-mark(uint32 2)", { "<Control>2", "<Control>KP_2" } },
    { "win.go-to-mark(uint32 3)", { "<Control>3", "<Control>KP_3" } },
    { "win.go-to-mark(uint32 4)", { "<Control>4", "<Control>KP_4" } },
    { "win.go-to-mark(uint32 5)", { "<Control>5", "<Control>KP_5" } },
    { "win.go-to-mark(uint32 6)", { "<Control>6", "<Control>KP_6" } },
    { "win.go-to-mark(uint32 7)", { "<Control>7", "<Control>KP_7" } },
    { "win.go-to-mark(uint32 8)", { "<Control>8", "<Control>KP_8" } },
    { "win.go-to-mark(uint32 9)", { "<Control>9", "<Control>KP_9" } },
    { "win.search", { "<Control>f" } },
    { "win.jump", { "<Control>j" } },
    { "win.fit", { "<Control>0", "<Control>KP_0" } },
    { "win.tidy", { "<Control>t" } },
    { "win.zoom-in", { "<Control>plus", "<Control>equal", "<Control>KP_Add" } },
    { "win.zoom-out", { "<Control>minus", "<Control>KP_Subtract" } },
    { "win.open", { "<Control>o" } },
    { "win.new", { "<Control>n" } },
    { "win.save", { "<Control>s" } },
    { "win.save-as", { "<Control><Shift>s" } },
    { "win.legend", { "F1" } },
    { "win.scale-per-tensor", { "<Control><Shift>t" } },
    { "win.show-help-overlay", { "<Control>question" } },
    { "window.close", { "<Control>w" } },
    { "app.quit", { "<Control>q" } },
  };

  for (guint k = 0; k < G_N_ELEMENTS (table); k++)
    gtk_application_set_accels_for_action (application, table[k].action, table[k].accels);
}

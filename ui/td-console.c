/* SPDX-License-Identifier: MIT
 *
 * Three pages in a stack with their tabs; the pages know the player, this widget
 * only holds them. UI thread. */
#include "td-console.h"

struct _TdConsole
{
  GtkWidget parent_instance;

  GtkStack *stack;
  TdOutput *output;
  TdVariables *variables;
  TdStory *story;
};

G_DEFINE_FINAL_TYPE (TdConsole, td_console, GTK_TYPE_WIDGET)

enum { NODE_CHOSEN, N_SIGNALS };
static guint signals[N_SIGNALS];

void
td_console_set_player (TdConsole *self, Player *player)
{
  td_output_set_player (self->output, player);
  td_variables_set_player (self->variables, player);
  td_story_set_player (self->story, player);
}

void
td_console_show (TdConsole *self, const char *page)
{
  gtk_stack_set_visible_child_name (self->stack, page);
}

TdOutput *
td_console_get_output (TdConsole *self)
{
  return self->output;
}

TdStory *
td_console_get_story (TdConsole *self)
{
  return self->story;
}

static void
node_chosen_cb (TdConsole *self, guint node)
{
  g_signal_emit (self, signals[NODE_CHOSEN], 0, node);
}

static void
td_console_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (td_console_parent_class)->dispose (object);
}

static void
td_console_class_init (TdConsoleClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = td_console_dispose;
  signals[NODE_CHOSEN] = g_signal_new ("node-chosen", TD_TYPE_CONSOLE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                       G_TYPE_NONE, 1, G_TYPE_UINT);
  g_type_ensure (TD_TYPE_OUTPUT);
  g_type_ensure (TD_TYPE_VARIABLES);
  g_type_ensure (TD_TYPE_STORY);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/tapedeck/Tapedeck/ui/console.ui");
  gtk_widget_class_bind_template_child (widget_class, TdConsole, stack);
  gtk_widget_class_bind_template_child (widget_class, TdConsole, output);
  gtk_widget_class_bind_template_child (widget_class, TdConsole, variables);
  gtk_widget_class_bind_template_child (widget_class, TdConsole, story);
  gtk_widget_class_bind_template_callback (widget_class, node_chosen_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "console");
}

static void
td_console_init (TdConsole *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

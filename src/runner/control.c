/* SPDX-License-Identifier: MIT
 *
 * One lock, one condition, one atomic flag that says whether a statement must
 * take the lock at all. Shared by the line's thread and the script's. */
#include "control.h"

#include <string.h>

struct _RunnerControl
{
  GMutex lock;
  GCond changed;
  gint attention;           /* atomic: some statement may have to wait */
  gboolean stop, pause, step;
  gboolean step_event; /* pause where something was recorded since the last pause */
  guint64 n_recorded;  /* then; the main thread's */
  guint until_line;
  GHashTable *breakpoints;  /* lines */
  gboolean has_lines;       /* both as they were asked for: a line may lie between two statements */
  gint64 nr;                /* of the latest go-on */
  GQueue messages;          /* JsonObject, for the main thread */
  GThread *main_thread;
  GQueue typed;             /* lines with their newline; "" where the input ends */
  gint64 n_typed;           /* of all lines and ends so far */
  const RunnerControlEvents *events;
  gpointer data;
};

RunnerControl *
runner_control_new (const RunnerControlEvents *events, gpointer data)
{
  RunnerControl *control = g_new0 (RunnerControl, 1);
  g_mutex_init (&control->lock);
  g_cond_init (&control->changed);
  control->breakpoints = g_hash_table_new (NULL, NULL);
  control->main_thread = g_thread_self ();
  control->events = events;
  control->data = data;
  return control;
}

/* Under the lock, after any change. */
static void
publish (RunnerControl *control)
{
  gboolean attention = control->stop || control->pause || control->step || control->step_event
                       || control->until_line != 0 || g_hash_table_size (control->breakpoints) > 0
                       || !g_queue_is_empty (&control->messages);
  g_atomic_int_set (&control->attention, attention);
  g_cond_broadcast (&control->changed);
}

/* The line's thread */

static void
take_breakpoints (RunnerControl *control, JsonArray *lines)
{
  g_hash_table_remove_all (control->breakpoints);
  for (guint k = 0; lines != NULL && k < json_array_get_length (lines); k++)
    {
      JsonNode *node = json_array_get_element (lines, k);
      if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_INT64)
        g_hash_table_add (control->breakpoints, GUINT_TO_POINTER (json_node_get_int (node)));
    }
}

void
runner_control_go (RunnerControl *control, JsonObject *message)
{
  const char *until = runner_message_get_string (message, "until");
  g_mutex_lock (&control->lock);
  take_breakpoints (control, runner_message_get_array (message, "breakpoints"));
  control->step = g_strcmp0 (until, "statement") == 0;
  control->step_event = g_strcmp0 (until, "event") == 0;
  control->until_line = runner_message_get_int (message, "line");
  control->nr = runner_message_get_int (message, "nr");
  control->has_lines = TRUE;
  control->pause = FALSE;
  publish (control);
  g_mutex_unlock (&control->lock);
}

void
runner_control_pause (RunnerControl *control)
{
  g_mutex_lock (&control->lock);
  control->pause = TRUE;
  publish (control);
  g_mutex_unlock (&control->lock);
}

void
runner_control_stop (RunnerControl *control)
{
  g_mutex_lock (&control->lock);
  control->stop = TRUE;
  publish (control);
  g_mutex_unlock (&control->lock);
}

void
runner_control_type (RunnerControl *control, const char *line)
{
  const char *end = line == NULL || g_str_has_suffix (line, "\n") ? "" : "\n";
  g_mutex_lock (&control->lock);
  g_queue_push_tail (&control->typed, g_strconcat (line != NULL ? line : "", end, NULL));
  control->n_typed++;
  publish (control);
  g_mutex_unlock (&control->lock);
}

void
runner_control_push (RunnerControl *control, JsonObject *message)
{
  g_mutex_lock (&control->lock);
  g_queue_push_tail (&control->messages, message);
  publish (control);
  g_mutex_unlock (&control->lock);
}

/* The main thread */

JsonObject *
runner_control_pop (RunnerControl *control)
{
  g_mutex_lock (&control->lock);
  while (g_queue_is_empty (&control->messages))
    g_cond_wait (&control->changed, &control->lock);
  JsonObject *message = g_queue_pop_head (&control->messages);
  publish (control);
  g_mutex_unlock (&control->lock);
  return message;
}

/* Under the lock, which is given up while a question is answered. */
static void
answer_questions (RunnerControl *control)
{
  JsonObject *message;
  while ((message = g_queue_pop_head (&control->messages)) != NULL)
    {
      g_mutex_unlock (&control->lock);
      control->events->question (message, control->data);
      json_object_unref (message);
      g_mutex_lock (&control->lock);
    }
  publish (control);
}

/* Under the lock, given up for the time of saying that a line is waited for. */
static void
ask (RunnerControl *control, guint file, guint line)
{
  gint64 nr = control->n_typed;
  g_mutex_unlock (&control->lock);
  control->events->asks (file, line, nr, control->data);
  g_mutex_lock (&control->lock);
}

ScriptInput
runner_control_read (RunnerControl *control, guint file, guint line, char **text)
{
  gboolean has_asked = FALSE, may_attend = g_thread_self () == control->main_thread;
  ScriptInput what = SCRIPT_INPUT_STOP;
  *text = NULL;
  g_mutex_lock (&control->lock);
  while (!control->stop)
    {
      if ((*text = g_queue_pop_head (&control->typed)) != NULL)
        what = **text != '\0' ? SCRIPT_INPUT_LINE : SCRIPT_INPUT_END;
      else if (may_attend && !g_queue_is_empty (&control->messages))
        what = SCRIPT_INPUT_ATTEND;
      if (what != SCRIPT_INPUT_STOP)
        break;
      if (has_asked)
        g_cond_wait (&control->changed, &control->lock);
      else
        ask (control, file, line);
      has_asked = TRUE;
    }
  g_mutex_unlock (&control->lock);
  return what;
}

void
runner_control_attend (RunnerControl *control)
{
  g_mutex_lock (&control->lock);
  answer_questions (control);
  g_mutex_unlock (&control->lock);
}

/* Under the lock, on the thread of the script: from lines to the statements that are meant. */
static void
find_statements (RunnerControl *control)
{
  g_autoptr (GHashTable) lines = g_steal_pointer (&control->breakpoints);
  GHashTableIter iter;
  gpointer line;

  control->has_lines = FALSE;
  control->breakpoints = g_hash_table_new (NULL, NULL);
  if (control->until_line != 0)
    control->until_line = script_find_line (control->until_line);
  g_hash_table_iter_init (&iter, lines);
  while (g_hash_table_iter_next (&iter, &line, NULL))
    {
      guint found = script_find_line (GPOINTER_TO_UINT (line));
      if (found != 0)
        g_hash_table_add (control->breakpoints, GUINT_TO_POINTER (found));
    }
  publish (control);
}

static gboolean
must_pause (RunnerControl *control, guint file, guint line)
{
  if (control->has_lines)
    find_statements (control);
  if (control->pause || control->step)
    return TRUE;
  if (control->step_event && control->events->count (control->data) != control->n_recorded)
    return TRUE;
  return file == 0 && (control->until_line == line || g_hash_table_contains (control->breakpoints, GUINT_TO_POINTER (line)));
}

/* Under the lock: until the next go-on or stop. */
static void
wait_paused (RunnerControl *control, guint file, guint line)
{
  gint64 nr = control->nr;
  control->pause = TRUE;
  g_mutex_unlock (&control->lock);
  control->events->paused (file, line, nr, control->data);
  g_mutex_lock (&control->lock);
  while (control->pause && !control->stop)
    {
      answer_questions (control);
      if (control->pause && !control->stop && g_queue_is_empty (&control->messages))
        g_cond_wait (&control->changed, &control->lock);
    }
  control->n_recorded = control->events->count (control->data);
}

gboolean
runner_control_statement (RunnerControl *control, guint file, guint line)
{
  if (G_LIKELY (!g_atomic_int_get (&control->attention)))
    return TRUE;
  g_mutex_lock (&control->lock);
  if (!control->stop)
    answer_questions (control);
  if (!control->stop && must_pause (control, file, line))
    wait_paused (control, file, line);
  gboolean go_on = !control->stop;
  g_mutex_unlock (&control->lock);
  return go_on;
}

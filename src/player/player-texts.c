/* SPDX-License-Identifier: MIT
 *
 * What the position says in words: caption, next, status, output, error and the
 * variables. Texts are made when asked for and kept until the run grows. */
#include "player-private.h"
#include "captions.h"
#include "outlines.h"

#include <string.h>

void
player_forget_texts (Player *player, guint step)
{
  guint keep = step > 0 ? step - 1 : 0;

  if (player->captions->len > keep)
    g_ptr_array_set_size (player->captions, (int) keep);
  if (player->nexts->len > keep)
    g_ptr_array_set_size (player->nexts, (int) keep);
  g_clear_pointer (&player->status, g_free);
}

/* The place of a step's text in a cache that grows as needed. */
static char **
text_slot (GPtrArray *texts, guint step)
{
  if (texts->len <= step)
    g_ptr_array_set_size (texts, (int) step + 1);
  return (char **) &texts->pdata[step];
}

PlayerPhase
player_get_phase (Player *player)
{
  const PlayerStep *step = player_get_step (player, player->position);
  return step != NULL ? step->phase : PLAYER_PHASE_FORWARD;
}

guint
player_get_focus (Player *player)
{
  const PlayerStep *step = player_get_step (player, player->position);
  return step != NULL ? step->node : PLAYER_NONE;
}

/* "line 13", "helper.py, line 13"; NULL: not known. */
static char *
dup_error_place (Player *player)
{
  RecEvent record;

  if (!rec_recording_get_event (player->recording, player->index->error_event, &record) || record.line == 0)
    return NULL;
  return player_dup_place (player->index, record.file, record.line, FALSE);
}

/* The script could not begin. */
static char *
dup_refusal (Player *player)
{
  RecErrorText text;
  g_autofree char *where = dup_error_place (player);

  if (!player_get_error (player, &text, NULL))
    return g_strdup ("The script could not begin.");
  if (text.process_ended)
    return g_strdup (text.message);
  return g_strdup_printf ("Nothing has run, because %s cannot be read: %s.", where != NULL ? where : "the script",
                          text.message);
}

/* Before anything ran: from the recording if there is one, else from the scan. */
static char *
dup_first_caption (Player *player)
{
  const PlayerStepInfo *step = player_run_index_get_step (player->index, 1);
  RecTensor facts;
  const char *written, *name;
  g_autofree char *where = step != NULL ? player_dup_place (player->index, step->pub.file, step->pub.line, FALSE) : NULL;

  if (step != NULL && step->kind == PLAYER_STEP_LEAF)
    {
      name = player_read_leaf (player->index, step->main, &facts, &written)
               ? player_name_of (player->index, facts.id, step->main) : NULL;
      return g_strdup_printf ("Press Step: %s will create %s.", where, name != NULL ? name : "a tensor");
    }
  if (step != NULL)
    return g_strdup_printf ("Press Step: %s will run.", where);
  if (player->index->refused)
    return dup_refusal (player);
  if (player->index->ended)
    return g_strdup ("The script ended; it made no tensors.");
  if (player->outlines->len > 0)
    {
      const PlayerOutline *first = player->outlines->pdata[0];
      return g_strdup_printf ("Press Step: line %u will create %s.", first->line, first->name);
    }
  if (player->first_line != 0)
    return g_strdup_printf ("Press Step: line %u will run.", player->first_line);
  return g_strdup ("Press Step to run the first line.");
}

const char *
player_get_caption (Player *player, guint step)
{
  char **slot = text_slot (player->captions, MIN (step, player_get_n_steps (player)));

  if (*slot == NULL)
    *slot = step == 0 ? dup_first_caption (player) : player_dup_caption (player->index, step);
  return *slot;
}

/* "ended", "stopped" by its own error, "was stopped in line 3" by the user. */
static char *
dup_ending (Player *player)
{
  if (player->index->stopped && player->index->stopped_line != 0)
    return g_strdup_printf ("was stopped in line %u", player->index->stopped_line);
  if (player->index->stopped)
    return g_strdup ("was stopped");
  return g_strdup (player->index->error_event != G_MAXUINT64 ? "stopped" : "ended");
}

void
player_set_statements (Player *player, const char *scan_json)
{
  g_return_if_fail (PLAYER_IS_PLAYER (player));
  g_clear_pointer (&player->coming, player_coming_free);
  player->coming = player_coming_new (scan_json);
  player_forget_texts (player, player_get_n_steps (player));
}

void
player_set_waiting_line (Player *player, guint line)
{
  g_return_if_fail (PLAYER_IS_PLAYER (player));
  if (line == player->waiting_line)
    return;
  player->waiting_line = line;
  player_forget_texts (player, player_get_n_steps (player));
}

/* After the last step: how it ended, or what the line does that the run waits before. */
static char *
dup_last_next (Player *player, guint step)
{
  if (player->index->ended)
    {
      g_autofree char *how = dup_ending (player);
      guint n = player_get_count_steps (player);
      return g_strdup_printf ("The script %s after %u step%s; step back at any time, nothing is run again.",
                              how, n, n == 1 ? "" : "s");
    }
  return player->waiting_line != 0 ? player_coming_dup_next (player->coming, player->waiting_line)
                                   : g_strdup ("");
}

/* What the next press will do: a line that holds several operations runs them all. */
static char *
dup_coming (Player *player, guint step)
{
  guint stop = player_stop_after (player, step), n = stop - step;
  const PlayerStep *next = player_get_step (player, step + 1);
  g_autofree char *where = player_dup_place (player->index, next->file, next->line, FALSE);

  if (n <= 1 || next->line == 0)
    return player_dup_next_text (player->index, step + 1);
  if (player_get_step (player, stop)->phase == PLAYER_PHASE_BACKWARD)
    return g_strdup_printf ("Next: %s goes back through the graph, %u operations at once", where, n);
  return g_strdup_printf ("Next: %s, %u operations at once", where, n);
}

const char *
player_get_next (Player *player, guint step)
{
  guint n_steps = player_get_n_steps (player);
  char **slot;

  if (step == 0)
    return player->index->refused ? "Change it and run again." : "";
  step = MIN (step, n_steps);
  slot = text_slot (player->nexts, step);
  if (*slot == NULL)
    *slot = step < n_steps ? dup_coming (player, step) : dup_last_next (player, step);
  return *slot;
}

const char *
player_phase_word (PlayerPhase phase)
{
  return phase == PLAYER_PHASE_BACKWARD ? "backward" : phase == PLAYER_PHASE_UPDATE ? "update" : "forward";
}

static char *
dup_refused_status (Player *player)
{
  g_autofree char *where = dup_error_place (player);

  return where != NULL ? g_strdup_printf ("error in %s · nothing has run", where) : g_strdup ("nothing has run");
}

/* "stopped in helper.py, line 13 · error" */
static char *
dup_error_status (Player *player, const RecErrorText *error)
{
  g_autofree char *where = dup_error_place (player);
  const char *what = error->process_ended ? error->type : "error";

  return where != NULL ? g_strdup_printf ("stopped in %s · %s", where, what) : g_strdup_printf ("stopped · %s", what);
}

static char *
dup_position_status (Player *player)
{
  const PlayerStep *step = player_get_step (player, player->position);
  g_autofree char *where = player_dup_place (player->index, step->file, step->line, FALSE);

  return g_strdup_printf ("%s in %s · %s", player->playing ? "playing" : "paused", where,
                          player_phase_word (player_get_phase (player)));
}

const char *
player_get_status (Player *player)
{
  guint n_steps = player_get_n_steps (player);
  RecErrorText error;

  if (player->status != NULL)
    return player->status;
  if (player->index->refused)
    player->status = dup_refused_status (player);
  else if (player->position == 0)
    player->status = g_strdup (n_steps == 0 && !player->index->ended ? "not run yet" : "at the start");
  else if (player_get_error (player, &error, NULL))
    player->status = dup_error_status (player, &error);
  else if (player_is_finished (player) && player->index->stopped)
    player->status = player->index->stopped_line != 0 ? g_strdup_printf ("stopped in line %u", player->index->stopped_line)
                                                       : g_strdup ("stopped");
  else if (player_is_finished (player))
    player->status = g_strdup_printf ("ended after %u step%s", player_get_count_steps (player),
                                      player_get_count_steps (player) == 1 ? "" : "s");
  else
    player->status = dup_position_status (player);
  return player->status;
}

/* Output is shown up to the position; standing at the recorded end shows all of it. */
static guint64
output_end (Player *player)
{
  if (player->position == player_get_n_steps (player))
    return player->index->n_read;
  return player_end_event (player);
}

/* Appends outputs first … n − 1. */
static void
append_outputs (Player *player, GString *text, guint first, guint n)
{
  for (guint k = first; k < n; k++)
    {
      RecEvent record;
      gsize nbytes = 0;
      guint64 event = g_array_index (player->index->outputs, PlayerOutput, k).event;
      const char *bytes = rec_recording_get_event (player->recording, event, &record)
                              ? rec_recording_get_bytes (player->recording, &record, &nbytes)
                              : NULL;
      if (bytes != NULL)
        g_string_append_len (text, bytes, (gssize) nbytes);
    }
}

/* A zero byte is no end: it is shown as a sign. Takes text. */
static char *
with_zero_bytes_shown (GString *text)
{
  GString *shown;

  if (memchr (text->str, '\0', text->len) == NULL)
    return g_string_free (text, FALSE);
  shown = g_string_sized_new (text->len + 16);
  for (gsize k = 0; k < text->len; k++)
    if (text->str[k] == '\0')
      g_string_append (shown, "␀");
    else
      g_string_append_c (shown, text->str[k]);
  g_string_free (text, TRUE);
  return g_string_free (shown, FALSE);
}

char *
player_dup_output (Player *player, gsize max_bytes, PlayerLeftOut *left_out)
{
  GArray *outputs = player->index->outputs;
  guint64 end = output_end (player);
  guint n = outputs->len, first;
  gsize total = 0;
  GString *text = g_string_new (NULL);
  PlayerLeftOut before = { 0 };

  while (n > 0 && g_array_index (outputs, PlayerOutput, n - 1).event >= end)
    n--;
  for (first = n; first > 0 && total < max_bytes; first--)
    total += g_array_index (outputs, PlayerOutput, first - 1).nbytes;
  append_outputs (player, text, first, n);
  if (first < n)
    before = (PlayerLeftOut) { g_array_index (outputs, PlayerOutput, first).before,
                               g_array_index (outputs, PlayerOutput, first).lines_before };
  if (text->len > max_bytes)
    {
      gsize cut = text->len - max_bytes;

      before.nbytes += cut;
      before.n_lines += player_count_lines (text->str, cut);
      g_string_erase (text, 0, (gssize) cut);
    }
  if (left_out != NULL)
    *left_out = before;
  return with_zero_bytes_shown (text);
}

gboolean
player_get_error (Player *player, RecErrorText *text, guint *line)
{
  guint64 event = player->index->error_event;
  RecErrorText unused;
  RecEvent record;

  if ((event >= player_end_event (player) && !player->index->refused)
      || !rec_recording_get_event (player->recording, event, &record)
      || !rec_recording_get_error (player->recording, &record, text != NULL ? text : &unused))
    return FALSE;
  if (line != NULL)
    *line = record.file == 0 ? record.line : (text != NULL ? text : &unused)->script_line;
  return TRUE;
}

char *
player_dup_error (Player *player, guint *line)
{
  RecErrorText text;
  RecEvent record;
  g_autofree char *where = NULL;
  gboolean silent;

  if (!player_get_error (player, &text, line))
    return NULL;
  if (text.process_ended)
    return g_strdup (text.message);
  silent = text.message == NULL || *text.message == '\0';
  if (rec_recording_get_event (player->recording, player->index->error_event, &record) && record.file != 0)
    where = dup_error_place (player);
  return g_strdup_printf ("%s%s%s%s%s%s", text.type, silent ? "" : ": ", silent ? "" : text.message,
                          where != NULL ? " (" : "", where != NULL ? where : "", where != NULL ? ")" : "");
}

static void
find_variables (Player *player)
{
  g_array_set_size (player->variables, 0);
  for (guint k = 0; k < player->graph->name_list->len; k++)
    {
      const GraphName *name = player->graph->name_list->pdata[k];
      const GraphNode *node;
      PlayerVariable variable = { 0 };

      if (name->value == NULL)
        continue;
      node = player_graph_node (player->graph, name->value->node);
      variable.name = name->name;
      variable.tensor = name->value->id;
      variable.node = name->value->node;
      variable.facts = name->value->facts;
      variable.grad_shot = node != NULL && node->pub.grad_state == PLAYER_GRAD_KEPT ? node->pub.grad_shot : 0;
      g_array_append_val (player->variables, variable);
    }
  player->variables_known = TRUE;
}

guint
player_get_n_variables (Player *player)
{
  if (!player->variables_known)
    find_variables (player);
  return player->variables->len;
}

const PlayerVariable *
player_get_variable (Player *player, guint k)
{
  return k < player_get_n_variables (player) ? &g_array_index (player->variables, PlayerVariable, k) : NULL;
}

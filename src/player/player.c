/* SPDX-License-Identifier: MIT
 *
 * The shared model: a recording, a position in it, and the graph there. Moving
 * applies or undoes the events between; nothing is ever run. UI thread. */
#include "player-private.h"
#include "branches.h"
#include "motion.h"
#include "outlines.h"

enum { PROP_0, PROP_POSITION, PROP_N_STEPS, PROP_GRANULARITY, PROP_PLAYING, PROP_SPEED, N_PROPS };
enum
{
  MOVED,
  GROWN,
  PRINTED,
  NEED_MORE,
  MARKS_CHANGED,
  QUESTION,
  ANSWERED,
  N_SIGNALS
};

#define EVENTS_AT_ONCE 128 /* well below a millisecond */
#define TELL_EVERY_US 100000 /* while there is more to read: views cost more than reading does */

static GParamSpec *props[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (Player, player, G_TYPE_OBJECT)

static void
free_graphs (Player *player)
{
  g_clear_pointer (&player->graph, player_graph_free);
  g_clear_pointer (&player->final, player_graph_free);
  g_clear_pointer (&player->ahead, player_graph_free);
}

static void
player_finalize (GObject *object)
{
  Player *player = PLAYER_PLAYER (object);

  player_element_clear (player);
  g_array_unref (player->stops);
  free_graphs (player);
  g_clear_pointer (&player->index, player_run_index_free);
  g_clear_pointer (&player->recording, rec_recording_unref);
  g_ptr_array_unref (player->outlines);
  g_array_unref (player->pulses);
  g_array_unref (player->variables);
  g_ptr_array_unref (player->captions);
  g_ptr_array_unref (player->nexts);
  g_free (player->status);
  g_clear_pointer (&player->coming, player_coming_free);
  g_free (player->next_scan);
  G_OBJECT_CLASS (player_parent_class)->finalize (object);
}

static void
player_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  Player *player = PLAYER_PLAYER (object);

  switch (id)
    {
    case PROP_POSITION:
      g_value_set_uint (value, player->position);
      break;
    case PROP_N_STEPS:
      g_value_set_uint (value, player_get_n_steps (player));
      break;
    case PROP_GRANULARITY:
      g_value_set_uint (value, player->granularity);
      break;
    case PROP_PLAYING:
      g_value_set_boolean (value, player->playing);
      break;
    case PROP_SPEED:
      g_value_set_double (value, player->speed);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
    }
}

static void
player_set_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
  Player *player = PLAYER_PLAYER (object);

  switch (id)
    {
    case PROP_POSITION:
      player_set_position (player, g_value_get_uint (value));
      break;
    case PROP_GRANULARITY:
      player_set_granularity (player, g_value_get_uint (value));
      break;
    case PROP_PLAYING:
      player_set_playing (player, g_value_get_boolean (value));
      break;
    case PROP_SPEED:
      player_set_speed (player, g_value_get_double (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
    }
}

static void
add_signals (void)
{
  signals[MOVED] = g_signal_new ("moved", PLAYER_TYPE_PLAYER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_UINT);
  signals[PRINTED] = g_signal_new ("printed", PLAYER_TYPE_PLAYER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
  signals[GROWN] = g_signal_new ("grown", PLAYER_TYPE_PLAYER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 0);
  signals[NEED_MORE] = g_signal_new ("need-more", PLAYER_TYPE_PLAYER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                     G_TYPE_NONE, 0);
  signals[MARKS_CHANGED] = g_signal_new ("marks-changed", PLAYER_TYPE_PLAYER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 0);
  signals[QUESTION] = g_signal_new ("question", PLAYER_TYPE_PLAYER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 3, G_TYPE_UINT64, G_TYPE_INT, G_TYPE_INT64);
  signals[ANSWERED] = g_signal_new ("answered", PLAYER_TYPE_PLAYER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 3, G_TYPE_UINT64, G_TYPE_INT, G_TYPE_INT64);
}

static void
player_class_init (PlayerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->finalize = player_finalize;
  object_class->get_property = player_get_property;
  object_class->set_property = player_set_property;
  props[PROP_POSITION] = g_param_spec_uint ("position", NULL, NULL, 0, G_MAXUINT, 0, flags);
  props[PROP_N_STEPS] = g_param_spec_uint ("n-steps", NULL, NULL, 0, G_MAXUINT, 0,
                                           G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  props[PROP_GRANULARITY] = g_param_spec_uint ("granularity", NULL, NULL, PLAYER_BY_LINE, PLAYER_BY_ELEMENT,
                                               PLAYER_BY_OPERATION, flags);
  props[PROP_PLAYING] = g_param_spec_boolean ("playing", NULL, NULL, FALSE, flags);
  props[PROP_SPEED] = g_param_spec_double ("speed", NULL, NULL, 0.01, 1000, 1, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);

  add_signals ();
}

/* The graph found things that captions of the step need. */
static void
note_step (Player *player, PlayerStepInfo *step)
{
  const PlayerGraph *graph = player->final;

  step->pub.node = graph->focus;
  step->moved_name = graph->moved_name;
  step->arrival = graph->arrival;
  step->shot_before = graph->shot_before;
  step->iteration = graph->iteration;
  step->iteration_line = graph->iteration_line;
  step->iteration_file = graph->iteration_file;
  step->sweep = graph->n_sweeps;
}

static void
advance_final (Player *player, guint from_step)
{
  player_forget_stops (player, MAX (from_step, 1));
  for (guint n = MAX (from_step, 1); n <= player_get_n_steps (player); n++)
    {
      PlayerStepInfo *step = player_run_index_get_step (player->index, n);
      player_graph_seek (player->final, step->pub.end_event);
      note_step (player, step);
    }
}

/* Reads the recording into fresh graphs. */
static void
rebuild (Player *player)
{
  free_graphs (player);
  player->graph = player_graph_new (player->recording, player->index, TRUE);
  player->final = player_graph_new (player->recording, player->index, FALSE);
  player_graph_add_outlines (player->graph, player->outlines);
  player_graph_add_outlines (player->final, player->outlines);
  player->variables_known = FALSE;
  player_forget_texts (player, 0);
  player_element_forget (player);
  advance_final (player, 1);
  player_graph_seek (player->graph, player_end_event (player));
}

static void
player_init (Player *player)
{
  player->speed = 1;
  player->granularity = PLAYER_BY_OPERATION;
  player->outlines = player_outlines_new (NULL, &player->first_line);
  player->stops = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint k = 0; k < PLAYER_N_MARKS; k++)
    player->marks[k] = G_MAXUINT;
  player_element_init (player);
  player->pulses = g_array_new (FALSE, FALSE, sizeof (PlayerPulse));
  player->variables = g_array_new (FALSE, TRUE, sizeof (PlayerVariable));
  player->captions = g_ptr_array_new_with_free_func (g_free);
  player->nexts = g_ptr_array_new_with_free_func (g_free);
  player->index = player_run_index_new (NULL);
  rebuild (player);
}

Player *
player_new (void)
{
  return g_object_new (PLAYER_TYPE_PLAYER, NULL);
}

guint64
player_end_event (Player *player)
{
  const PlayerStepInfo *step = player_run_index_get_step (player->index, player->position);
  return step != NULL ? step->pub.end_event : 0;
}

void
player_emit_term_moved (Player *player)
{
  g_signal_emit (player, signals[MOVED], 0, player->position, player->position);
}

void
player_emit_marks_changed (Player *player)
{
  g_signal_emit (player, signals[MARKS_CHANGED], 0);
}

void
player_emit_question (Player *player, guint64 event, int input, gint64 index)
{
  g_signal_emit (player, signals[QUESTION], 0, event, input, index);
}

void
player_emit_answered (Player *player, guint64 event, int input, gint64 index)
{
  g_signal_emit (player, signals[ANSWERED], 0, event, input, index);
}

/* Of the step at the position nothing is shown yet but the step itself. */
static void
reset_terms (Player *player)
{
  player->term = 0;
  player->all_terms = player->pressed = FALSE;
}

static void
emit_moved (Player *player, guint old)
{
  player->variables_known = FALSE;
  g_clear_pointer (&player->status, g_free);
  player_element_forget (player);
  g_signal_emit (player, signals[MOVED], 0, old, player->position);
  if (old != player->position)
    g_object_notify_by_pspec (G_OBJECT (player), props[PROP_POSITION]);
  player_element_ask (player);
}

static void
find_motion (Player *player)
{
  guint first = player->granularity == PLAYER_BY_LINE ? player_stop_before (player, player->position) + 1
                                                       : player->position;
  g_array_set_size (player->pulses, 0);
  player->motion.n_waves = player->position > 0 ? player_collect_motion (player->index, player->graph, first,
                                                                          player->position, player->pulses) : 0;
  player->motion.pulses = (const PlayerPulse *) player->pulses->data;
  player->motion.n_pulses = player->pulses->len;
}

static void
take_outlines (Player *player, const char *scan_json)
{
  free_graphs (player);
  g_ptr_array_unref (player->outlines);
  player->outlines = player_outlines_new (scan_json, &player->first_line);
  player_set_statements (player, scan_json);
}

void
player_set_recording (Player *player, RecRecording *recording)
{
  guint old;

  g_return_if_fail (PLAYER_IS_PLAYER (player));
  old = player->position;
  if (recording != NULL)
    rec_recording_ref (recording);
  free_graphs (player);
  g_clear_pointer (&player->index, player_run_index_free);
  g_clear_pointer (&player->recording, rec_recording_unref);
  player->recording = recording;
  player->index = player_run_index_new (recording);
  player->position = 0;
  player->waiting_line = 0;
  player->asked = FALSE;
  reset_terms (player);
  player_element_forget_answers (player);
  if (player->has_next_scan)
    take_outlines (player, player->next_scan);
  player->has_next_scan = FALSE;
  g_clear_pointer (&player->next_scan, g_free);
  player_set_playing (player, FALSE);
  player_run_index_sync (player->index, G_MAXUINT64);
  rebuild (player);
  find_motion (player);
  g_object_notify_by_pspec (G_OBJECT (player), props[PROP_N_STEPS]);
  emit_moved (player, old);
}

RecRecording *
player_get_recording (Player *player)
{
  return player->recording;
}

/* Reads a few more events into the graphs. FALSE: they change no step. */
static gboolean
read_some (Player *player, gboolean to_end, guint64 most_events)
{
  guint n = player_get_n_steps (player);

  if (!player_run_index_sync (player->index, most_events))
    return FALSE;
  advance_final (player, n);
  if (to_end)
    {
      player->position = player_get_n_steps (player);
      player_graph_seek (player->graph, player_end_event (player));
    }
  return TRUE;
}

/* What the views must know after reading. */
static void
tell_synced (Player *player)
{
  player->untold = FALSE;
  if (player->position != player->told_position)
    reset_terms (player);
  if (player_end_event (player) != player->told_end)
    {
      player_graph_seek (player->graph, player_end_event (player));
      find_motion (player);
      emit_moved (player, player->told_position);
    }
  if (player_get_n_steps (player) != player->told_n)
    {
      g_object_notify_by_pspec (G_OBJECT (player), props[PROP_N_STEPS]);
      g_signal_emit (player, signals[GROWN], 0);
    }
}

static void
tell_printed (Player *player)
{
  if (player->index->n_output_bytes != player->told_output)
    g_signal_emit (player, signals[PRINTED], 0);
  player->told_output = player->index->n_output_bytes;
}

/* No step is another: only what the run says of itself. */
static void
tell_nothing_changed (Player *player, gboolean was_ended)
{
  g_clear_pointer (&player->status, g_free);
  if (!player->index->ended || was_ended)
    return;
  player_forget_texts (player, 0); /* without a step: position 0 says why */
  emit_moved (player, player->position);
}

gboolean
player_sync_for (Player *player, gboolean follow, gint64 budget_us)
{
  gint64 begin = g_get_monotonic_time (), deadline = begin + MIN (budget_us, G_MAXINT64 / 2);
  gboolean was_ended, changed = FALSE, more, to_end, may_tell;
  guint old_n, open;

  g_return_val_if_fail (PLAYER_IS_PLAYER (player), FALSE);
  was_ended = player->index->ended;
  open = player_branches_get_open_step (player->index);
  old_n = player_get_n_steps (player);
  to_end = follow && player->position == old_n;
  if (!player->untold)
    {
      player->told_n = old_n;
      player->told_position = player->position;
      player->told_end = player_end_event (player);
    }
  do
    changed = read_some (player, to_end, EVENTS_AT_ONCE) || changed;
  while (player_run_index_has_more (player->index) && g_get_monotonic_time () < deadline);
  more = player_run_index_has_more (player->index);
  if (changed)
    {
      player->untold = TRUE;
      player->waiting_line = 0;
      player->asked = FALSE;
      player_forget_texts (player, open != 0 ? MIN (open, old_n) : old_n);
    }
  may_tell = !more || begin - player->told_us > TELL_EVERY_US;
  if (player->untold && may_tell)
    tell_synced (player);
  else if (!player->untold)
    tell_nothing_changed (player, was_ended);
  if (may_tell)
    {
      tell_printed (player);
      player->told_us = g_get_monotonic_time ();
    }
  return more;
}

void
player_sync (Player *player, gboolean follow)
{
  while (player_sync_for (player, follow, G_MAXINT64))
    continue;
}

void
player_set_outlines (Player *player, const char *scan_json)
{
  g_return_if_fail (PLAYER_IS_PLAYER (player));
  if (player_get_n_steps (player) > 0)
    {
      /* A run that is on the screen keeps the outlines it began with. */
      g_free (player->next_scan);
      player->next_scan = g_strdup (scan_json);
      player->has_next_scan = TRUE;
      return;
    }
  take_outlines (player, scan_json);
  rebuild (player);
  emit_moved (player, player->position);
}

void
player_share_outlines (Player *player, Player *from)
{
  g_return_if_fail (PLAYER_IS_PLAYER (player) && player->recording == NULL);
  free_graphs (player);
  g_ptr_array_unref (player->outlines);
  player->outlines = g_ptr_array_ref (from->outlines);
  player->first_line = from->first_line;
  rebuild (player);
}

guint
player_get_position (Player *player)
{
  return player->position;
}

void
player_set_position (Player *player, guint position)
{
  guint old;

  g_return_if_fail (PLAYER_IS_PLAYER (player));
  old = player->position;
  position = MIN (position, player_get_n_steps (player));
  if (position == old && player->term == 0)
    return;
  player->position = position;
  player->asked = FALSE;
  reset_terms (player);
  player_graph_seek (player->graph, player_end_event (player));
  find_motion (player);
  emit_moved (player, old);
}

guint
player_get_n_steps (Player *player)
{
  return player_run_index_get_n_steps (player->index);
}

const PlayerStep *
player_get_step (Player *player, guint n)
{
  const PlayerStepInfo *step = player_run_index_get_step (player->index, n);
  return step != NULL ? &step->pub : NULL;
}

void
player_set_granularity (Player *player, PlayerGranularity granularity)
{
  g_return_if_fail (PLAYER_IS_PLAYER (player));
  if (granularity == player->granularity)
    return;
  player->granularity = granularity;
  reset_terms (player);
  player_forget_texts (player, 0);   /* they count steps */
  find_motion (player);
  g_object_notify_by_pspec (G_OBJECT (player), props[PROP_GRANULARITY]);
  emit_moved (player, player->position);
}

PlayerGranularity
player_get_granularity (Player *player)
{
  return player->granularity;
}

void
player_emit_need_more (Player *player)
{
  g_signal_emit (player, signals[NEED_MORE], 0);
}

const PlayerGraph *
player_get_graph (Player *player)
{
  return player->graph;
}

/* The last step before the next iteration folds what stands at the position. */
static guint
last_before_folding (Player *player)
{
  guint n = player_get_n_steps (player), low = MAX (player->position, 1), high = n;
  const PlayerStepInfo *here = player_run_index_get_step (player->index, low);

  while (low < high)
    {
      guint middle = low + (high - low + 1) / 2;
      if (player_run_index_get_step (player->index, middle)->sweep > here->sweep)
        high = middle - 1;
      else
        low = middle;
    }
  return MIN (low, n);
}

const PlayerGraph *
player_get_final_graph (Player *player)
{
  guint n = last_before_folding (player);

  if (n == player_get_n_steps (player))
    return player->final;
  if (player->ahead == NULL)
    {
      player->ahead = player_graph_new (player->recording, player->index, TRUE);
      player_graph_add_outlines (player->ahead, player->outlines);
    }
  player_graph_seek (player->ahead, player_run_index_get_step (player->index, n)->pub.end_event);
  return player->ahead;
}

const PlayerMotion *
player_get_motion (Player *player)
{
  return &player->motion;
}

/* SPDX-License-Identifier: MIT
 *
 * The controller of one script's runs. Invariant: at most one wish is open (one
 * step, a line's end or the rest of one, a line or a position to reach); it is
 * granted when the recording has grown far enough, renewed when the runner paused
 * without a new step, and dropped when the run is over or somebody went elsewhere.
 * Called by the window's actions. UI thread. */
#include "td-run-private.h"

G_DEFINE_FINAL_TYPE (TdRun, td_run, G_TYPE_OBJECT)

enum { CHANGED, FAILED, N_SIGNALS };
static guint signals[N_SIGNALS];

#define SCAN_DELAY_MS 250
#define READ_US 5000 /* what is left of a frame is for the views */

static void read_on (TdRun *self, gboolean was_reading);

void
td_run_emit_changed (TdRun *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

/* What the runner did is news only when all that it recorded before has been read: state and picture go together. */
gboolean
td_run_is_running (TdRun *self)
{
  return runner_client_get_state (self->client) == RUNNER_RUNNING || self->reading_id != 0;
}

gboolean
td_run_is_over (TdRun *self)
{
  RunnerState state = runner_client_get_state (self->client);

  return self->ran_source != NULL && self->reading_id == 0 && (state == RUNNER_ENDED || state == RUNNER_DEAD);
}

gboolean
td_run_is_stale (TdRun *self)
{
  return self->ran_source != NULL && g_strcmp0 (self->ran_source, self->source) != 0;
}

gboolean
td_run_may_begin (TdRun *self)
{
  return td_run_is_over (self) && td_run_is_stale (self) && player_is_refused (self->player);
}

gboolean
td_run_is_stopping (TdRun *self)
{
  return self->stopping && td_run_is_running (self);
}

gboolean
td_run_is_waiting (TdRun *self)
{
  return self->wish != WISH_NONE;
}

guint
td_run_get_n_ahead (TdRun *self)
{
  guint n = player_get_count_steps (self->player) - player_get_count_position (self->player);

  /* Part of a line is left: it counts as one. */
  return n == 0 && player_get_position (self->player) < player_get_n_steps (self->player) ? 1 : n;
}

static void
move_to (TdRun *self, guint position)
{
  self->moving = TRUE;
  player_set_position (self->player, position);
  self->moving = FALSE;
}

/* For a part of a frame. TRUE: there is more to read. */
static gboolean
sync_player (TdRun *self)
{
  gboolean more;

  self->moving = TRUE;
  more = player_sync_for (self->player, self->follow, READ_US);
  self->moving = FALSE;
  return more;
}

/* Whoever goes elsewhere no longer wants the step that was asked for. */
static void
moved_cb (TdRun *self, guint from, guint to)
{
  if (!self->moving && from != to && self->wish != WISH_NONE)
    {
      self->wish = WISH_NONE;
      td_run_emit_changed (self);
    }
}

/* Nothing more is to be read of the recording so far. */
static void
forget_reading (TdRun *self)
{
  g_clear_handle_id (&self->reading_id, g_source_remove);
  self->state_is_news = FALSE;
}

/* Starts a fresh process; FALSE after telling why it could not. */
static gboolean
start_fresh (TdRun *self, RunnerUntil until, guint until_line)
{
  g_autoptr (GError) error = NULL;
  gboolean playing;

  if (self->source == NULL)
    return FALSE;
  if (!runner_client_run (self->client, self->path, self->source, NULL, self->breakpoints, until, until_line,
                          &error))
    {
      self->wish = WISH_NONE;
      player_set_playing (self->player, FALSE);
      g_signal_emit (self, signals[FAILED], 0, error->message);
      td_run_emit_changed (self);
      return FALSE;
    }
  g_free (self->ran_source);
  self->ran_source = g_strdup (self->source);
  self->stopping = FALSE;
  if (g_strcmp0 (self->scanned_source, self->source) != 0)
    player_set_outlines (self->player, NULL);   /* another text's leaves */
  playing = player_get_playing (self->player);
  forget_reading (self);
  self->moving = TRUE;
  player_set_recording (self->player, runner_client_get_recording (self->client));
  self->moving = FALSE;
  player_set_playing (self->player, playing); /* who played asked for this run */
  if (self->follow)              /* steps may be there already */
    move_to (self, player_get_n_steps (self->player));
  return TRUE;
}

/* Lets the runner produce more; FALSE when there is nothing to be had any more. */
static gboolean
ask_for_more (TdRun *self)
{
  if (self->reading_id != 0)
    return TRUE; /* there is more already */
  if (self->ran_source == NULL)
    return start_fresh (self, RUNNER_TO_NEXT_STATEMENT, 0);
  switch (runner_client_get_state (self->client))
    {
    case RUNNER_IDLE:
      return start_fresh (self, RUNNER_TO_NEXT_STATEMENT, 0);
    case RUNNER_PAUSED:
      runner_client_go_on (self->client, RUNNER_TO_NEXT_EVENT, self->breakpoints, 0);
      return TRUE;
    case RUNNER_RUNNING:
      return TRUE;
    case RUNNER_ENDED:
    case RUNNER_DEAD:
    default:
      return td_run_may_begin (self) && start_fresh (self, RUNNER_TO_NEXT_STATEMENT, 0);
    }
}

/* Grants the open wish if the recording holds what it takes. */
static void
try_to_grant (TdRun *self)
{
  guint position = player_get_position (self->player);
  guint n_steps = player_get_n_steps (self->player);
  Wish wish = self->wish;

  if (wish == WISH_NONE || position >= n_steps)
    return;
  if (wish == WISH_POSITION)
    {
      if (n_steps < self->wished_position)
        return;
      self->wish = WISH_NONE;
      move_to (self, self->wished_position);
      return;
    }
  self->wish = WISH_NONE;
  if (player_get_playing (self->player))
    return;
  if (wish == WISH_LINE || wish == WISH_REST_OF_LINE)
    {
      while (position < n_steps && !player_get_step (self->player, position + 1)->ends_line)
        position++;
      move_to (self, MIN (position + 1, n_steps));
    }
  else
    {
      self->moving = TRUE;
      player_step_on (self->player);
      self->moving = FALSE;
    }
}

static void
paused (TdRun *self)
{
  self->follow = FALSE;
  try_to_grant (self);
  if (self->wish == WISH_REST_OF_LINE)
    self->wish = WISH_NONE;      /* nothing came after the question */
  if (self->wish != WISH_NONE)
    ask_for_more (self);
}

/* The script asks: whoever waits for a step sees what there is so far, the prompt with it. Of a line whose
 * beginning is shown thus, only the rest is waited for, which may be nothing. */
static void
show_question (TdRun *self)
{
  guint n_steps = player_get_n_steps (self->player);
  gboolean by_line = self->wish == WISH_LINE ||
                     (self->wish == WISH_STEP && player_get_granularity (self->player) == PLAYER_BY_LINE);

  if (self->wish == WISH_NONE || player_get_position (self->player) >= n_steps)
    return;
  if (by_line)
    self->wish = WISH_REST_OF_LINE;
  move_to (self, n_steps);
}

/* The run is over before the position that was wished for: as far as it goes. */
static void
grant_what_there_is (TdRun *self)
{
  if (self->wish == WISH_POSITION)
    move_to (self, player_get_n_steps (self->player));
  else
    try_to_grant (self);
}

/* The runner's state, once all that was recorded up to it has been read. */
static void
take_state (TdRun *self)
{
  RunnerState state = runner_client_get_state (self->client);

  self->state_is_news = FALSE;
  if (state == RUNNER_PAUSED)
    player_set_waiting_line (self->player, runner_client_get_line (self->client));
  if (state == RUNNER_PAUSED)
    paused (self);
  else if (runner_client_is_asking (self->client, NULL))
    show_question (self);
  else if (state == RUNNER_ENDED || state == RUNNER_DEAD)
    {
      grant_what_there_is (self);
      self->wish = WISH_NONE;
      self->follow = FALSE;
      self->stopping = FALSE;
    }
}

static gboolean
read_cb (gpointer data)
{
  TdRun *self = data;

  self->reading_id = 0;
  read_on (self, TRUE);
  return G_SOURCE_REMOVE;
}

/* Reads for a part of a frame; the rest is read when frames and input have had their turn. */
static void
read_on (TdRun *self, gboolean was_reading)
{
  if (sync_player (self))
    self->reading_id = g_idle_add (read_cb, self);
  if (self->state_is_news && self->reading_id == 0)
    take_state (self);
  /* A line is whole only when the runner has paused after it. */
  else if (self->wish == WISH_POSITION
           || (self->wish == WISH_STEP && player_get_granularity (self->player) != PLAYER_BY_LINE))
    try_to_grant (self);
  td_run_still_update (self); /* a pause that was not meant is over by now */
  if (!was_reading || self->reading_id == 0)
    td_run_emit_changed (self);
}

static void
grown_cb (TdRun *self)
{
  if (self->reading_id == 0)
    read_on (self, FALSE);
}

static void
state_changed_cb (TdRun *self)
{
  self->state_is_news = TRUE;
  if (self->reading_id == 0)
    read_on (self, FALSE);
}

static void
need_more_cb (TdRun *self)
{
  if (self->wish != WISH_NONE)
    return;
  self->wish = WISH_STEP;
  if (!ask_for_more (self))
    {
      self->wish = WISH_NONE;
      player_set_playing (self->player, FALSE);
    }
  td_run_emit_changed (self);
}

void
td_run_step (TdRun *self)
{
  player_set_playing (self->player, FALSE);
  if (td_run_may_begin (self))
    need_more_cb (self);
  else
    player_step_forward (self->player);
}

void
td_run_step_line (TdRun *self)
{
  guint position = player_get_position (self->player);

  player_set_playing (self->player, FALSE);
  if (self->wish != WISH_NONE)
    return;
  self->wish = WISH_LINE;
  if (position < player_get_n_steps (self->player))
    try_to_grant (self);
  else if (!ask_for_more (self))
    self->wish = WISH_NONE;
  td_run_emit_changed (self);
}

void
td_run_go_to_position (TdRun *self, guint position)
{
  player_set_playing (self->player, FALSE);
  self->wish = WISH_NONE;
  if (position <= player_get_n_steps (self->player))
    {
      player_set_position (self->player, position);
      return;
    }
  self->wish = WISH_POSITION;
  self->wished_position = position;
  if (!ask_for_more (self))
    {
      self->wish = WISH_NONE;
      player_set_position (self->player, player_get_n_steps (self->player));
    }
  td_run_emit_changed (self);
}

void
td_run_play (TdRun *self, gboolean playing)
{
  if (playing && player_is_finished (self->player))
    player_set_position (self->player, 0);
  player_set_playing (self->player, playing);
  if (playing && td_run_may_begin (self))
    need_more_cb (self);
  td_run_emit_changed (self);
}

/* On to the end (line 0) or to a line, from the live end; from the start if that is over. */
static void
run_on (TdRun *self, guint line)
{
  RunnerState state = runner_client_get_state (self->client);
  gboolean fresh = self->ran_source == NULL || td_run_is_stale (self) || self->stopping || state == RUNNER_IDLE ||
                   state == RUNNER_ENDED || state == RUNNER_DEAD;

  player_set_playing (self->player, FALSE);
  self->wish = WISH_NONE;
  self->follow = TRUE;
  if (fresh)
    {
      if (!start_fresh (self, RUNNER_TO_END, line))
        self->follow = FALSE;
    }
  else
    {
      player_set_position (self->player, player_get_n_steps (self->player));
      /* A step that is still on its way goes on too. */
      runner_client_go_on (self->client, RUNNER_TO_END, self->breakpoints, line);
    }
  td_run_emit_changed (self);
}

void
td_run_go (TdRun *self)
{
  run_on (self, 0);
}

void
td_run_go_to_line (TdRun *self, guint line)
{
  run_on (self, line);
}

void
td_run_stop (TdRun *self)
{
  player_set_playing (self->player, FALSE);
  self->wish = WISH_NONE;
  self->stopping = td_run_is_running (self);
  runner_client_stop (self->client);
  td_run_emit_changed (self);
}

static void
scanned_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (TdRun) self = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *json = runner_client_scan_finish (RUNNER_CLIENT (source), result, &error);

  if (json == NULL)
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_debug ("No outlines: %s", error->message);
      return;
    }
  g_free (self->scanned_source);
  self->scanned_source = g_strdup (self->scanning_source);
  if (self->ran_source == NULL)
    player_set_outlines (self->player, json);
  else if (g_strcmp0 (self->ran_source, self->scanned_source) == 0)
    player_set_statements (self->player, json);
  td_run_emit_changed (self);
}

static gboolean
scan_cb (gpointer data)
{
  TdRun *self = data;

  self->scan_id = 0;
  g_cancellable_cancel (self->scan);
  g_clear_object (&self->scan);
  self->scan = g_cancellable_new ();
  g_free (self->scanning_source);
  self->scanning_source = g_strdup (self->source);
  runner_client_scan_async (self->client, self->source, self->path, self->scan, scanned_cb, g_object_ref (self));
  return G_SOURCE_REMOVE;
}

static void
scan_after (TdRun *self, guint delay_ms)
{
  g_clear_handle_id (&self->scan_id, g_source_remove);
  self->scan_id = g_timeout_add (delay_ms, scan_cb, self);
}

void
td_run_open (TdRun *self, const char *path, const char *source)
{
  RunnerState state = runner_client_get_state (self->client);

  player_set_playing (self->player, FALSE);
  forget_reading (self);
  g_clear_pointer (&self->ran_source, g_free);
  self->wish = WISH_NONE;
  self->follow = FALSE;
  if (state == RUNNER_RUNNING || state == RUNNER_PAUSED)
    runner_client_stop (self->client);
  g_free (self->path);
  g_free (self->source);
  self->path = g_strdup (path);
  self->source = g_strdup (source);
  player_set_recording (self->player, NULL);
  player_set_outlines (self->player, NULL);
  scan_after (self, 0);
  td_run_emit_changed (self);
}

void
td_run_edit (TdRun *self, const char *source)
{
  if (g_strcmp0 (self->source, source) == 0)
    return;
  g_free (self->source);
  self->source = g_strdup (source);
  if (self->ran_source == NULL)
    scan_after (self, SCAN_DELAY_MS);
  td_run_emit_changed (self);
}

void
td_run_set_path (TdRun *self, const char *path)
{
  g_free (self->path);
  self->path = g_strdup (path);
}

void
td_run_set_breakpoints (TdRun *self, const guint *lines)
{
  gsize n = 0;

  while (lines[n] != 0)
    n++;
  g_free (self->breakpoints);
  self->breakpoints = g_memdup2 (lines, (n + 1) * sizeof *lines);
}

Player *
td_run_get_player (TdRun *self)
{
  return self->player;
}

RunnerClient *
td_run_get_client (TdRun *self)
{
  return self->client;
}

static void
td_run_dispose (GObject *object)
{
  TdRun *self = TD_RUN (object);

  td_run_still_clear (self);
  g_clear_handle_id (&self->scan_id, g_source_remove);
  g_clear_handle_id (&self->reading_id, g_source_remove);
  g_cancellable_cancel (self->scan);
  g_clear_object (&self->scan);
  if (self->client != NULL)
    g_signal_handlers_disconnect_by_data (self->client, self);
  if (self->player != NULL)
    g_signal_handlers_disconnect_by_data (self->player, self);
  g_clear_object (&self->client);
  g_clear_object (&self->player);
  G_OBJECT_CLASS (td_run_parent_class)->dispose (object);
}

static void
td_run_finalize (GObject *object)
{
  TdRun *self = TD_RUN (object);

  g_free (self->path);
  g_free (self->source);
  g_free (self->ran_source);
  g_free (self->scanned_source);
  g_free (self->scanning_source);
  g_free (self->breakpoints);
  G_OBJECT_CLASS (td_run_parent_class)->finalize (object);
}

static void
td_run_class_init (TdRunClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = td_run_dispose;
  object_class->finalize = td_run_finalize;
  signals[CHANGED] = g_signal_new ("changed", TD_TYPE_RUN, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[FAILED] = g_signal_new ("failed", TD_TYPE_RUN, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                  G_TYPE_STRING);
}

static void
td_run_init (TdRun *self)
{
  self->breakpoints = g_new0 (guint, 1);
}

TdRun *
td_run_new (const char *program)
{
  TdRun *self = g_object_new (TD_TYPE_RUN, NULL);

  self->player = player_new ();
  self->client = runner_client_new (program);
  runner_client_set_has_input (self->client, TRUE);
  g_signal_connect_swapped (self->client, "grown", G_CALLBACK (grown_cb), self);
  g_signal_connect_swapped (self->client, "state-changed", G_CALLBACK (state_changed_cb), self);
  g_signal_connect_swapped (self->player, "moved", G_CALLBACK (moved_cb), self);
  g_signal_connect_swapped (self->player, "need-more", G_CALLBACK (need_more_cb), self);
  td_run_questions_init (self);
  return self;
}

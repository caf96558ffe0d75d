/* SPDX-License-Identifier: MIT
 *
 * Spawns the runner program named by RUNNER_CHILD and waits for its end with a
 * deadline. */
#include "real-run.h"
#include "player/graph-private.h"

#define DEADLINE_US (180 * G_USEC_PER_SEC)

static gboolean
wake_cb (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

Player *
real_run (const char *source)
{
  g_autoptr (RunnerClient) client = NULL;
  return real_run_asking (source, &client);
}

static Player *
run_at (const char *path, const char *source, RunnerClient **out)
{
  const char *const argv[] = { NULL };
  const guint breakpoints[] = { 0 };
  g_autoptr (GError) error = NULL;
  const char *program = g_getenv ("RUNNER_CHILD");
  gint64 start = g_get_monotonic_time ();
  guint wake = g_timeout_add (50, wake_cb, NULL);
  Player *player = player_new ();

  /* Without it the client would start this test program, which would start itself again, and so on. */
  g_assert_nonnull (program);
  g_autoptr (RunnerClient) client = runner_client_new (program);
  runner_client_run (client, path, source, argv, breakpoints, RUNNER_TO_END, 0, &error);
  g_assert_no_error (error);
  while (runner_client_get_state (client) == RUNNER_RUNNING)
    {
      g_assert_cmpint (g_get_monotonic_time () - start, <, DEADLINE_US);
      g_main_context_iteration (NULL, TRUE);
    }
  g_source_remove (wake);
  g_assert_cmpint (runner_client_get_state (client), ==, RUNNER_ENDED);
  player_set_recording (player, runner_client_get_recording (client));
  g_assert_true (player_is_complete (player));
  *out = g_steal_pointer (&client);
  return player;
}

Player *
real_run_asking (const char *source, RunnerClient **out)
{
  return run_at ("script.py", source, out);
}

Player *
real_run_at (const char *path, const char *source)
{
  g_autoptr (RunnerClient) client = NULL;
  return run_at (path, source, &client);
}

static void
answer_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

char *
real_explain (Player *player, RunnerClient *client, guint node)
{
  g_autoptr (PlayerExplanation) explanation = player_explain (player, node);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *json = NULL;
  g_auto (GStrv) lines = NULL;

  g_assert_nonnull (explanation);
  if (!explanation->has_element)
    return g_strdup ("");
  runner_client_element_async (client, explanation->element_event, explanation->element_input,
                               explanation->element_index, NULL, answer_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  json = runner_client_element_finish (client, result, &error);
  g_assert_no_error (error);
  lines = player_explain_element (explanation, json);
  return g_strjoinv (" | ", lines);
}

char *
real_read_example (const char *name)
{
  g_autofree char *path = g_build_filename (g_getenv ("PLAYER_EXAMPLES"), name, NULL);
  g_autoptr (GError) error = NULL;
  char *source = NULL;

  g_file_get_contents (path, &source, NULL, &error);
  g_assert_no_error (error);
  return source;
}

Player *
real_run_example (const char *name)
{
  g_autofree char *source = real_read_example (name);
  return real_run (source);
}

const PlayerNode *
real_find (Player *player, PlayerNodeKind kind, const char *label)
{
  const PlayerGraph *graph = player_get_graph (player);

  for (guint k = 0; k < player_graph_get_n_nodes (graph); k++)
    {
      const PlayerNode *node = player_graph_get_node (graph, k);
      if (node->kind == kind && g_strcmp0 (node->label, label) == 0)
        return node;
    }
  return NULL;
}

const PlayerNode *
real_box (Player *player, const char *label)
{
  const PlayerNode *node = real_find (player, PLAYER_BOX, label);
  if (node == NULL)
    g_test_message ("no box %s at step %u", label, player_get_position (player));
  g_assert_nonnull (node);
  return node;
}

const PlayerNode *
real_pill (Player *player, const char *label, guint line)
{
  const PlayerGraph *graph = player_get_graph (player);

  for (guint k = 0; k < player_graph_get_n_nodes (graph); k++)
    {
      const PlayerNode *node = player_graph_get_node (graph, k);
      if (node->kind == PLAYER_PILL && node->line == line && g_strcmp0 (node->label, label) == 0)
        return node;
    }
  g_test_message ("no pill %s on line %u at step %u", label, line, player_get_position (player));
  g_assert_not_reached ();
}

const PlayerEdge *
real_edge (Player *player, guint from, guint to)
{
  const PlayerGraph *graph = player_get_graph (player);

  for (guint k = 0; k < player_graph_get_n_edges (graph); k++)
    {
      const PlayerEdge *edge = player_graph_get_edge (graph, k);
      if (edge->from == from && edge->to == to)
        return edge;
    }
  return NULL;
}

double
real_norm (Player *player, guint64 shot)
{
  RecShot data;
  RecStats stats;

  g_assert_true (rec_recording_get_shot (player_get_recording (player), shot, &data));
  rec_shot_get_stats (&data, &stats);
  return stats.norm;
}

void
real_check_identity (Player *player)
{
  RecRecording *recording = player_get_recording (player);
  g_autoptr (PlayerRunIndex) index = player_run_index_new (recording);
  g_autoptr (PlayerGraph) graph = NULL;
  g_autoptr (PlayerGraph) fresh = NULL;

  player_run_index_sync (index, G_MAXUINT64);
  graph = player_graph_new (recording, index, TRUE);
  fresh = player_graph_new (recording, index, FALSE);
  for (guint64 k = 0; k <= index->n_read; k++)
    {
      player_graph_seek (fresh, k);
      player_graph_seek (graph, index->n_read);
      player_graph_seek (graph, k);
      g_assert_true (player_graph_equal (graph, fresh));
      player_graph_seek (graph, k / 2);
      player_graph_seek (graph, k);
      g_assert_true (player_graph_equal (graph, fresh));
    }
}

/* SPDX-License-Identifier: MIT
 *
 * The player as a model: a recording that grows, asking for more, playing by a
 * clock of the test's, outlines before anything ran, in-place versions. */
#include "player/explain.h"
#include "player/graph-private.h"
#include "tape.h"

typedef struct { guint n_moved, n_grown, n_more; } Heard;

static void
moved_cb (Player *player, guint old, guint position, Heard *heard)
{
  heard->n_moved++;
}

static void
count_cb (Player *player, guint *count)
{
  ++*count;
}

static void
listen (Player *player, Heard *heard)
{
  g_signal_connect (player, "moved", G_CALLBACK (moved_cb), heard);
  g_signal_connect (player, "grown", G_CALLBACK (count_cb), &heard->n_grown);
  g_signal_connect (player, "need-more", G_CALLBACK (count_cb), &heard->n_more);
}

static void
add_leaf_line (Tape *tape, guint line, const char *name)
{
  TapeTensor *leaf;

  tape_begin (tape, line);
  leaf = tape_leaf (tape, 2, 2, TRUE, NULL);
  tape_name (tape, name, leaf);
  tape_end (tape);
}

static void
test_growth (void)
{
  g_autoptr (Tape) tape = tape_new ();
  g_autoptr (Player) player = player_new ();
  Heard heard = { 0 };

  listen (player, &heard);
  player_set_recording (player, tape->recording);
  g_assert_false (player_step_forward (player));
  g_assert_cmpuint (heard.n_more, ==, 1);
  add_leaf_line (tape, 1, "a");
  player_sync (player, TRUE);
  g_assert_cmpuint (heard.n_grown, ==, 1);
  g_assert_cmpuint (player_get_position (player), ==, 1);
  add_leaf_line (tape, 2, "b");
  player_sync (player, FALSE);
  g_assert_cmpuint (player_get_position (player), ==, 1);
  g_assert_cmpuint (player_get_n_steps (player), ==, 2);
  g_assert_cmpuint (player_graph_get_n_nodes (player_get_final_graph (player)), ==, 2);
  g_assert_cmpuint (player_graph_get_n_nodes (player_get_graph (player)), ==, 1);
  g_assert_true (player_step_forward (player));
  g_assert_false (player_is_finished (player));
  tape_ends (tape);
  player_sync (player, TRUE);
  g_assert_true (player_is_finished (player));
  g_assert_false (player_step_forward (player));
  g_assert_cmpuint (heard.n_more, ==, 1);
}

static Tape *
new_long_tape (void)
{
  Tape *tape = tape_new ();

  for (guint k = 1; k <= 400; k++)
    {
      g_autofree char *name = g_strdup_printf ("x%u", k);
      add_leaf_line (tape, k, name);
    }
  tape_ends (tape);
  return tape;
}

/* What came all at once is read in parts: nothing stands still meanwhile, and the end is the same. */
static void
test_reading_in_parts (void)
{
  g_autoptr (Tape) tape = tape_new (), grown = new_long_tape ();
  g_autoptr (Player) player = player_new (), whole = player_new ();
  guint n_parts = 0, n_before = 0;
  gboolean more = TRUE;

  player_set_recording (whole, grown->recording);
  player_set_recording (player, tape->recording);
  for (guint k = 1; k <= 400; k++)
    {
      g_autofree char *name = g_strdup_printf ("x%u", k);
      add_leaf_line (tape, k, name);
    }
  tape_ends (tape);
  while (more)
    {
      more = player_sync_for (player, TRUE, 0);
      g_assert_cmpuint (player_get_n_steps (player) - n_before, <, 200);
      g_assert_cmpuint (player_get_position (player), ==, player_get_n_steps (player));
      g_assert_cmpuint (player_graph_get_n_nodes (player_get_graph (player)), ==,
                        player_get_n_steps (player));
      g_assert_cmpint (player_is_complete (player), ==, !more);
      n_before = player_get_n_steps (player);
      n_parts++;
    }
  g_assert_cmpuint (n_parts, >, 2);
  g_assert_cmpuint (player_get_n_steps (player), ==, player_get_n_steps (whole));
  player_set_position (whole, player_get_n_steps (whole));
  g_assert_true (player_graph_equal (player_get_graph (player), player_get_graph (whole)));
  g_assert_true (player_graph_equal (player_get_final_graph (player), player_get_final_graph (whole)));
  for (guint n = 0; n <= player_get_n_steps (whole); n++)
    g_assert_cmpstr (player_get_caption (player, n), ==, player_get_caption (whole, n));
}

static void
test_clock (void)
{
  g_autoptr (Tape) tape = tape_new_demo ();
  g_autoptr (Player) player = player_new ();

  player_set_recording (player, tape->recording);
  player_set_playing (player, TRUE);
  player_tick (player, 1000000);
  player_tick (player, 1799999);
  g_assert_cmpuint (player_get_position (player), ==, 0);
  player_tick (player, 1800000);
  g_assert_cmpuint (player_get_position (player), ==, 1);
  player_set_speed (player, 2);
  player_tick (player, 2200000);
  g_assert_cmpuint (player_get_position (player), ==, 2);
  for (gint64 t = 2200000; t < 20000000; t += 16667)
    player_tick (player, t);
  g_assert_cmpuint (player_get_position (player), ==, 18);
  g_assert_false (player_get_playing (player));
}

static void
test_stops (void)
{
  g_autoptr (Tape) tape = tape_new_demo ();
  g_autoptr (Player) player = player_new ();

  player_set_recording (player, tape->recording);
  g_assert_cmpuint (player_next_stop (player, 1), ==, 10);
  player_set_position (player, 14);
  g_assert_cmpuint (player_next_stop (player, 1), ==, 18);
  g_assert_cmpuint (player_next_stop (player, -1), ==, 10);
  player_set_position (player, 10);
  g_assert_cmpuint (player_next_stop (player, -1), ==, 0);
  player_set_position (player, 1000);
  g_assert_cmpuint (player_get_position (player), ==, 18);
}

static void
test_outlines (void)
{
  static const char scan[] =
      "{\"leaves\":[{\"name\":\"a\",\"line\":1,\"sizes\":[2,2],\"requires_grad\":true},"
      "{\"name\":\"b\",\"line\":2,\"sizes\":[2,2],\"requires_grad\":true},"
      "{\"name\":\"never\",\"line\":9,\"sizes\":[3]}],\"first_line\":1,"
      "\"statements\":[{\"line\":2,\"then\":4},{\"line\":4,\"does\":\"creates b\"}]}";
  g_autoptr (Tape) tape = tape_new ();
  g_autoptr (Player) player = player_new ();
  const PlayerNode *node;

  player_set_outlines (player, scan);
  g_assert_cmpuint (player_graph_get_n_nodes (player_get_graph (player)), ==, 3);
  g_assert_cmpstr (player_get_caption (player, 0), ==, "Press Step: line 1 will create a.");
  player_set_recording (player, tape->recording);
  add_leaf_line (tape, 1, "a");
  player_sync (player, TRUE);
  node = player_graph_get_node (player_get_graph (player), 0);
  g_assert_false (node->outline);
  g_assert_cmpint (node->grad_state, ==, PLAYER_GRAD_NONE_YET);
  g_assert_true (player_graph_get_node (player_get_graph (player), 1)->outline);
  g_assert_cmpstr (player_get_next (player, 1), ==, "");
  player_set_waiting_line (player, 3);
  g_assert_cmpstr (player_get_next (player, 1), ==, "Next: line 3");
  player_set_waiting_line (player, 2);
  g_assert_cmpstr (player_get_next (player, 1), ==, "Next: line 4 creates b");
  tape_ends (tape);
  player_sync (player, TRUE);
  g_assert_cmpuint (player_graph_get_n_nodes (player_get_graph (player)), ==, 1);
  player_set_position (player, 0);
  g_assert_cmpuint (player_graph_get_n_nodes (player_get_graph (player)), ==, 3);
  player_set_outlines (player, "not json");
  g_assert_cmpuint (player_graph_get_n_nodes (player_get_graph (player)), ==, 3);
  player_set_recording (player, NULL);
  g_assert_cmpuint (player_graph_get_n_nodes (player_get_graph (player)), ==, 0);
}

/* In place on a non-leaf ends one box and begins the next. */
static void
test_in_place (void)
{
  g_autoptr (Tape) tape = tape_new ();
  g_autoptr (Player) player = player_new ();
  TapeTensor *a, *y;

  tape_begin (tape, 1);
  a = tape_leaf (tape, 2, 2, TRUE, NULL);
  tape_name (tape, "a", a);
  tape_end (tape);
  tape_begin (tape, 2);
  y = tape_op (tape, TAPE_TANH, a, NULL, NULL);
  tape_name (tape, "y", y);
  tape_end (tape);
  tape_begin (tape, 3);
  tape_add_in_place (tape, y, a);
  tape_name (tape, "y", y);
  tape_end (tape);
  tape_ends (tape);
  player_set_recording (player, tape->recording);
  g_assert_cmpuint (player_get_n_steps (player), ==, 3);
  player_set_position (player, 3);
  g_assert_cmpuint (player_graph_get_n_nodes (player_get_graph (player)), ==, 5);
  g_assert_cmpstr (player_graph_get_node (player_get_graph (player), 2)->label, ==, "y (line 2)");
  g_assert_true (player_graph_get_node (player_get_graph (player), 2)->dimmed);
  g_assert_cmpstr (player_graph_get_node (player_get_graph (player), 4)->label, ==, "y");
  g_assert_cmpuint (player_graph_get_node (player_get_graph (player), 4)->version, ==, 1);
}

static void
test_numbers (void)
{
  static const struct { double value; const char *text; } cases[] = {
    { 1, "1" }, { 0, "0" }, { -0.65202534, "−0.6520" }, { 1.2701, "1.270" }, { 1.2e-7, "1.2e−7" },
    { 4.47213595, "4.472" }, { 12345.6, "12346" }, { 0.00123456, "0.001235" }, { G_MAXDOUBLE * 10, "inf" },
    { 9.99996, "10.00" }, { 1234567, "1234567" }, { -7654321.5, "−7654322" }, { 123456789, "123456789" },
    { 3e9, "3.000e9" }, { -1.23456e30, "−1.235e30" },
  };

  for (guint k = 0; k < G_N_ELEMENTS (cases); k++)
    {
      g_autofree char *text = player_format_number (cases[k].value);
      g_assert_cmpstr (text, ==, cases[k].text);
    }
}

/* Many operations: the whole tape is read, and moving stays exact. */
static void
test_many (void)
{
  g_autoptr (Tape) tape = tape_new ();
  g_autoptr (Player) player = player_new ();
  TapeTensor *h;
  gint64 start;

  tape_begin (tape, 1);
  h = tape_leaf (tape, 2, 2, TRUE, NULL);
  tape_name (tape, "h", h);
  tape_end (tape);
  for (guint k = 0; k < 10000; k++)
    {
      tape_begin (tape, 2);
      h = tape_op (tape, TAPE_TANH, h, NULL, NULL);
      tape_name (tape, "h", h);
      tape_end (tape);
    }
  tape_ends (tape);
  start = g_get_monotonic_time ();
  player_set_recording (player, tape->recording);
  g_test_message ("reading 10,000 operations: %.1f ms", (double) (g_get_monotonic_time () - start) / 1000);
  g_assert_cmpuint (player_get_n_steps (player), ==, 10001);
  start = g_get_monotonic_time ();
  player_set_position (player, 10001);
  g_test_message ("going to the end: %.1f ms", (double) (g_get_monotonic_time () - start) / 1000);
  g_assert_true (player_graph_equal (player_get_graph (player), player_get_final_graph (player)));
  player_set_position (player, 0);
  g_assert_cmpuint (player_graph_get_n_nodes (player_get_graph (player)), ==, 0);
}

/* A damaged recording: two views, each made from the other. */
static void
test_cycle_of_views (void)
{
  g_autoptr (Tape) tape = tape_new ();
  g_autoptr (Player) player = player_new ();
  TapeTensor first = { .id = 77, .ndim = 2, .sizes = { 2, 2 }, .strides = { 2, 1 } }, *second, *third;

  tape_begin (tape, 1);
  second = tape_op (tape, TAPE_T, &first, NULL, NULL);
  tape->next_tensor = first.id;
  third = tape_op (tape, TAPE_T, second, NULL, NULL);
  g_assert_cmpuint (third->id, ==, first.id);
  tape->next_tensor = 100;
  tape_op (tape, TAPE_ADD, second, third, "+");
  tape_end (tape);
  tape_ends (tape);
  player_set_recording (player, tape->recording);
  g_assert_cmpuint (player_get_n_steps (player), ==, 1);
  player_set_position (player, 1);
  g_assert_true (g_str_has_prefix (player_get_caption (player, 1), "+ added "));
}

/* Each state of a gradient has its word, or a number and no word. */
static void
test_gradient_words (void)
{
  static const struct { PlayerGradState state; const char *without, *with; } words[] = {
    { PLAYER_GRAD_NO_ROW, NULL, NULL },
    { PLAYER_GRAD_NOT_REQUIRED, "not required", "not required" },
    { PLAYER_GRAD_NONE_YET, "none yet", "none yet" },
    { PLAYER_GRAD_CLEARED, "None", "None" },
    { PLAYER_GRAD_WAITING, "waiting 1/2", "waiting 1/2" },
    { PLAYER_GRAD_ARRIVING, "arriving", "arriving" },
    { PLAYER_GRAD_PASSING, "not kept", NULL },
    { PLAYER_GRAD_PASSED, "not kept", NULL },
    { PLAYER_GRAD_KEPT, "not kept", NULL },
  };

  g_assert_cmpuint (G_N_ELEMENTS (words), ==, PLAYER_GRAD_KEPT + 1);
  for (guint k = 0; k < G_N_ELEMENTS (words); k++)
    {
      PlayerNode node = { .grad_state = words[k].state, .grad_arrived = 1, .grad_expected = 2 };
      g_autofree char *without = player_dup_gradient_word (&node), *with = NULL;

      node.grad_shot = 16;
      with = player_dup_gradient_word (&node);
      g_assert_cmpstr (without, ==, words[k].without);
      g_assert_cmpstr (with, ==, words[k].with);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/player/model/growth", test_growth);
  g_test_add_func ("/player/model/reading-in-parts", test_reading_in_parts);
  g_test_add_func ("/player/model/clock", test_clock);
  g_test_add_func ("/player/model/stops", test_stops);
  g_test_add_func ("/player/model/outlines", test_outlines);
  g_test_add_func ("/player/model/in-place", test_in_place);
  g_test_add_func ("/player/model/numbers", test_numbers);
  g_test_add_func ("/player/model/cycle-of-views", test_cycle_of_views);
  g_test_add_func ("/player/model/many", test_many);
  g_test_add_func ("/player/model/gradient-words", test_gradient_words);
  return g_test_run ();
}

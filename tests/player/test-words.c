/* SPDX-License-Identifier: MIT
 *
 * What is said of real runs: whose gradient it is, what comes next, operands as
 * the student wrote them, ways that an if goes. */
#include "real-run.h"

static void
check_said (Player *player, guint step, const char *caption)
{
  g_assert_cmpstr (player_get_caption (player, step), ==, caption);
}

/* Two chains in one script: each gradient bears the name of what its own pass started at. */
static void
test_two_roots (void)
{
  g_autoptr (Player) player = real_run ("import torch\n"
                                        "a = torch.ones(2, requires_grad=True)\n"
                                        "c = (a * 2).tanh()\n"
                                        "c.sum().backward()\n"
                                        "m = torch.ones(2, 2, requires_grad=True)\n"
                                        "n = m * m\n"
                                        "n.sum().backward()\n");
  g_autoptr (PlayerExplanation) passing = NULL, edge = NULL, later = NULL, other = NULL;
  guint n = player_get_n_steps (player);

  check_said (player, n - 4, "backward() started at sum(n) with gradient 1, because ∂sum(n)/∂sum(n) = 1.");
  player_set_position (player, n - 3);
  g_assert_cmpstr (real_box (player, "n")->grad_root, ==, "sum(n)");
  g_assert_cmpstr (real_box (player, "c")->grad_root, ==, "sum(c)");
  passing = player_explain (player, real_box (player, "n")->id);
  g_assert_cmpstr (((PlayerFact *) passing->facts->pdata[1])->label, ==, "∂sum(n)/∂n");
  later = player_explain (player, real_box (player, "c")->id);
  g_assert_cmpstr (((PlayerFact *) later->facts->pdata[1])->label, ==, "∂sum(c)/∂c, passed, not kept");
  edge = player_explain_edge (player, real_edge (player, real_box (player, "m")->id, real_pill (player, "*", 6)->id)->id);
  g_assert_cmpstr (((PlayerFact *) edge->facts->pdata[1])->label, ==, "*’s share of ∂sum(n)/∂m");
  other = player_explain_edge (player, real_edge (player, real_box (player, "a")->id, real_pill (player, "*", 3)->id)->id);
  g_assert_true (g_str_has_prefix (((PlayerFact *) other->facts->pdata[1])->label, "∂sum(c)/∂a"));
}

static void
check_entry (Player *player, RunnerClient *client, guint step, const char *entry)
{
  g_autofree char *text = NULL;

  player_set_position (player, step);
  text = real_explain (player, client, player_get_focus (player));
  g_assert_cmpstr (text, ==, entry);
}

/* Captions, formulas and "One entry" have operands and numbers as the student wrote them. */
static void
test_as_written (void)
{
  static const struct
  {
    const char *line, *formula, *entry;
  } lines[] = {
    { "d + 1", "= d + 1", "= d[0] + 1 | = 3 + 1 | = +4" },
    { "1 + d", "= 1 + d", "= 1 + d[0] | = 1 + 3 | = +4" },
    { "d * 3", "= d × 3", "= d[0] × 3 | = 3 × 3 | = +9" },
    { "0.1 * d", "= 0.1 × d", "= 0.1 × d[0] | = 0.1 × 3 | = +0.3000" },
    { "2 - d", "= 2 − d", "= 2 − d[0] | = 2 − 3 | = −1" },
    { "d / 2", "= d / 2", "= d[0] / 2 | = 3 / 2 | = +1.5000" },
    { "d ** 2", "= d^2", "= d[0]^2 | = 3^2 | = +9" },
    { "2 ** d", "= 2^d", "= 2^d[0] | = 2^3 | = +8" },
    { "d > 1", "= d > 1", "= d[0] > 1 | = 3 > 1 | = +1" },
    { "d.mul(-2)", "= d × −2", "= d[0] × −2 | = 3 × −2 | = −6" },
    { "c + d", "= c + d", "= c[0] + d[0] | = 1 + 3 | = +4" },
    { "c / d", "= c / d", "= c[0] / d[0] | = 1 / 3 | = +0.3333" },
    { "c - d", "= c − d", "= c[0] − d[0] | = 1 − 3 | = −2" },
    { "d * (1 / 3)", "= d × 0.3333", "= d[0] × 0.3333 | = 3 × 0.3333 | = +1" },
    { "d * 1e-5", "= d × 1e−5", "= d[0] × 1e−5 | = 3 × 1e−5 | = +3.0e−5" },
    { "torch.nn.functional.leaky_relu(d, 0.2)", "= d where d > 0, else 0.2 × d",
      "= leaky_relu(d[0], negative_slope=0.2) | = leaky_relu(3, negative_slope=0.2) | = +3" },
  };
  g_autoptr (GString) source = g_string_new ("import torch\n"
                                             "c = torch.tensor([1.0, 1.0])\n"
                                             "d = torch.tensor([3.0, 3.0], requires_grad=True)\n");
  g_autoptr (RunnerClient) client = NULL;
  g_autoptr (Player) player = NULL;

  for (guint k = 0; k < G_N_ELEMENTS (lines); k++)
    g_string_append_printf (source, "y = %s\n", lines[k].line);
  player = real_run_asking (source->str, &client);
  g_assert_cmpuint (player_get_n_steps (player), ==, 2 + G_N_ELEMENTS (lines));
  for (guint k = 0; k < G_N_ELEMENTS (lines); k++)
    {
      g_autofree char *formula = g_strconcat ("y ", lines[k].formula, NULL);
      g_autofree char *entry = g_strconcat ("y[0] | ", lines[k].entry, NULL);
      g_autoptr (PlayerExplanation) explanation = NULL;

      check_entry (player, client, k + 3, entry);
      explanation = player_explain (player, player_get_focus (player));
      g_assert_cmpstr (explanation->formula, ==, formula);
    }
}

/* The same in captions and in names of what has no name. */
static void
test_captions_as_written (void)
{
  g_autoptr (Player) player = real_run ("import torch\n"
                                        "w = torch.tensor([3.0, 1.0], requires_grad=True)\n"
                                        "y = (0.5 * w + 2).sum()\n"
                                        "y.backward()\n"
                                        "with torch.no_grad():\n"
                                        "    w -= w.grad * 0.1\n"
                                        "    w -= 0.1 * w.grad\n"
                                        "    w *= 2\n");
  guint n = player_get_n_steps (player);

  check_said (player, 2, "* multiplied 0.5 by every entry of w and made (0.5 * w) (2).");
  check_said (player, 3, "+ added 2 to every entry of (0.5 * w) and made ((0.5 * w) + 2) (2).");
  check_said (player, n - 4, "* multiplied every entry of w.grad by 0.1 and made (w.grad * 0.1) (2).");
  check_said (player, n - 3,
              "w moved a small step against its gradient: new w = old w − w.grad × 0.1 (size 3.16 → 3.10).");
  check_said (player, n - 1,
              "w moved a small step against its gradient: new w = old w − 0.1 × w.grad (size 3.10 → 3.04).");
  check_said (player, n, "w moved under no_grad: new w = old w × 2 (size 3.04 → 6.07).");
}

static void
scanned_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *json = runner_client_scan_finish (RUNNER_CLIENT (source), result, &error);

  g_assert_no_error (error);
  player_set_outlines (PLAYER_PLAYER (data), json);
  g_object_set_data (G_OBJECT (data), "scanned", data);
}

/* A run that is led from statement to statement, as Step does. */
typedef struct
{
  RunnerClient *client;
  Player *player;
} Live;

static void
wait_until_paused (Live *live)
{
  while (runner_client_get_state (live->client) == RUNNER_RUNNING)
    g_main_context_iteration (NULL, TRUE);
  player_sync (live->player, FALSE);
  if (runner_client_get_state (live->client) == RUNNER_PAUSED)
    player_set_waiting_line (live->player, runner_client_get_line (live->client));
}

static Live
live_start (const char *source)
{
  const char *const argv[] = { NULL };
  const guint breakpoints[] = { 0 };
  g_autoptr (GError) error = NULL;
  Live live = { runner_client_new (g_getenv ("RUNNER_CHILD")), player_new () };

  runner_client_scan_async (live.client, source, "script.py", NULL, scanned_cb, live.player);
  while (g_object_get_data (G_OBJECT (live.player), "scanned") == NULL)
    g_main_context_iteration (NULL, TRUE);
  runner_client_run (live.client, "script.py", source, argv, breakpoints, RUNNER_TO_NEXT_STATEMENT, 0,
                     &error);
  g_assert_no_error (error);
  player_set_recording (live.player, runner_client_get_recording (live.client));
  wait_until_paused (&live);
  return live;
}

/* Until there is another step; it is gone to. */
static void
live_step (Live *live)
{
  const guint breakpoints[] = { 0 };
  guint n = player_get_n_steps (live->player);

  while (player_get_n_steps (live->player) == n && runner_client_get_state (live->client) == RUNNER_PAUSED)
    {
      runner_client_go_on (live->client, RUNNER_TO_NEXT_STATEMENT, breakpoints, 0);
      wait_until_paused (live);
    }
  player_set_position (live->player, player_get_n_steps (live->player));
}

static void
live_clear (Live *live)
{
  g_object_unref (live->player);
  g_object_unref (live->client);
}

/* The second line is there wherever something comes, also in a first run: from the line that the run waits before. */
static void
test_next_live (void)
{
  static const char *const nexts[] = {
    "Next: line 5 creates W_x",   "Next: line 6 creates x",   "Next: line 7 creates prev_h",
    "Next: line 9 makes h2h",     "Next: line 10 makes i2h",  "Next: line 11 makes next_h",
    "Next: line 12 makes next_h", "Next: line 14 makes loss", "Next: line 15 calls loss.backward()",
  };
  g_autofree char *source = real_read_example ("dynamic_graph.py");
  Live live = live_start (source);

  g_assert_cmpstr (player_get_caption (live.player, 0), ==, "Press Step: line 4 will create W_h.");
  for (guint n = 0; n < G_N_ELEMENTS (nexts); n++)
    {
      live_step (&live);
      g_assert_cmpstr (player_get_next (live.player, n + 1), ==, nexts[n]);
    }
  live_step (&live);
  g_assert_cmpuint (player_get_n_steps (live.player), ==, 18);
  live_clear (&live);
}

/* In a loop's second iteration, and in a function, the next line is the one that runs. */
static void
test_next_in_loop (void)
{
  Live live = live_start ("import torch\n"
                          "def f(v):\n"
                          "    if v.sum() > 0:\n"
                          "        return v.relu()\n"
                          "    return v.tanh()\n"
                          "a = torch.tensor([1.0, 2.0], requires_grad=True)\n"
                          "for k in range(2):\n"
                          "    b = a * (1 - 2 * k)\n"
                          "    c = f(b)\n"
                          "n = 3\n"
                          "import os\n"
                          "c.sum().backward()\n"
                          "with torch.no_grad():\n"
                          "    a -= a.grad\n");
  static const char *const nexts[] = {
    "Next: line 7 begins the loop",      /* a */
    "Next: line 9 makes c",              /* b */
    "Next: > in line 3",                 /* sum */
    "Next: line 4 makes what f returns", /* > */
    "Next: line 8 makes b",              /* relu */
    "Next: line 9 makes c",              /* b */
    "Next: > in line 3",
    "Next: line 5 makes what f returns",
    "Next: line 12 calls c.sum().backward()", /* tanh */
  };

  for (guint n = 0; n < G_N_ELEMENTS (nexts); n++)
    {
      if (player_get_n_steps (live.player) <= n)
        live_step (&live);
      g_assert_cmpstr (player_get_next (live.player, n + 1), ==, nexts[n]);
    }
  live_step (&live);
  g_assert_cmpstr (player_get_next (live.player, player_get_n_steps (live.player)), ==,
                   "Next: line 13 enters torch.no_grad()");
  live_clear (&live);
}

static guint
count_captions (Player *player, const char *begin)
{
  guint n_found = 0;

  for (guint n = 1; n <= player_get_n_steps (player); n++)
    n_found += g_str_has_prefix (player_get_caption (player, n), begin);
  return n_found;
}

#define BY_RETURN                                      \
  "import torch\n"                                     \
  "def f(v):\n"                                        \
  "    if v.sum() > 0:\n"                              \
  "        return v.relu()\n"                          \
  "    return v.tanh()\n"                              \
  "a = torch.tensor([1.0, 2.0], requires_grad=True)\n" \
  "for k in range(4):\n"                               \
  "    b = a * (1 if k != 2 else -1)\n"                \
  "    c = f(b)\n"                                     \
  "    loss = c.sum()\n"
#define IF_3 "This time the if on line 3 went the other way: "

/* A function that returns early: the other way is what follows the if. */
static void
test_branch_by_return (void)
{
  g_autoptr (Player) player = real_run (BY_RETURN);

  check_said (player, 5, "relu set every negative entry to 0 and made c (2).");
  check_said (player, 10, "relu set every negative entry to 0; the name c now means this result.");
  g_assert_cmpuint (count_captions (player, IF_3), ==, 2);
  check_said (player, 15,
              IF_3 "tanh is new in the graph, relu is gone. "
                   "tanh squashed every entry into −1…1; the name c now means this result.");
  g_assert_cmpuint (count_captions (player, IF_3 "relu is new in the graph, tanh is gone. "), ==, 1);
  real_check_identity (player);
}

/* The same at the statement that has just run, and complete once its scope is over. */
static void
test_branch_live (void)
{
  Live live = live_start ("import torch\n"
                          "a = torch.tensor([1.0, 2.0])\n"
                          "for k in range(2):\n"
                          "    if k == 0:\n"
                          "        b = a.relu()\n"
                          "    else:\n"
                          "        b = a.tanh()\n"
                          "        b = b.exp()\n"
                          "    c = b.sum()\n"
                          "    if k == 0:\n"
                          "        d = c * 2\n");

  while (player_get_n_steps (live.player) < 5)
    live_step (&live);
  check_said (live.player, 5,
              "This time the if on line 4 went the other way: tanh is new in the graph, relu is gone. "
              "tanh squashed every entry into −1…1; the name b now means this result.");
  live_step (&live);
  check_said (live.player, 5,
              "This time the if on line 4 went the other way: tanh and exp are new in the graph, relu "
              "is gone. tanh squashed every entry into −1…1; the name b now means this result.");
  live_step (&live);
  live_step (&live);
  g_assert_cmpint (runner_client_get_state (live.client), ==, RUNNER_ENDED);
  /* What the second if left out is no matter of the first. */
  check_said (live.player, 5,
              "This time the if on line 4 went the other way: tanh and exp are new in the graph, relu "
              "is gone. tanh squashed every entry into −1…1; the name b now means this result.");
  g_assert_cmpuint (count_captions (live.player, "This time"), ==, 1);
  live_clear (&live);
}

/* Only what changes the graph is said; elif; the same operation on both ways. */
static void
test_branch_kinds (void)
{
  g_autoptr (Player) player = real_run ("import torch\n"
                                        "a = torch.tensor([1.0, 2.0])\n"
                                        "for k in range(4):\n"
                                        "    if k % 2 == 0:\n"
                                        "        print(k)\n"
                                        "    b = a * k\n"
                                        "    if k == 0:\n"
                                        "        pass\n"
                                        "    elif k == 1:\n"
                                        "        c = b.exp()\n"
                                        "    elif k == 2:\n"
                                        "        c = b.exp()\n");

  g_assert_cmpuint (count_captions (player, "This time"), ==, 2);
  check_said (player, 4,
              "This time the if on line 7 went the other way: exp is new in the graph. "
              "exp raised e to every entry of b and made c (2).");
  check_said (
      player, 6,
      "This time the if on line 9 went the other way: exp in line 12 is new in the graph, exp in line "
      "10 is gone. exp raised e to every entry; the name c now means this result.");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/player/words/two-roots", test_two_roots);
  g_test_add_func ("/player/words/as-written", test_as_written);
  g_test_add_func ("/player/words/captions-as-written", test_captions_as_written);
  g_test_add_func ("/player/words/next-live", test_next_live);
  g_test_add_func ("/player/words/next-in-loop", test_next_in_loop);
  g_test_add_func ("/player/words/branch-by-return", test_branch_by_return);
  g_test_add_func ("/player/words/branch-live", test_branch_live);
  g_test_add_func ("/player/words/branch-kinds", test_branch_kinds);
  return g_test_run ();
}

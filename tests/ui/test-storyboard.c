/* SPDX-License-Identifier: MIT
 *
 * The demo, press by press, in the real window: boxes, edges, states, captions
 * and numbers of all 18 steps against real PyTorch's (seed 0, PyTorch 1.13.1),
 * back to the start, and forward again to the same pixels. */
#include "demo-reference.h"
#include "graph-text.h"
#include "ui-test.h"

#include <string.h>

/* What each step says, and the editor's line. */
static const struct { const char *caption; guint line; } story[] = {
  { "Press Step: line 4 will create W_h.", 0 },
  { "W_h was created: a 20×20 leaf that will collect a gradient.", 4 },
  { "W_x was created: a 20×10 leaf that will collect a gradient.", 5 },
  { "x was created: 1×10, and it needs no gradient.", 6 },
  { "prev_h was created: 1×20, and it needs no gradient.", 7 },
  { "mm multiplied W_h (20×20) by prev_hᵀ (20×1) and made h2h (20×1).", 9 },
  { "mm multiplied W_x (20×10) by xᵀ (10×1) and made i2h (20×1).", 10 },
  { "+ added h2h and i2h entry by entry and made next_h (20×1).", 11 },
  { "tanh squashed every entry into −1…1; the name next_h now means this result.", 12 },
  { "sum added the 20 entries of next_h: loss = −0.6520.", 14 },
  { "backward() started at loss with gradient 1, because ∂loss/∂loss = 1.", 15 },
  { "SumBackward0 copied the gradient 1 to all 20 entries of next_h.", 15 },
  { "TanhBackward0 multiplied each gradient by 1 − next_h²; 12 of 20 are now almost 0.", 15 },
  { "AddBackward0 passed the same gradient, unchanged, to h2h and to i2h.", 15 },
  { "MmBackward0 multiplied the gradient by x and sent it to W_x; x needs none.", 15 },
  { "AccumulateGrad stored the gradient in W_x.grad (20×10, size 4.23).", 15 },
  { "MmBackward0 multiplied the gradient by prev_h and sent it to W_h; prev_h needs none.", 15 },
  { "AccumulateGrad stored the gradient in W_h.grad (20×20, size 5.58).", 15 },
  { "Backward is done and its saved values are freed, so a second backward() here would fail.", 15 },
};

/* What each step changes in the picture: `before` is replaced by `after` (NULL: appears, goes). */
static const struct { guint step; const char *before, *after; } changes[] = {
  { 0, NULL, "box 4: W_h outline" },
  { 0, NULL, "box 5: W_x outline" },
  { 0, NULL, "box 6: x outline" },
  { 0, NULL, "box 7: prev_h outline" },
  { 1, "box 4: W_h outline", "box 4: W_h 20×20 none-yet leaf" },
  { 2, "box 5: W_x outline", "box 5: W_x 20×10 none-yet leaf" },
  { 3, "box 6: x outline", "box 6: x 1×10 not-required" },
  { 4, "box 7: prev_h outline", "box 7: prev_h 1×20 not-required" },
  { 5, NULL, "pill 9: mm forward" },
  { 5, NULL, "box 9: h2h 20×1 no-row" },
  { 5, NULL, "edge W_h@4 → mm@9" },
  { 5, NULL, "edge prev_h@7 → mm@9 (ᵀ 20×1)" },
  { 5, NULL, "edge mm@9 → h2h@9" },
  { 5, "box 7: prev_h 1×20 not-required", "box 7: prev_h 1×20 not-required S1" },
  { 6, "pill 9: mm forward", "pill 9: mm idle" },
  { 6, NULL, "pill 10: mm forward" },
  { 6, NULL, "box 10: i2h 20×1 no-row" },
  { 6, NULL, "edge W_x@5 → mm@10" },
  { 6, NULL, "edge x@6 → mm@10 (ᵀ 10×1)" },
  { 6, NULL, "edge mm@10 → i2h@10" },
  { 6, "box 6: x 1×10 not-required", "box 6: x 1×10 not-required S1" },
  { 7, "pill 10: mm forward", "pill 10: mm idle" },
  { 7, NULL, "pill 11: + forward" },
  { 7, NULL, "box 11: next_h 20×1 no-row" },
  { 7, NULL, "edge h2h@9 → +@11" },
  { 7, NULL, "edge i2h@10 → +@11" },
  { 7, NULL, "edge +@11 → next_h@11" },
  { 8, "pill 11: + forward", "pill 11: + idle" },
  { 8, "box 11: next_h 20×1 no-row", "box 11: next_h (line 11) 20×1 no-row dimmed" },
  { 8, "edge +@11 → next_h@11", "edge +@11 → next_h (line 11)@11" },
  { 8, NULL, "pill 12: tanh forward" },
  { 8, NULL, "box 12: next_h 20×1 no-row S1 [12 of 20 nearly ±1]" },
  { 8, NULL, "edge next_h (line 11)@11 → tanh@12" },
  { 8, NULL, "edge tanh@12 → next_h@12" },
  { 9, "pill 12: tanh forward", "pill 12: tanh idle" },
  { 9, NULL, "pill 14: sum forward" },
  { 9, NULL, "box 14: loss scalar no-row output" },
  { 9, NULL, "edge next_h@12 → sum@14" },
  { 9, NULL, "edge sum@14 → loss@14" },
  { 10, "pill 14: sum forward", "pill 14: sum ready 1" },
  { 10, "box 14: loss scalar no-row output", "box 14: loss scalar passing output" },
  { 10, "edge sum@14 → loss@14", "edge sum@14 → loss@14 passed" },
  { 11, "pill 14: sum ready 1", "pill 14: sum lit" },
  { 11, "box 14: loss scalar passing output", "box 14: loss scalar passed output" },
  { 11, "edge next_h@12 → sum@14", "edge next_h@12 → sum@14 passed" },
  { 11, "pill 12: tanh idle", "pill 12: tanh ready 1" },
  { 11, "box 12: next_h 20×1 no-row S1 [12 of 20 nearly ±1]", "box 12: next_h 20×1 passing S1 [12 of 20 nearly ±1]" },
  { 11, "edge tanh@12 → next_h@12", "edge tanh@12 → next_h@12 passed" },
  { 12, "pill 14: sum lit", "pill 14: sum ran" },
  { 12, "pill 12: tanh ready 1", "pill 12: tanh lit" },
  { 12, "box 12: next_h 20×1 passing S1 [12 of 20 nearly ±1]", "box 12: next_h 20×1 passed [12 of 20 nearly ±1]" },
  { 12, "edge next_h (line 11)@11 → tanh@12", "edge next_h (line 11)@11 → tanh@12 passed" },
  { 12, "pill 11: + idle", "pill 11: + ready 1" },
  { 12, "box 11: next_h (line 11) 20×1 no-row dimmed", "box 11: next_h (line 11) 20×1 passing dimmed" },
  { 12, "edge +@11 → next_h (line 11)@11", "edge +@11 → next_h (line 11)@11 passed" },
  { 13, "pill 12: tanh lit", "pill 12: tanh ran" },
  { 13, "pill 11: + ready 1", "pill 11: + lit" },
  { 13, "box 11: next_h (line 11) 20×1 passing dimmed", "box 11: next_h (line 11) 20×1 passed dimmed" },
  { 13, "edge h2h@9 → +@11", "edge h2h@9 → +@11 passed" },
  { 13, "edge i2h@10 → +@11", "edge i2h@10 → +@11 passed" },
  { 13, "pill 10: mm idle", "pill 10: mm ready 1" },
  { 13, "pill 9: mm idle", "pill 9: mm ready 2" },
  { 13, "box 9: h2h 20×1 no-row", "box 9: h2h 20×1 passing" },
  { 13, "box 10: i2h 20×1 no-row", "box 10: i2h 20×1 passing" },
  { 13, "edge mm@10 → i2h@10", "edge mm@10 → i2h@10 passed" },
  { 13, "edge mm@9 → h2h@9", "edge mm@9 → h2h@9 passed" },
  { 14, "pill 11: + lit", "pill 11: + ran" },
  { 14, "pill 10: mm ready 1", "pill 10: mm lit" },
  { 14, "box 10: i2h 20×1 passing", "box 10: i2h 20×1 passed" },
  { 14, "box 6: x 1×10 not-required S1", "box 6: x 1×10 not-required" },
  { 14, "edge W_x@5 → mm@10", "edge W_x@5 → mm@10 passed" },
  { 14, "box 5: W_x 20×10 none-yet leaf", "box 5: W_x 20×10 arriving leaf" },
  { 15, "pill 10: mm lit", "pill 10: mm ran" },
  { 15, "pill 9: mm ready 2", "pill 9: mm ready 1" },   /* W_x's AccumulateGrad, which was first, has run */
  { 15, "box 5: W_x 20×10 arriving leaf", "box 5: W_x 20×10 kept leaf" },
  { 16, "pill 9: mm ready 1", "pill 9: mm lit" },
  { 16, "box 9: h2h 20×1 passing", "box 9: h2h 20×1 passed" },
  { 16, "box 7: prev_h 1×20 not-required S1", "box 7: prev_h 1×20 not-required" },
  { 16, "edge W_h@4 → mm@9", "edge W_h@4 → mm@9 passed" },
  { 16, "box 4: W_h 20×20 none-yet leaf", "box 4: W_h 20×20 arriving leaf" },
  { 17, "pill 9: mm lit", "pill 9: mm ran" },
  { 17, "box 4: W_h 20×20 arriving leaf", "box 4: W_h 20×20 kept leaf" },
};

/* Sizes (norms) that stand on the screen, from the step on at which they appear. */
static const struct { guint from, to; const char *label; gboolean gradient; double norm; } sizes[] = {
  { 5, 18, "h2h", FALSE, 13.744234 }, { 6, 18, "i2h", FALSE, 19.115669 }, { 7, 7, "next_h", FALSE, 26.039215 },
  { 8, 18, "next_h (line 11)", FALSE, 26.039215 }, { 8, 18, "next_h", FALSE, 4.1744623 },
  { 9, 18, "loss", FALSE, 0.65202534 }, { 10, 18, "loss", TRUE, 1 }, { 11, 18, "next_h", TRUE, 4.4721360 },
  { 12, 18, "next_h (line 11)", TRUE, 1.2695873 }, { 13, 18, "h2h", TRUE, 1.2695873 },
  { 13, 18, "i2h", TRUE, 1.2695873 }, { 15, 18, "W_x", TRUE, 4.2296357 }, { 17, 18, "W_h", TRUE, 5.5820956 },
};

/* Whole tensors, entry by entry. */
static const struct { guint from; const char *label; gboolean gradient; const float *expected; guint n; } tensors[] = {
  { 5, "h2h", FALSE, demo_h2h, G_N_ELEMENTS (demo_h2h) },
  { 8, "next_h", FALSE, demo_next_h, G_N_ELEMENTS (demo_next_h) },
  { 13, "h2h", TRUE, demo_h2h_grad, G_N_ELEMENTS (demo_h2h_grad) },
  { 13, "i2h", TRUE, demo_h2h_grad, G_N_ELEMENTS (demo_h2h_grad) },
  { 15, "W_x", TRUE, demo_W_x_grad, G_N_ELEMENTS (demo_W_x_grad) },
  { 17, "W_h", TRUE, demo_W_h_grad, G_N_ELEMENTS (demo_W_h_grad) },
};

static Player *
player_of (TdWindow *window)
{
  return td_run_get_player (td_window_get_run (window));
}

static const PlayerNode *
find (Player *player, const char *label, PlayerNodeKind kind)
{
  const PlayerGraph *graph = player_get_graph (player);
  const PlayerNode *found = NULL;

  for (guint k = 0; k < player_graph_get_n_nodes (graph); k++)
    {
      const PlayerNode *node = player_graph_get_node (graph, k);

      if (node->kind == kind && g_str_equal (node->label, label) && !node->outline)
        found = node;
    }
  return found;
}

/* Exactly the lines that the changes up to the step leave, no more and no less. */
static void
check_picture (Player *player, guint step)
{
  g_autoptr (GPtrArray) lines = graph_text_list (player_get_graph (player));
  g_autoptr (GHashTable) expected = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint k = 0; k < G_N_ELEMENTS (changes) && changes[k].step <= step; k++)
    {
      if (changes[k].before != NULL)
        g_assert_true (g_hash_table_remove (expected, changes[k].before));
      g_assert_true (g_hash_table_add (expected, (gpointer) changes[k].after));
    }
  for (guint k = 0; k < lines->len; k++)
    if (!g_hash_table_contains (expected, lines->pdata[k]))
      g_error ("step %u shows “%s”, which is not in the story", step, (char *) lines->pdata[k]);
  g_assert_cmpuint (lines->len, ==, g_hash_table_size (expected));
}

static double
norm_of (Player *player, guint64 shot)
{
  RecShot facts;
  RecStats stats;

  g_assert_true (rec_recording_get_shot (player_get_recording (player), shot, &facts));
  rec_shot_get_stats (&facts, &stats);
  return stats.norm;
}

static double
entry_of (Player *player, guint64 shot, gint64 index)
{
  RecShot facts;

  g_assert_true (rec_recording_get_shot (player_get_recording (player), shot, &facts));
  return rec_shot_get (&facts, index);
}

static void
check_numbers (Player *player, guint step)
{
  for (guint k = 0; k < G_N_ELEMENTS (sizes); k++)
    {
      const PlayerNode *node = find (player, sizes[k].label, PLAYER_BOX);

      if (step < sizes[k].from || step > sizes[k].to)
        continue;
      g_assert_nonnull (node);
      g_assert_cmpfloat_with_epsilon (norm_of (player, sizes[k].gradient ? node->grad_shot : node->shot),
                                      sizes[k].norm, 1e-5 * MAX (1, sizes[k].norm));
    }
  for (guint k = 0; k < G_N_ELEMENTS (tensors); k++)
    {
      const PlayerNode *node = find (player, tensors[k].label, PLAYER_BOX);

      if (step < tensors[k].from)
        continue;
      g_assert_nonnull (node);
      for (guint i = 0; i < tensors[k].n; i++)
        g_assert_cmpfloat_with_epsilon (entry_of (player, tensors[k].gradient ? node->grad_shot : node->shot, i),
                                        tensors[k].expected[i], 1e-5);
    }
}

static void
check_step (TdWindow *window, guint step)
{
  Player *player = player_of (window);

  g_assert_cmpstr (td_window_get_caption (window), ==, story[step].caption);
  g_assert_cmpuint (player_get_line (player, NULL), ==, story[step].line);
  check_picture (player, step);
  check_numbers (player, step);
}

/* The leaves' first numbers and the terms of single entries, as the storyboard has them. */
static void
check_entries (Player *player)
{
  static const struct { const char *label; gboolean gradient; gint64 index; double value; } entries[] = {
    { "W_h", FALSE, 0, -1.1258 }, { "W_h", FALSE, 1, -1.1524 }, { "W_h", FALSE, 2, -0.2506 },
    { "loss", FALSE, 0, -0.6520 }, { "x", FALSE, 3, 1.9536 }, { "prev_h", FALSE, 5, 2.4966 },
    { "i2h", TRUE, 11, 0.8956 }, { "W_x", TRUE, 11 * 10 + 3, 1.7496 }, { "W_h", TRUE, 11 * 20 + 5, 2.2360 },
  };

  for (guint k = 0; k < G_N_ELEMENTS (entries); k++)
    {
      const PlayerNode *node = find (player, entries[k].label, PLAYER_BOX);

      g_assert_cmpfloat_with_epsilon (entry_of (player, entries[k].gradient ? node->grad_shot : node->shot,
                                                entries[k].index), entries[k].value, 5.1e-5);
    }
}

typedef struct { TdWindow *window; const char *entry, *terms, *value; } Entry;

static gboolean
has_entry (gpointer data)
{
  Entry *entry = data;
  g_autofree char *text = td_inspector_dup_text (td_window_get_inspector (entry->window));

  return strstr (text, entry->entry) != NULL && strstr (text, entry->terms) != NULL &&
         strstr (text, entry->value) != NULL;
}

/* The inspector takes one entry apart at the steps of the two products. */
static void
check_inspector (TdWindow *window, guint step)
{
  Entry input = { window, "∂loss/∂W_x[11,3]", "0.8956 × 1.9536", "+1.7496" };
  Entry hidden = { window, "∂loss/∂W_h[11,5]", "0.8956 × 2.4966", "+2.2360" };

  if (step == 14)
    ui_test_wait (has_entry, &input, "the numbers of W_x[11,3]");
  else if (step == 16)
    ui_test_wait (has_entry, &hidden, "the numbers of W_h[11,5]");
}

static gboolean
shows_row (gpointer data)
{
  return td_story_shows_current (td_console_get_story (td_window_get_console (data)));
}

static GtkWidget *
find_current_row (GtkWidget *widget)
{
  GtkWidget *found = gtk_widget_has_css_class (widget, "story-row")
                             && gtk_widget_has_css_class (widget, "current")
                         ? widget
                         : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_current_row (child);
  return found;
}

/* Number, line and caption. */
static void
check_row (TdWindow *window, guint step)
{
  GtkWidget *row = find_current_row (GTK_WIDGET (td_console_get_story (td_window_get_console (window))));
  GtkWidget *number = row != NULL ? gtk_widget_get_first_child (row) : NULL;
  GtkWidget *line = number != NULL ? gtk_widget_get_next_sibling (number) : NULL;
  g_autofree char *step_text = g_strdup_printf ("%u", step),
                  *line_text = g_strdup_printf ("line %u", story[step].line);

  g_assert_nonnull (line);
  g_assert_cmpstr (gtk_label_get_text (GTK_LABEL (number)), ==, step_text);
  g_assert_cmpstr (gtk_label_get_text (GTK_LABEL (line)), ==, line_text);
  g_assert_cmpstr (gtk_label_get_text (GTK_LABEL (gtk_widget_get_next_sibling (line))), ==,
                   story[step].caption);
}

static void
test_storyboard (void)
{
  TdWindow *window = ui_test_window_new (1440, 900);
  Player *player = player_of (window);
  GdkTexture *pictures[19] = { NULL };

  ui_test_open_demo (window);
  check_step (window, 0);
  for (guint step = 1; step <= 18; step++)
    {
      ui_test_step (window, step);
      check_step (window, step);
      check_inspector (window, step);
      ui_test_wait (shows_row, window, "the story's row to come into view");
      check_row (window, step);
      g_assert_true (step >= 9 || g_str_has_prefix (player_get_next (player, step), "Next: line "));
    }
  ui_test_wait_over (window);
  g_assert_cmpuint (player_get_n_steps (player), ==, 18);
  check_entries (player);
  /* Back to the start and forward again: same words, same pixels. */
  for (guint step = 18; step > 0; step--)
    {
      ui_test_wait_settled (window);
      pictures[step] = ui_test_render_widget (window, GTK_WIDGET (td_window_get_stage (window)));
      ui_test_press (window, "F7");
      check_step (window, step - 1);
    }
  for (guint step = 1; step <= 18; step++)
    {
      g_autoptr (GdkTexture) again = NULL;

      ui_test_step (window, step);
      check_step (window, step);
      ui_test_wait_settled (window);
      again = ui_test_render_widget (window, GTK_WIDGET (td_window_get_stage (window)));
      g_assert_cmpuint (ui_test_count_different (pictures[step], again), ==, 0);
    }
  g_assert_cmpuint (ui_test_count_different (pictures[17], pictures[18]), >, 100);
  for (guint k = 0; k < G_N_ELEMENTS (pictures); k++)
    g_clear_object (&pictures[k]);
  ui_test_window_destroy (window);
}

static void
test_by_line (void)
{
  TdWindow *window = ui_test_window_new (1024, 700);
  Player *player = player_of (window);

  ui_test_open_demo (window);
  ui_test_press (window, "F5");
  ui_test_wait_over (window);
  g_assert_cmpuint (player_get_position (player), ==, 18);
  player_set_granularity (player, PLAYER_BY_LINE);
  g_assert_cmpuint (player_get_count_steps (player), ==, 10);
  for (guint k = 10; k > 0; k--)
    {
      g_assert_cmpuint (player_get_count_position (player), ==, k);
      ui_test_press (window, "F7");
    }
  g_assert_cmpuint (player_get_position (player), ==, 0);
  ui_test_window_destroy (window);
}

int
main (int argc, char **argv)
{
  ui_test_init (&argc, &argv);
  g_test_add_func ("/ui/storyboard", test_storyboard);
  g_test_add_func ("/ui/by-line", test_by_line);
  return g_test_run ();
}

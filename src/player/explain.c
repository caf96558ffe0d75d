/* SPDX-License-Identifier: MIT
 *
 * The inspector's data of a node: dispatch, boxes, memory. What an operation
 * says is in explain-pill.c, the numbers of one entry in explain-element.c. */
#include "explain-private.h"
#include "names.h"

#include <string.h>

static void
free_fact (gpointer data)
{
  PlayerFact *fact = data;
  g_free (fact->label);
  g_free (fact->note);
  g_free (fact);
}

void
player_explanation_free (PlayerExplanation *explanation)
{
  Explanation *self = (Explanation *) explanation;

  g_free (explanation->title);
  g_free (explanation->subtitle);
  g_free (explanation->formula);
  g_free (explanation->sizes);
  g_free (explanation->result_size);
  g_free (explanation->backward_title);
  g_free (explanation->words);
  g_free (explanation->from_label);
  g_free (explanation->to_label);
  g_ptr_array_unref (explanation->views);
  g_ptr_array_unref (explanation->derivatives);
  g_ptr_array_unref (explanation->facts);
  g_ptr_array_unref (explanation->element_inputs);
  g_ptr_array_unref (self->strings);
  g_free (self->partial_target);
  g_free (self->partial_out);
  g_free (self->before);
  g_free (self->after);
  g_free (self);
}

Explanation *
player_explanation_alloc (void)
{
  Explanation *explanation = g_new0 (Explanation, 1);

  explanation->pub.derivatives = g_ptr_array_new_with_free_func (g_free);
  explanation->pub.views = g_ptr_array_new_with_free_func (g_free);
  explanation->pub.facts = g_ptr_array_new_with_free_func (free_fact);
  explanation->pub.element_inputs = g_ptr_array_new_with_free_func (g_free);
  explanation->strings = g_ptr_array_new_with_free_func (g_free);
  return explanation;
}

void
player_explain_add_fact (Explanation *explanation, char *label, char *note, guint64 shot, gboolean gradient,
                         guint64 tensor)
{
  PlayerFact *fact = g_new0 (PlayerFact, 1);

  fact->label = label;
  fact->note = note;
  fact->shot = shot;
  fact->gradient = gradient;
  fact->tensor = tensor;
  g_ptr_array_add (explanation->pub.facts, fact);
}

char *
player_explain_size_note (Player *player, guint64 shot)
{
  RecShot data;
  RecStats stats;
  double value;
  g_autofree char *number = NULL;

  if (player_get_scalar (player->recording, shot, &value))
    return player_format_number (value);
  if (shot == 0 || !rec_recording_get_shot (player->recording, shot, &data))
    return g_strdup (PLAYER_NOT_KEPT);
  rec_shot_get_stats (&data, &stats);
  number = player_format_number (stats.norm);
  return g_strdup_printf ("size %s", number);
}

const char *
player_get_gradient_word (PlayerGradState state)
{
  switch (state)
    {
    case PLAYER_GRAD_NOT_REQUIRED:
      return "not required";
    case PLAYER_GRAD_NONE_YET:
      return "none yet";
    case PLAYER_GRAD_CLEARED:
      return "None";
    case PLAYER_GRAD_ARRIVING:
      return "arriving";
    case PLAYER_GRAD_NO_ROW:
    case PLAYER_GRAD_WAITING:
    case PLAYER_GRAD_PASSING:
    case PLAYER_GRAD_PASSED:
    case PLAYER_GRAD_KEPT:
    default:
      return NULL;
    }
}

char *
player_dup_gradient_word (const PlayerNode *node)
{
  switch (node->grad_state)
    {
    case PLAYER_GRAD_WAITING:
      return g_strdup_printf ("waiting %u/%u", node->grad_arrived, node->grad_expected);
    case PLAYER_GRAD_PASSING:
    case PLAYER_GRAD_PASSED:
    case PLAYER_GRAD_KEPT:
      return node->grad_shot == 0 ? g_strdup (PLAYER_NOT_KEPT) : NULL;
    case PLAYER_GRAD_NO_ROW:
    case PLAYER_GRAD_NOT_REQUIRED:
    case PLAYER_GRAD_NONE_YET:
    case PLAYER_GRAD_CLEARED:
    case PLAYER_GRAD_ARRIVING:
    default:
      return g_strdup (player_get_gradient_word (node->grad_state));
    }
}

/* What the row of a gradient says: its word, or how large it is. */
char *
player_explain_gradient_note (Player *player, const PlayerNode *node)
{
  char *word = player_dup_gradient_word (node);

  if (word != NULL || node->grad_state == PLAYER_GRAD_NO_ROW)
    return word;
  return player_explain_size_note (player, node->grad_shot);
}

guint
player_explain_line (Player *player, const PlayerNode *node)
{
  guint line = player_get_line_of (player, node->id, NULL);
  return line != 0 ? line : node->line;
}

static char *
box_subtitle (const PlayerNode *node)
{
  GString *text = g_string_new (NULL);
  g_autofree char *size = player_format_size (node->ndim, node->sizes);

  g_string_append_printf (text, "%s · %s", size, rec_dtype_name (node->dtype));
  if (node->is_leaf)
    g_string_append (text, " · leaf");
  if (node->requires_grad)
    g_string_append (text, " · requires grad");
  if (node->outline)
    g_string_append_printf (text, " · line %u will create it", node->line);
  return g_string_free (text, FALSE);
}

/* The pill whose result a box is, or NULL: what changed it in place did not make it. */
static const PlayerNode *
maker_of (const PlayerGraph *graph, const PlayerNode *box)
{
  const GraphNode *node = player_graph_node (graph, box->id);

  for (guint id = node->first_in; id != PLAYER_NONE; id = player_graph_edge (graph, id)->next_in)
    if (!player_graph_edge (graph, id)->pub.upward) /* an update made no box */
      return player_graph_find_node (graph, player_graph_edge (graph, id)->pub.from);
  return NULL;
}

char *
player_explain_dup_name (const PlayerNode *box)
{
  const char *line = box->dimmed ? g_strrstr (box->label, " (line ") : NULL;

  return line != NULL ? g_strndup (box->label, (gsize) (line - box->label)) : g_strdup (box->label);
}

static char *
box_words (Player *player, const PlayerNode *node)
{
  const PlayerNode *maker = maker_of (player->graph, node);

  if (node->dimmed && maker != NULL && maker->kind == PLAYER_PILL)
    {
      g_autofree char *name = player_explain_dup_name (node);
      return g_strdup_printf ("The name %s has moved on; the tensor that %s made is still in the graph.", name,
                              maker->label);
    }
  if (node->grad_state == PLAYER_GRAD_PASSED)
    return g_strdup_printf ("The gradient passed through %s, but %s is not a leaf, so %s.grad stays None.",
                            node->label, node->label, node->label);
  return NULL;
}

char *
player_explain_dup_partial (const char *root, const char *of)
{
  return g_strdup_printf ("∂%s/∂%s", root != NULL ? root : "result", of);
}

static char *
gradient_label (const PlayerNode *node)
{
  if (node->is_leaf || node->grad_state == PLAYER_GRAD_KEPT)
    return g_strdup_printf ("%s.grad", node->label);
  else
    {
      g_autofree char *partial = player_explain_dup_partial (node->grad_root, node->label);

      return g_strdup_printf ("%s%s", partial, node->grad_state == PLAYER_GRAD_PASSED ? ", passed, not kept" : "");
    }
}

void
player_explain_box (Player *player, const PlayerNode *node, Explanation *explanation)
{
  const PlayerNode *maker = maker_of (player->graph, node);
  char *note = player_explain_gradient_note (player, node);

  explanation->pub.title = g_strdup (node->label);
  explanation->pub.subtitle = box_subtitle (node);
  explanation->pub.words = box_words (player, node);
  if (node->line != 0 && !node->outline)
    explanation->pub.formula = maker != NULL && maker->kind == PLAYER_PILL
                                   ? g_strdup_printf ("made by %s in line %u", maker->label,
                                                      player_explain_line (player, node))
                                   : g_strdup_printf ("made in line %u", player_explain_line (player, node));
  explanation->pub.result_size = player_format_size (node->ndim, node->sizes);
  if (!node->outline)
    player_explain_add_fact (explanation, g_strdup ("values"), player_explain_size_note (player, node->shot),
                             node->shot, FALSE, node->tensor);
  if (note != NULL)
    player_explain_add_fact (explanation, gradient_label (node), note, node->grad_shot, TRUE, node->tensor);
  if (node->n_saved > 0)
    player_explain_add_fact (explanation, g_strdup ("saved for backward"),
                             g_strdup_printf ("by %u grad_fn%s", node->n_saved, node->n_saved == 1 ? "" : "s"), 0, FALSE, 0);
}

PlayerExplanation *
player_explain (Player *player, guint node_id)
{
  const PlayerNode *node;
  Explanation *explanation;

  g_return_val_if_fail (PLAYER_IS_PLAYER (player), NULL);
  node = player_graph_find_node (player->graph, node_id);
  if (node == NULL)
    return NULL;
  explanation = player_explanation_alloc ();
  explanation->pub.is_operation = node->kind == PLAYER_PILL;
  if (node->kind == PLAYER_PILL)
    player_explain_pill (player, node, explanation);
  else
    player_explain_box (player, node, explanation);
  return &explanation->pub;
}

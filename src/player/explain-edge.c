/* SPDX-License-Identifier: MIT
 *
 * What the inspector says of an edge: the value that travels along it, which has
 * no box of its own where the script gave it no name, the views folded into its
 * tag, and the gradient that came back along it. */
#include "captions.h"
#include "explain-private.h"
#include "graph-private.h"
#include "names.h"

#include <string.h>

#define MOST_VIEWS 16

/* What an edge carries is called as its consumer called it. */
static char *
dup_value_name (Player *player, const GraphEdge *edge, const PlayerNode *to)
{
  guint64 at = to->kind == PLAYER_PILL && to->event < player_end_event (player) ? to->event : player_end_event (player);

  if (to->kind == PLAYER_BOX)
    return player_explain_dup_name (to);
  return player_dup_display_name (player->index, edge->pub.tensor, at);
}

/* The values of the tag, the last first; `holder` is what they all look at. */
static guint
list_views (const GraphEdge *edge, const GraphValue **views, const GraphValue **holder)
{
  const GraphValue *value = edge->value;
  guint n = 0;

  while (value != NULL && value->source != NULL && n < MOST_VIEWS
         && (value->node == PLAYER_NONE || (n == 0 && value->node == edge->pub.to)))
    {
      views[n++] = value;
      value = value->source;
    }
  *holder = value;
  return n;
}

static char *
dup_view_sentence (Player *player, const GraphValue *view)
{
  g_autofree RecOp *op = g_new0 (RecOp, 1);
  const RecOpDef *def;
  g_autofree char *name = NULL;

  if (!view->is_grad && player_read_op (player->index, view->event, op, &def) && def->is_view)
    return player_dup_view_caption (player->index, view->event, op, def);
  name = player_dup_display_name (player->index, view->source->id, player_end_event (player));
  if (view->is_grad)
    return g_strdup_printf ("%s.grad is the gradient that %s holds; nothing was copied.", name, name);
  return g_strdup_printf ("The same numbers as %s; nothing was copied.", name);
}

static void
explain_views (Player *player, const GraphEdge *edge, Explanation *out)
{
  const GraphValue *views[MOST_VIEWS], *holder;
  guint n = list_views (edge, views, &holder);

  if (n == 0 || edge->pub.tag == NULL)
    return;
  if (holder != NULL)
    out->pub.sizes = player_format_size (holder->facts.ndim, holder->facts.sizes);
  while (n > 0)
    g_ptr_array_add (out->pub.views, dup_view_sentence (player, views[--n]));
}

/* "made by mm in line 9, goes into + in line 11" */
static char *
dup_way (Player *player, const PlayerNode *from, const PlayerNode *to)
{
  g_autofree char *made = from->kind == PLAYER_PILL ? g_strdup_printf ("made by %s in line %u", from->label,
                                                                       player_explain_line (player, from))
                                                    : g_strdup_printf ("from %s", from->label);

  if (to->kind == PLAYER_BOX)
    return g_strdup_printf ("%s, %s %s", made, from->kind == PLAYER_PILL ? "named" : "to", to->label);
  return g_strdup_printf ("%s, goes into %s in line %u", made, to->label, player_explain_line (player, to));
}

static char *
dup_subtitle (const RecTensor *facts, gboolean unnamed)
{
  g_autofree char *size = player_format_size (facts->ndim, facts->sizes);

  return g_strdup_printf ("%s · %s%s%s", size, rec_dtype_name (facts->dtype), facts->requires_grad ? " · requires grad" : "",
                          unnamed ? " · no name: the edge is this value" : "");
}

/* One use of a value sends one share of its gradient. */
static char *
dup_gradient_label (Player *player, const GraphEdge *edge, const GraphValue *holder, const char *name)
{
  const PlayerNode *to = &player_graph_node (player->graph, edge->pub.to)->pub;
  const GraphNode *box = holder != NULL ? player_graph_node (player->graph, holder->node) : NULL;
  const GraphGradFn *grad_fn = player_graph_node (player->graph, edge->pub.to)->grad_fn;
  gboolean in_pass = grad_fn != NULL && player->graph->pass != 0 && grad_fn->pass == player->graph->pass;
  const char *root = edge->pub.passed ? edge->pub.grad_root : in_pass ? player->graph->root : NULL;
  g_autofree char *partial = player_explain_dup_partial (root, name);
  gboolean kept = box != NULL && (box->pub.is_leaf || box->pub.grad_state == PLAYER_GRAD_KEPT);
  gboolean shared = holder != NULL && holder->n_consumers > 1 && to->kind == PLAYER_PILL;
  g_autofree char *what = shared ? g_strdup_printf ("%s’s share of %s", to->label, partial) : g_strdup (partial);

  if (!edge->pub.passed)
    return g_steal_pointer (&what);
  if (kept)
    return g_strdup_printf ("%s, sent on to %s.grad", what, box->pub.label);
  return g_strdup_printf ("%s, passed, not kept", what);
}

static char *
dup_gradient_note (Player *player, const PlayerEdge *edge)
{
  if (!edge->needs_grad)
    return g_strdup (player_get_gradient_word (PLAYER_GRAD_NOT_REQUIRED));
  return edge->passed ? player_explain_size_note (player, edge->grad_shot)
                      : g_strdup (player_get_gradient_word (PLAYER_GRAD_NONE_YET));
}

PlayerExplanation *
player_explain_edge (Player *player, guint edge_id)
{
  const PlayerEdge *found;
  const GraphEdge *edge;
  const GraphNode *from, *to;
  const GraphValue *views[MOST_VIEWS], *holder = NULL;
  g_autofree char *name = NULL;
  Explanation *out;

  g_return_val_if_fail (PLAYER_IS_PLAYER (player), NULL);
  found = player_graph_find_edge (player->graph, edge_id);
  if (found == NULL)
    return NULL;
  edge = player_graph_edge (player->graph, edge_id);
  from = player_graph_node (player->graph, found->from);
  to = player_graph_node (player->graph, found->to);
  if (edge->value == NULL || from == NULL || to == NULL)
    return NULL;
  out = player_explanation_alloc ();
  name = dup_value_name (player, edge, &to->pub);
  list_views (edge, views, &holder);
  out->pub.is_edge = TRUE;
  out->pub.from = found->from;
  out->pub.to = found->to;
  out->pub.from_label = g_strdup (from->pub.label);
  out->pub.to_label = g_strdup (to->pub.label);
  out->pub.title = g_strdup (name);
  out->pub.subtitle = dup_subtitle (&edge->value->facts, from->pub.kind == PLAYER_PILL && to->pub.kind == PLAYER_PILL);
  out->pub.formula = dup_way (player, &from->pub, &to->pub);
  out->pub.result_size = player_format_size (edge->value->facts.ndim, edge->value->facts.sizes);
  explain_views (player, edge, out);
  player_explain_add_fact (out, g_strdup ("values"), player_explain_size_note (player, found->shot), found->shot, FALSE,
                           found->tensor);
  player_explain_add_fact (out, dup_gradient_label (player, edge, holder, name), dup_gradient_note (player, found),
                           found->passed ? found->grad_shot : 0, TRUE, found->tensor);
  return &out->pub;
}

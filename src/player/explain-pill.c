/* SPDX-License-Identifier: MIT
 *
 * What the inspector says of an operation: its formula and sizes, and once
 * backward has reached it its derivative in symbols and words, what came in and
 * what it sent, and the entry worth showing with its numbers. */
#include "captions.h"
#include "explain-private.h"
#include "graph-private.h"
#include "names.h"

#include <math.h>
#include <string.h>

static char *
dup_title (const PlayerTemplate *context)
{
  const char *name = context->def->symbol != NULL ? context->def->symbol : context->op->written;

  if (name == NULL)
    name = context->def->name;
  return context->def->title != NULL ? g_strdup_printf ("%s  %s", name, context->def->title) : g_strdup (name);
}

static void
explain_forward (const PlayerTemplate *context, PlayerExplanation *out)
{
  GString *sizes = g_string_new (NULL);
  guint n = 0;

  for (guint k = 0; k < context->op->n_inputs; k++)
    {
      g_autofree char *size = NULL;
      if (context->op->inputs[k].id == 0)
        continue;
      size = player_format_size (context->op->inputs[k].ndim, context->op->inputs[k].sizes);
      g_string_append_printf (sizes, "%s%s", n++ > 0 ? " · " : "", size);
    }
  out->sizes = g_string_free (sizes, FALSE);
  out->formula = player_template_expand (context, context->def->formula);
  if (context->op->n_outputs > 0)
    out->result_size = player_format_size (context->op->outputs[0].ndim, context->op->outputs[0].sizes);
}

static void
add_unique (GPtrArray *texts, char *text)
{
  if (text == NULL || g_ptr_array_find_with_equal_func (texts, text, g_str_equal, NULL))
    g_free (text);
  else
    g_ptr_array_add (texts, text);
}

static void
explain_derivatives (const PlayerTemplate *context, PlayerExplanation *out)
{
  for (guint k = 0; k < MIN (context->op->n_inputs, G_N_ELEMENTS (context->def->derivative)); k++)
    {
      g_autofree char *symbols = NULL, *base = NULL, *partial = NULL;
      if (context->op->inputs[k].id == 0 || !player_template_receives (context, k))
        continue;
      symbols = player_template_expand (context, context->def->derivative[k].symbols);
      base = player_template_dup_input (context, k);   /* a transpose stays one: sizes must fit */
      partial = player_template_dup_partial (context, base);
      if (symbols != NULL)
        add_unique (out->derivatives, g_strdup_printf ("%s = %s", partial, symbols));
      if (out->words == NULL)
        out->words = player_template_expand (context, context->def->derivative[k].words);
    }
}

static guint64
run_shot (const RecGradFnRun *run, guint input)
{
  return input < run->n_grad_inputs ? run->grad_inputs[input] : 0;
}

static void
explain_gradients (Player *player, const PlayerTemplate *context, Explanation *out)
{
  guint64 incoming = context->run->n_grad_outputs > 0 ? context->run->grad_outputs[0] : 0;
  g_autofree char *grad = player_template_dup_grad (context);
  g_autofree char *grad_size = context->op->n_outputs > 0
                                 ? player_format_size (context->op->outputs[0].ndim, context->op->outputs[0].sizes) : NULL;

  if (grad != NULL)
    player_explain_add_fact (out, g_strdup_printf ("%s, %s", grad, grad_size),
                             player_explain_size_note (player, incoming), incoming, TRUE,
                             context->op->outputs[0].id);
  for (guint k = 0; k < context->op->n_inputs; k++)
    {
      const RecTensor *input = &context->op->inputs[k];
      g_autofree char *name = NULL, *size = NULL;
      if (input->id == 0)
        continue;
      name = player_template_receives (context, k) ? player_template_dup_input (context, k)
                                                   : player_template_dup_input_base (context, k);
      size = player_format_size (input->ndim, input->sizes);
      if (player_template_receives (context, k))
        player_explain_add_fact (out, g_strdup_printf ("to %s, %s", name, size),
                                 player_explain_size_note (player, run_shot (context->run, k)),
                                 run_shot (context->run, k), TRUE, input->id);
      else
        player_explain_add_fact (out, g_strdup_printf ("to %s", name),
                                 g_strdup (player_get_gradient_word (PLAYER_GRAD_NOT_REQUIRED)), 0, TRUE, 0);
    }
}

static void
set_shape (ExplainShape *shape, const RecTensor *tensor)
{
  *shape = (ExplainShape) { .ndim = MIN (tensor->ndim, G_N_ELEMENTS (shape->sizes)), .offset = tensor->storage_offset };
  for (guint d = 0; d < shape->ndim; d++)
    {
      shape->sizes[d] = tensor->sizes[d];
      shape->strides[d] = tensor->strides != NULL ? tensor->strides[d] : 0;
    }
}

/* Row-major, so that a place in memory tells the indices. */
static gboolean
is_plain (const ExplainShape *shape)
{
  gint64 stride = 1;

  for (guint d = shape->ndim; d-- > 0; stride *= shape->sizes[d])
    if (shape->sizes[d] != 1 && shape->strides[d] != stride)
      return FALSE;
  return TRUE;
}

/* The base's name where its elements can be told from the view's; else the view's own. */
static void
name_input (Player *player, const PlayerTemplate *context, guint k, Explanation *out)
{
  const RecTensor *input = &context->op->inputs[k];
  guint64 base = player_get_base (player->index, input->id, context->op_event);
  const GraphValue *value = player_graph_value (player->graph, base);
  ExplainGrid grid = { 0 };

  set_shape (&grid.own, input);
  if (base != input->id && value != NULL && value->facts.storage == input->storage)
    {
      set_shape (&grid.base, &value->facts);
      grid.through = is_plain (&grid.base);
    }
  g_ptr_array_add (out->pub.element_inputs, base == input->id || grid.through
                     ? player_template_dup_input_base (context, k)
                     : player_dup_display_name (player->index, input->id, context->op_event));
  if (k >= G_N_ELEMENTS (out->inputs))
    return;
  out->inputs[k] = grid;
  out->input_tensors[k] = grid.through ? base : input->id;
}

/* Names and sizes that the lines of one entry use. */
static void
name_element (Player *player, const PlayerTemplate *context, Explanation *out)
{
  const RecOp *op = context->op;

  for (guint k = 0; k < op->n_inputs; k++)
    if (op->inputs[k].id != 0)
      name_input (player, context, k, out);
    else
      g_ptr_array_add (out->pub.element_inputs, g_strdup (""));
  player_explain_find_operator (context, out);
  if (op->n_outputs > 0)
    {
      char *name = player_template_dup_output (context);
      g_ptr_array_add (out->strings, name);
      out->pub.element_out = name;
      set_shape (&out->out.own, &op->outputs[0]);
      out->out_tensor = op->outputs[0].id;
    }
}

/* The picked entry as one of an operand: of that very tensor or what it views, or, where
 * the pick is followed on, of one with the same sizes. −1: it is not there. */
static gint64
find_pick (const PlayerPick *pick, const RecTensor *operand, const ExplainGrid *grid, guint64 named, gboolean exact)
{
  if (pick->tensor == 0)
    return -1;
  if (!exact)
    return operand->ndim == pick->ndim
             && (pick->ndim == 0 || memcmp (operand->sizes, pick->sizes, pick->ndim * sizeof *pick->sizes) == 0)
             ? pick->index : -1;
  if (pick->tensor == operand->id)
    return pick->index;
  return pick->tensor == named && grid != NULL && grid->through ? player_explain_from_place (grid, pick->index) : -1;
}

static gboolean
is_entry (Player *player, guint64 shot, gint64 index)
{
  RecShot facts;

  return index >= 0 && shot != 0 && rec_recording_get_shot (player->recording, shot, &facts) && index < facts.numel;
}

/* The picked entry, among the gradients that were sent. */
static gboolean
choose_picked (Player *player, const PlayerTemplate *context, Explanation *out)
{
  for (int exact = 1; exact >= 0; exact--)
    for (guint k = 0; k < MIN (context->op->n_inputs, G_N_ELEMENTS (out->inputs)); k++)
      {
        gint64 index = context->op->inputs[k].id != 0 && player_template_receives (context, k)
                         ? find_pick (&player->pick, &context->op->inputs[k], &out->inputs[k], out->input_tensors[k],
                                      exact)
                         : -1;
        if (!is_entry (player, run_shot (context->run, k), index))
          continue;
        out->pub.has_element = out->pub.element_picked = TRUE;
        out->pub.element_input = (int) k;
        out->pub.element_index = index;
        return TRUE;
      }
  return FALSE;
}

/* The entry with the largest gradient that was sent, to whichever input got it. */
static void
choose_element (Player *player, const PlayerTemplate *context, Explanation *out)
{
  double largest = -1;

  for (guint k = 0; k < context->op->n_inputs; k++)
    {
      RecShot shot;
      RecStats stats;
      guint64 sent = run_shot (context->run, k);
      if (sent == 0 || !player_template_receives (context, k)
          || !rec_recording_get_shot (player->recording, sent, &shot) || shot.numel == 0)
        continue;
      rec_shot_get_stats (&shot, &stats);
      if (!(fabs (stats.largest) > largest) || stats.largest_index < 0)
        continue;
      largest = fabs (stats.largest);
      out->pub.has_element = TRUE;
      out->pub.element_input = (int) k;
      out->pub.element_index = stats.largest_index;
    }
}

static void
explain_element (Player *player, const PlayerTemplate *context, Explanation *out)
{
  guint k;

  name_element (player, context, out);
  if (!choose_picked (player, context, out))
    choose_element (player, context, out);
  if (!out->pub.has_element)
    return;
  k = (guint) out->pub.element_input;
  out->pub.element_event = context->run_event;
  out->pub.element_target = out->pub.element_inputs->pdata[k];
  if (k < G_N_ELEMENTS (out->inputs))
    {
      out->target = out->inputs[k];
      out->target_tensor = out->input_tensors[k];
    }
  else
    set_shape (&out->target.own, &context->op->inputs[k]);
  out->partial_target = player_template_dup_partial (context, out->pub.element_target);
  out->partial_out = player_template_dup_grad (context);
}

/* Before backward: the picked entry of the result, else the largest. */
static void
explain_result_element (Player *player, const PlayerTemplate *context, Explanation *out)
{
  const RecTensor *output = &context->op->outputs[0];
  gint64 picked;
  RecShot shot;
  RecStats stats;

  if (context->op->n_outputs == 0 || output->shot == 0
      || !rec_recording_get_shot (player->recording, output->shot, &shot) || shot.numel == 0)
    return;
  rec_shot_get_stats (&shot, &stats);
  picked = find_pick (&player->pick, output, NULL, 0, TRUE);
  if (picked < 0)
    picked = find_pick (&player->pick, output, NULL, 0, FALSE);
  out->pub.element_picked = picked >= 0 && picked < shot.numel;
  if (!out->pub.element_picked && stats.largest_index < 0)
    return;
  name_element (player, context, out);
  out->pub.has_element = TRUE;
  out->pub.element_event = context->op_event;
  out->pub.element_input = -1;
  out->pub.element_index = out->pub.element_picked ? picked : stats.largest_index;
  out->pub.element_target = out->pub.element_out;
  out->target_tensor = out->out_tensor;
  out->target = out->out;
  out->partial_target = g_strdup (out->pub.element_out);
  player_explain_find_operands (player, context, out);
}

void
player_explain_pill (Player *player, const PlayerNode *node, Explanation *explanation)
{
  g_autofree RecOp *op = g_new0 (RecOp, 1);
  RecGradFnRun run;
  PlayerTemplate context = { player->index, player->graph, op, NULL, node->event, NULL, G_MAXUINT64 };
  PlayerExplanation *out = &explanation->pub;
  guint64 event = node->grad_fn != 0
                    ? player_run_index_last_run (player->index, node->grad_fn, player_end_event (player)) : G_MAXUINT64;

  if (!player_read_op (player->index, node->event, op, &context.def))
    {
      out->title = g_strdup (node->label);
      out->subtitle = g_strdup ("");
      return;
    }
  out->title = dup_title (&context);
  out->subtitle = node->grad_fn_name != NULL
                      ? g_strdup_printf ("%s · line %u", node->grad_fn_name,
                                         player_explain_line (player, node))
                      : g_strdup_printf ("line %u", player_explain_line (player, node));
  context.graph = NULL;
  explain_forward (&context, out);
  if (event == G_MAXUINT64 || !player_read_run (player->index, event, &run))
    {
      explain_result_element (player, &context, explanation);
      return;
    }
  context.graph = player->graph;
  context.run = &run;
  context.run_event = event;
  out->backward_title = g_strdup_printf ("Backward, step %u",
                                         player_count_of (player, player_run_index_find_step (player->index, event)));
  explain_derivatives (&context, out);
  explain_gradients (player, &context, explanation);
  explain_element (player, &context, explanation);
}

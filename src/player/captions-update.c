/* SPDX-License-Identifier: MIT
 *
 * Captions of updates: a leaf that requires grad, or its .grad, was written to in
 * place and outside the graph. Whether a step went against the gradient is read off
 * what was subtracted: a positive number times the leaf's own .grad. */
#include "captions.h"
#include "names.h"

#include <string.h>

/* "0.1 × w.grad", as the student wrote it, when that is what a tensor is; else NULL. */
static char *
dup_step (PlayerRunIndex *index, guint64 tensor, guint64 leaf, guint64 at)
{
  PlayerTensorInfo *info = player_run_index_get_tensor (index, tensor);
  g_autofree RecOp *op = g_new (RecOp, 1);
  g_autofree char *rate = NULL, *name = NULL;
  const RecOpDef *def;
  gboolean of_grad;
  double factor;

  if (info == NULL || info->op_event == G_MAXUINT64 || !player_read_op (index, info->op_event, op, &def)
      || op->n_inputs != 1 || op->n_scalars != 1 || op->written == NULL || strcmp (op->written, "*") != 0
      || player_run_index_get_target (index, op->inputs[0].id, &of_grad) != leaf || !of_grad)
    return NULL;
  factor = g_ascii_strtod (op->scalars[0], NULL);
  if (!(factor > 0))
    return NULL;
  rate = player_format_written (op->scalars[0]);
  name = player_dup_display_name (index, leaf, at);
  return op->swapped ? g_strdup_printf ("%s × %s.grad", rate, name)
                     : g_strdup_printf ("%s.grad × %s", name, rate);
}

static char *
grad_caption (const RecOp *op, const RecOpDef *def, const char *name, const char *change)
{
  const char *written = op->written != NULL ? op->written : def->name;

  if (strcmp (written, "zero_") == 0)
    return g_strdup_printf ("zero_() set %s.grad back to 0%s, so the next backward() starts fresh.", name,
                            change);
  return g_strdup_printf ("%s.grad was changed in place by %s%s.", name, written, change);
}

/* "−0.5" of add_ (b, alpha=-0.5); NULL: it has none, or it is 1. */
static char *
dup_alpha (const RecOp *op)
{
  g_autofree char *alpha = player_dup_param (op, "alpha");
  return alpha != NULL ? player_format_written (alpha) : NULL;
}

static gboolean
has_alpha_alone (const RecOp *op)
{
  return g_str_has_prefix (op->params, "alpha=") && strchr (op->params, ',') == NULL;
}

/* "0.1 × b": what was added or taken away. */
static char *
dup_other (PlayerRunIndex *index, const RecOp *op, guint64 at)
{
  g_autofree char *other = op->n_inputs == 2   ? player_dup_display_name (index, op->inputs[1].id, at)
                           : op->n_scalars > 0 ? player_format_written (op->scalars[0]) : NULL;
  g_autofree char *alpha = dup_alpha (op);

  return alpha != NULL && other != NULL ? g_strdup_printf ("%s × %s", alpha, other) : g_steal_pointer (&other);
}

static const char *
sign_of (const RecOp *op)
{
  static const struct
  {
    const char *written, *sign;
  } signs[] = {
    { "-=", "−" }, { "sub_", "−" }, { "−", "−" }, { "+=", "+" }, { "add_", "+" }, { "+", "+" },
    { "*=", "×" }, { "mul_", "×" }, { "×", "×" }, { "/=", "/" }, { "div_", "/" }, { "/", "/" },
  };

  if (op->n_inputs == 2 ? op->arguments != NULL && !has_alpha_alone (op)
                        : op->n_inputs != 1 || op->n_scalars == 0 || op->scalar_places[0] != 1)
    return NULL;
  for (guint k = 0; k < G_N_ELEMENTS (signs); k++)
    if (g_strcmp0 (op->written, signs[k].written) == 0)
      return signs[k].sign;
  return NULL;
}

static char *
leaf_caption (PlayerRunIndex *index, const PlayerStepInfo *step, const RecOp *op, const RecOpDef *def,
              guint64 leaf, const char *name, const char *change)
{
  const char *outside = op->grad_mode ? "outside the graph" : "under no_grad";
  const char *written = op->written != NULL ? op->written : def->name, *sign = sign_of (op);
  g_autofree char *other = dup_other (index, op, step->main);
  g_autofree char *against = op->n_inputs == 2 && op->arguments == NULL
                               ? dup_step (index, op->inputs[1].id, leaf, step->main) : NULL;

  if (sign != NULL && strcmp (sign, "−") == 0 && against != NULL)
    return g_strdup_printf ("%s moved a small step against its gradient: new %s = old %s − %s%s.", name, name,
                            name, against, change);
  if (sign != NULL)
    return g_strdup_printf ("%s moved %s: new %s = old %s %s %s%s.", name, outside, name, name, sign, other,
                            change);
  if (strcmp (written, ".data =") == 0 && other != NULL)
    return g_strdup_printf ("%s.data = gave %s the values of %s%s; no graph was recorded.", name, name, other,
                            change);
  return g_strdup_printf ("%s was changed in place by %s %s%s; no graph was recorded.", name, written,
                          outside, change);
}

char *
player_dup_update_caption (PlayerRunIndex *index, const PlayerStepInfo *step)
{
  g_autofree RecOp *op = g_new (RecOp, 1);
  const RecOpDef *def;
  g_autofree char *name = NULL, *change = NULL;
  gboolean of_grad;
  guint64 leaf;

  if (!player_read_op (index, step->main, op, &def) || op->n_outputs == 0)
    return g_strdup ("A leaf was changed in place.");
  leaf = player_run_index_get_target (index, op->outputs[0].id, &of_grad);
  name = player_dup_display_name (index, leaf, step->main);
  change = player_dup_size_change (index, step->shot_before, op->outputs[0].shot);
  return of_grad ? grad_caption (op, def, name, change)
                 : leaf_caption (index, step, op, def, leaf, name, change);
}

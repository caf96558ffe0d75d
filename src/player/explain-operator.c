/* SPDX-License-Identifier: MIT
 *
 * "One entry" of an operation that works entry by entry, as the student wrote it:
 * "d[0] + 1", "a[2] / b[2]", "tanh(h[3])", and the same with its numbers. Which
 * operations do is told by their sign, or, for functions, by the engine's answer
 * that one entry of the input went in. */
#include "explain-private.h"
#include "numbers.h"

#include <math.h>
#include <string.h>

static const struct
{
  const char *written, *sign;
} signs[] = {
  { "+", " + " }, { "-", " − " }, { "*", " × " }, { "/", " / " }, { "**", "^" }, { "//", " // " }, { "%", " % " },
  { ">", " > " }, { "<", " < " }, { ">=", " ≥ " }, { "<=", " ≤ " }, { "==", " = " }, { "!=", " ≠ " },
  { "−", " − " }, { "×", " × " }, { "÷", " / " }, { "≠", " ≠ " }, { "≤", " ≤ " }, { "≥", " ≥ " }, { "=", " = " },
  { "&", " & " }, { "|", " | " }, { "^", " xor " },
};

/* NULL: no sign, or it is not all that was done (alpha), or not in that order (rsub (a, b) is b − a). */
static const char *
sign_of (const PlayerTemplate *context)
{
  const RecOp *op = context->op;
  const char *written = op->written != NULL ? op->written : "";
  gsize length = strlen (written);
  g_autofree char *alpha = player_dup_param (op, "alpha");

  if (alpha != NULL || (g_str_has_prefix (context->def->name, "rsub") && op->n_inputs == 2))
    return NULL;
  if (op->in_place && g_str_has_suffix (written, "="))
    length--;
  for (guint k = 0; k < G_N_ELEMENTS (signs); k++)
    if (length == strlen (signs[k].written) && strncmp (signs[k].written, written, length) == 0)
      return signs[k].sign;
  return NULL;
}

/* "tanh(" and ")", "clamp(" and ", min=0.5)". */
static void
find_function (const PlayerTemplate *context, Explanation *out)
{
  const char *params = context->op->params != NULL ? context->op->params : "";
  g_autofree char *name = g_strndup (context->def->name, strcspn (context->def->name, ".("));

  if (g_strcmp0 (context->op->written, "1 /") == 0)
    {
      out->before = g_strdup ("1 / ");
      out->after = g_strdup ("");
      return;
    }
  out->before = g_strdup_printf ("%s(", name);
  out->after = *params != '\0' ? g_strdup_printf (", %s)", params) : g_strdup (")");
}

void
player_explain_find_operator (const PlayerTemplate *context, Explanation *out)
{
  const RecOp *op = context->op;
  const char *sign = sign_of (context);
  gboolean number_first = op->n_scalars > 0 && (op->scalar_places[0] == 0) != (op->swapped != FALSE);
  g_autofree char *number = op->n_scalars > 0 ? player_format_written (op->scalars[0]) : NULL;

  if (sign != NULL && op->n_inputs == 2 && op->inputs[1].id != 0)
    out->pair_sign = sign;
  else if (sign != NULL && op->n_inputs == 1 && number != NULL)
    {
      out->is_operator = TRUE;
      out->before = number_first ? g_strconcat (number, sign, NULL) : g_strdup ("");
      out->after = number_first ? g_strdup ("") : g_strconcat (sign, number, NULL);
    }
  else if (sign == NULL && op->n_inputs == 1)
    find_function (context, out);
  out->is_smooth = context->def->grad_fn_name != NULL;
}

static gboolean
same_sizes (const RecTensor *a, const RecTensor *b)
{
  return a->ndim == b->ndim && (a->ndim == 0 || memcmp (a->sizes, b->sizes, a->ndim * sizeof *a->sizes) == 0);
}

static void
unravel (const RecTensor *tensor, gint64 flat, gint64 *place)
{
  for (guint d = tensor->ndim; d-- > 0; flat /= MAX (tensor->sizes[d], 1))
    place[d] = flat % MAX (tensor->sizes[d], 1);
}

/* The entry of an operand that stands for the one at place in a result it was broadcast to. */
static gboolean
find_operand (Player *player, const RecTensor *operand, const RecTensor *result, const gint64 *place,
              ExplainOperand *out)
{
  gint64 flat = 0;
  RecShot shot;

  if (operand->ndim > result->ndim || !rec_recording_get_shot (player->recording, operand->shot, &shot) || !shot.whole)
    return FALSE;
  out->ndim = operand->ndim;
  for (guint d = 0; d < operand->ndim; d++)
    {
      guint at = d + result->ndim - operand->ndim;
      if (operand->sizes[d] != 1 && operand->sizes[d] != result->sizes[at])
        return FALSE;
      out->place[d] = operand->sizes[d] == 1 ? 0 : place[at];
      flat = flat * operand->sizes[d] + out->place[d];
    }
  out->value = rec_shot_get (&shot, flat);
  return TRUE;
}

void
player_explain_find_operands (Player *player, const PlayerTemplate *context, Explanation *out)
{
  const RecOp *op = context->op;
  const RecTensor *result = &op->outputs[0];
  gint64 place[8] = { 0 };
  guint n = out->pair_sign != NULL ? 2 : out->before != NULL && same_sizes (&op->inputs[0], result) ? 1 : 0;

  if (n == 0 || result->ndim > G_N_ELEMENTS (place))
    return;
  unravel (result, out->pub.element_index, place);
  for (guint k = 0; k < n; k++)
    if (!find_operand (player, &op->inputs[k], result, place, &out->operands[k]))
      return;
  out->n_operands = n;
}

static char *
dup_operand_name (const Explanation *self, guint k)
{
  const ExplainOperand *operand = &self->operands[k];
  g_autofree char *place = player_explain_dup_place (operand->place, operand->ndim, &self->inputs[k]);

  return g_strconcat (self->pub.element_inputs->pdata[k], place, NULL);
}

/* A negative number behind a sign, or under a power, stands in brackets. */
static char *
dup_operand_number (double value, gboolean bracketed)
{
  g_autofree char *text = value == 0 && signbit (value) ? g_strdup ("−0") : player_format_term (value);

  return bracketed && value < 0 ? g_strdup_printf ("(%s)", text) : g_steal_pointer (&text);
}

static void
dup_pair (const Explanation *self, char **names, char **numbers)
{
  const char *sign = self->pair_sign;
  g_autofree char *left_name = dup_operand_name (self, 0), *right_name = dup_operand_name (self, 1);
  g_autofree char *left = dup_operand_number (self->operands[0].value, *sign == '^');
  g_autofree char *right = dup_operand_number (self->operands[1].value, TRUE);

  *names = g_strconcat (left_name, sign, right_name, NULL);
  *numbers = g_strconcat (left, sign, right, NULL);
}

gboolean
player_explain_dup_function (const Explanation *self, gint64 n_terms, char **names, char **numbers)
{
  g_autofree char *name = NULL, *number = NULL;
  gboolean bracketed = self->is_operator && (*self->before != '\0' || *self->after == '^');

  if (self->partial_out != NULL || self->n_operands == 0 || self->pub.element_inputs->len < self->n_operands)
    return FALSE;
  if (self->n_operands == 2)
    {
      dup_pair (self, names, numbers);
      return TRUE;
    }
  if (!self->is_operator && (n_terms > 1 || (n_terms == 0 && !self->is_smooth)))
    return FALSE;
  name = dup_operand_name (self, 0);
  number = dup_operand_number (self->operands[0].value, bracketed);
  *names = g_strconcat (self->before, name, self->after, NULL);
  *numbers = g_strconcat (self->before, number, self->after, NULL);
  return TRUE;
}

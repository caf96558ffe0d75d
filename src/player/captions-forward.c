/* SPDX-License-Identifier: MIT
 *
 * Captions of the forward pass: leaves, operations, names that move, lines under
 * no_grad, views and output at the end, errors. */
#include "captions.h"
#include "names.h"

#include <string.h>

/* requires_grad_() in the same statement counts. */
static gboolean
needs_grad_after (PlayerRunIndex *index, const PlayerStepInfo *step, const RecTensor *tensor)
{
  gboolean needs = tensor->requires_grad;

  for (guint64 event = step->main + 1; event < step->pub.end_event; event++)
    {
      RecEvent record;
      if (rec_recording_get_event (index->recording, event, &record) && record.kind == REC_REQUIRES_GRAD
          && record.subject == tensor->id)
        needs = record.number != 0;
    }
  return needs;
}

char *
player_dup_leaf_caption (PlayerRunIndex *index, const PlayerStepInfo *step)
{
  RecTensor facts;
  const char *written, *name;
  g_autofree char *size = NULL;
  g_autofree char *who = NULL;

  if (!player_read_leaf (index, step->main, &facts, &written))
    return g_strdup ("A tensor was created.");
  name = player_name_of (index, facts.id, step->main);
  if (name != NULL && player_get_grad_owner (index, facts.id) != 0)
    {
      who = player_dup_display_name (index, player_get_grad_owner (index, facts.id), step->main);
      return g_strdup_printf ("The name %s now means %s.grad.", name, who);
    }
  size = facts.ndim == 1 ? g_strdup_printf ("%" G_GINT64_FORMAT "-entry", facts.sizes[0])
                         : player_format_size (facts.ndim, facts.sizes);
  who = name != NULL ? g_strdup (name) : g_strdup_printf ("A tensor without a name (%s)", written);
  if (needs_grad_after (index, step, &facts))
    return g_strdup_printf ("%s was created: a %s leaf that will collect a gradient.", who, size);
  return g_strdup_printf ("%s was created: %s%s%s, and it needs no gradient.", who, facts.ndim <= 1 ? "a " : "", size,
                          facts.ndim == 1 ? " vector" : "");
}

static gboolean
any_input_requires_grad (const RecOp *op)
{
  for (guint k = 0; k < op->n_inputs; k++)
    if (op->inputs[k].id != 0 && op->inputs[k].requires_grad)
      return TRUE;
  return FALSE;
}

static char *
plain_op_caption (const PlayerTemplate *context)
{
  const RecOp *op = context->op;
  const char *written = op->written != NULL ? op->written : context->def->name;
  g_autofree char *out = player_template_dup_output (context);
  g_autofree char *size = NULL;

  if (out == NULL)
    return g_strdup_printf ("%s ran.", written);
  size = player_format_size (op->outputs[0].ndim, op->outputs[0].sizes);
  return g_strdup_printf ("%s made %s (%s).", written, out, size);
}

static char *
with_moved_name (const char *caption, const char *name)
{
  gsize length = strlen (caption);
  if (length > 0 && caption[length - 1] == '.')
    length--;
  return g_strdup_printf ("%.*s; the name %s now means this result.", (int) length, caption, name);
}

char *
player_dup_op_caption (PlayerRunIndex *index, const PlayerStepInfo *step)
{
  g_autofree RecOp *op = g_new (RecOp, 1);
  PlayerTemplate context = { index, NULL, op, NULL, step->main, NULL, G_MAXUINT64 };
  char *special, *moved = NULL;
  g_autofree char *caption = NULL;

  if (!player_read_op (index, step->main, op, &context.def))
    return g_strdup ("An operation ran.");
  special = player_dup_nan_caption (index, step, op, context.def);
  if (special != NULL)
    return special;
  if (!op->grad_mode && any_input_requires_grad (op))
    {
      g_autofree char *where = player_dup_place (index, step->pub.file, step->pub.line, TRUE);
      return g_strdup_printf ("%s ran under no_grad: values were computed, but no graph was recorded.", where);
    }
  if (step->moved_name != NULL)
    moved = player_template_expand (&context, context.def->caption_moved);
  if (moved != NULL)
    return moved;
  caption = player_template_expand (&context, context.def->caption);
  if (caption == NULL)
    caption = plain_op_caption (&context);
  return step->moved_name != NULL ? with_moved_name (caption, step->moved_name) : g_steal_pointer (&caption);
}

char *
player_dup_view_caption (PlayerRunIndex *index, guint64 event, const RecOp *op, const RecOpDef *def)
{
  PlayerTemplate context = { index, NULL, op, def, event, NULL, G_MAXUINT64 };
  char *caption = player_template_expand (&context, def->caption);
  g_autofree char *base = NULL, *size = NULL;
  gint64 numel = 1, base_numel = 1;

  if (caption != NULL || op->n_inputs == 0 || op->n_outputs == 0)
    return caption != NULL ? caption : g_strdup ("A view was made; nothing was copied.");
  base = player_template_dup_input (&context, 0);
  size = player_format_size (op->outputs[0].ndim, op->outputs[0].sizes);
  for (guint d = 0; d < op->outputs[0].ndim; d++)
    numel *= op->outputs[0].sizes[d];
  for (guint d = 0; d < op->inputs[0].ndim; d++)
    base_numel *= op->inputs[0].sizes[d];
  if (numel == base_numel)
    return g_strdup_printf ("%s.%s(%s) made a view: the same %" G_GINT64_FORMAT
                            " numbers read as %s, nothing was copied.",
                            base, op->written != NULL ? op->written : def->name,
                            op->params != NULL ? op->params : "", numel, size);
  return g_strdup_printf ("A view of %s was made: %" G_GINT64_FORMAT " of its %" G_GINT64_FORMAT
                          " numbers read as %s, nothing was copied.", base, numel, base_numel, size);
}

static char *
output_caption (PlayerRunIndex *index, const RecEvent *record)
{
  gsize nbytes = 0;
  const char *bytes = rec_recording_get_bytes (index->recording, record, &nbytes);
  g_autofree char *text = g_utf8_make_valid (bytes != NULL ? bytes : "", (gssize) MIN (nbytes, 200));
  g_autofree char *where = player_dup_place (index, record->file, record->line, TRUE);
  char *end = strchr (text, '\n');
  const char *more = (end != NULL && end[1] != '\0') || nbytes > 200 ? "…" : "";

  if (end != NULL)
    *end = '\0';
  if (record->line == 0)
    return g_strdup_printf ("The script printed “%s%s”.", text, more);
  return g_strdup_printf ("%s printed “%s%s”.", where, text, more);
}

char *
player_dup_rest_caption (PlayerRunIndex *index, const PlayerStepInfo *step)
{
  g_autofree RecOp *op = NULL;
  const RecOpDef *def;
  RecEvent record;

  if (!rec_recording_get_event (index->recording, step->main, &record))
    return g_strdup ("");
  if (record.kind == REC_OUTPUT)
    return output_caption (index, &record);
  op = g_new (RecOp, 1);
  return player_read_op (index, step->main, op, &def) ? player_dup_view_caption (index, step->main, op, def) : g_strdup ("");
}

static gboolean
is_about_sizes (const char *message)
{
  return message != NULL && (strstr (message, "shape") != NULL || strstr (message, "size") != NULL);
}

/* "mm stopped on line 10: W_x has 10 columns, …" for an operation that raised. */
static char *
failed_op_caption (PlayerRunIndex *index, const PlayerStepInfo *step, const char *message)
{
  g_autofree RecOp *op = g_new (RecOp, 1);
  PlayerTemplate context = { index, NULL, op, NULL, index->failed_op, NULL, G_MAXUINT64 };
  g_autofree char *why = NULL, *where = NULL;
  const char *written;

  if (index->failed_op == G_MAXUINT64 || index->failed_op < step->pub.first_event
      || !player_read_op (index, index->failed_op, op, &context.def)
      || (op->message != NULL && message != NULL && strstr (message, op->message) == NULL))
    return NULL;
  written = op->written != NULL ? op->written : context.def->name;
  if (is_about_sizes (op->message))
    why = player_template_expand (&context, context.def->shape_rule);
  if (why == NULL)
    why = g_strdup (op->message != NULL ? op->message : message);
  where = player_dup_place (index, step->pub.file, step->pub.line, FALSE);
  return g_strdup_printf ("%s stopped on %s: %s%s", written, where, why != NULL ? why : "",
                          why != NULL && g_str_has_suffix (why, ".") ? "" : ".");
}

static gboolean
is_about_memory (const RecErrorText *text)
{
  return g_strcmp0 (text->type, "MemoryError") == 0
         || (text->message != NULL && strstr (text->message, "can't allocate memory") != NULL);
}

char *
player_dup_error_caption (PlayerRunIndex *index, const PlayerStepInfo *step)
{
  RecEvent record;
  RecErrorText text = { 0 };
  char *caption;
  g_autofree char *message = NULL, *where = NULL;
  char *end;

  if (!rec_recording_get_event (index->recording, step->main, &record)
      || !rec_recording_get_error (index->recording, &record, &text))
    return g_strdup ("The script stopped with an error.");
  if (text.process_ended)
    return g_strdup (text.message);
  if (is_about_memory (&text))
    {
      where = player_dup_place (index, step->pub.file, step->pub.line, FALSE);
      return g_strdup_printf ("Memory ran out on %s. What was computed until then stays.", where);
    }
  caption = failed_op_caption (index, step, text.message);
  if (caption != NULL)
    return caption;
  message = g_strdup (text.message != NULL ? text.message : "");
  end = strchr (message, '\n');
  if (end != NULL)
    *end = '\0';
  where = player_dup_place (index, step->pub.file, step->pub.line, TRUE);
  return g_strdup_printf ("%s stopped with %s%s%s", where, text.type != NULL ? text.type : "an error",
                          *message != '\0' ? ": " : ".", message);
}

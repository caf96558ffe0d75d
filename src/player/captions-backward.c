/* SPDX-License-Identifier: MIT
 *
 * Captions of backward passes and of what is done to gradients and values between
 * them. How many gradients a tensor waited for was found by the graph. */
#include "captions.h"

#include <math.h>
#include <string.h>

#define ROUNDING 1e-5        /* of a sum in float32, relative */
#define MOST_NAMED 3         /* gradients that a sentence lists */

char *
player_dup_backward_begins_caption (PlayerRunIndex *index, const PlayerStepInfo *step)
{
  RecEvent record;
  RecBackward backward;
  g_autofree char *root = NULL;
  double grad;

  if (!rec_recording_get_event (index->recording, step->main, &record)
      || !rec_recording_get_backward (index->recording, &record, &backward) || backward.n_roots == 0)
    return g_strdup ("backward() started.");
  root = player_dup_display_name (index, backward.roots[0], step->main);
  if (backward.n_roots > 1)
    return g_strdup_printf ("backward() started at %s and %u more.", root, backward.n_roots - 1);
  if (!player_get_scalar (index->recording, backward.grads[0], &grad))
    return g_strdup_printf ("backward() started at %s with the gradient it was given.", root);
  if (grad != 1)
    {
      g_autofree char *value = player_format_number (grad);
      return g_strdup_printf ("backward() started at %s with gradient %s, as it was given.", root, value);
    }
  return g_strdup_printf ("backward() started at %s with gradient 1, because ∂%s/∂%s = 1.", root, root, root);
}

static const char *
ordinal (guint n)
{
  static const char *const words[] = { "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth",
                                       "ninth", "tenth" };
  return n >= 1 && n <= G_N_ELEMENTS (words) ? words[n - 1] : "next";
}

/* What came together: the gradient with which the grad_fn ran, or what AccumulateGrad stored. */
static gboolean
get_sum (PlayerRunIndex *index, const PlayerArrival *arrival, double *sum)
{
  guint64 event = player_run_index_next_run (index, arrival->grad_fn, arrival->event);
  RecGradFnRun run;

  if (event == G_MAXUINT64 || !player_read_run (index, event, &run))
    return FALSE;
  if (arrival->leaf)
    return !run.accumulated && player_get_scalar (index->recording, run.leaf_grad, sum);
  return arrival->output_nr < run.n_grad_outputs
         && player_get_scalar (index->recording, run.grad_outputs[arrival->output_nr], sum);
}

/* ": 0.3000 + 0.1200 = 0.4200" for one-element gradients that nothing changed on the way, else "". */
static char *
dup_addition (PlayerRunIndex *index, const PlayerArrival *arrival)
{
  double first, second, sum;
  g_autofree char *first_text = NULL, *second_text = NULL, *sum_text = NULL;

  if (arrival->expected != 2 || !player_get_scalar (index->recording, arrival->first, &first)
      || !player_get_scalar (index->recording, arrival->shot, &second) || !get_sum (index, arrival, &sum)
      || !(fabs (first + second - sum) <= ROUNDING * (fabs (first) + fabs (second))))
    return g_strdup ("");
  first_text = player_format_number (first);
  second_text = player_format_number (second);
  sum_text = player_format_number (sum);
  return g_strdup_printf (": %s + %s = %s", first_text, second_text, sum_text);
}

/* "The first of 2 gradients reached h; …": NULL when nothing waits. */
static char *
dup_arrival (PlayerRunIndex *index, const PlayerStepInfo *step)
{
  const PlayerArrival *arrival = &step->arrival;
  g_autofree char *name = NULL;
  g_autofree char *addition = NULL;

  if (arrival->tensor == 0 || arrival->expected < 2)
    return NULL;
  name = player_dup_display_name (index, arrival->tensor, step->main);
  if (arrival->nr < arrival->expected)
    return g_strdup_printf ("The %s of %u gradients reached %s; it waits here until the %s has come.",
                            ordinal (arrival->nr), arrival->expected, name, ordinal (arrival->nr + 1));
  addition = dup_addition (index, arrival);
  if (arrival->leaf)
    return g_strdup_printf ("The %s gradient reached %s and was added%s, so AccumulateGrad can store the sum.",
                            ordinal (arrival->nr), name, addition);
  return g_strdup_printf ("The %s gradient reached %s and was added%s, so %s can pass it on.", ordinal (arrival->nr),
                          name, addition, name);
}

static char *
plain_grad_fn_caption (const PlayerTemplate *context)
{
  const char *grad_fn = context->def->grad_fn_name != NULL ? context->def->grad_fn_name : context->def->name;
  g_autofree char *receivers = player_template_dup_receivers (context);

  if (*receivers == '\0')
    return g_strdup_printf ("%s ran; none of its inputs needs a gradient.", grad_fn);
  return g_strdup_printf ("%s passed the gradient on to %s.", grad_fn, receivers);
}

/* "h is no leaf, but it retains its gradient: h.grad (20×1, size 4.47)." for what the step kept, or NULL. */
static char *
dup_retained (PlayerRunIndex *index, const PlayerStepInfo *step)
{
  g_autoptr (GString) text = g_string_new (NULL);
  RecEvent record;

  for (guint64 k = step->pub.first_event; k < step->main; k++)
    if (rec_recording_get_event (index->recording, k, &record) && record.kind == REC_GRAD_RETAINED
        && record.number != 0)
      {
        g_autofree char *name = player_dup_display_name (index, record.subject, k), *size = NULL;
        guint64 shot_id = rec_recording_get_event_shot (index->recording, &record);
        RecShot shot;

        if (rec_recording_get_shot (index->recording, shot_id, &shot))
          {
            g_autofree char *sizes = player_format_size (shot.ndim, shot.sizes), *number = NULL;
            double norm = 0;
            player_get_norm (index, shot_id, &norm);
            number = player_format_short (norm);
            size = g_strdup_printf (" (%s, size %s)", sizes, number);
          }
        g_string_append_printf (text, " %s is no leaf, but it retains its gradient: %s.grad%s.", name, name,
                                size != NULL ? size : "");
      }
  return text->len > 0 ? g_string_free (g_steal_pointer (&text), FALSE) : NULL;
}

char *
player_dup_grad_fn_caption (PlayerRunIndex *index, const PlayerStepInfo *step)
{
  g_autofree RecOp *op = g_new (RecOp, 1);
  RecGradFnRun run;
  PlayerTemplate context = { index, NULL, op, NULL, 0, &run, step->main };
  g_autofree char *caption = NULL, *arrival = NULL, *retained = NULL;

  if (!player_read_run (index, step->main, &run)
      || !player_run_index_get_op_of (index, run.grad_fn, op, &context.def))
    return g_strdup ("A grad_fn ran.");
  context.op_event = player_run_index_get_grad_fn (index, run.grad_fn)->op_event;
  caption = player_template_expand (&context, context.def->backward_caption);
  if (caption == NULL)
    caption = plain_grad_fn_caption (&context);
  arrival = dup_arrival (index, step);
  retained = dup_retained (index, step);
  if (arrival != NULL && step->arrival.event < step->main)   /* through a folded view */
    return g_strconcat (arrival, " ", caption, retained, NULL);
  return g_strconcat (caption, arrival != NULL ? " " : "", arrival != NULL ? arrival : "", retained, NULL);
}

char *
player_dup_accumulate_caption (PlayerRunIndex *index, const PlayerStepInfo *step)
{
  RecGradFnRun run;
  RecShot shot;
  double norm;
  g_autofree char *leaf = NULL, *size = NULL, *number = NULL;

  if (!player_read_run (index, step->main, &run))
    return g_strdup ("AccumulateGrad stored a gradient.");
  leaf = player_dup_display_name (index, run.leaf, step->main);
  if (run.accumulated)
    {
      g_autofree char *change = player_dup_size_change (index, step->shot_before, run.leaf_grad);
      return g_strdup_printf ("%s.grad already held a gradient, so the new one was added to it%s.", leaf, change);
    }
  if (!rec_recording_get_shot (index->recording, run.leaf_grad, &shot) || !player_get_norm (index, run.leaf_grad, &norm))
    return g_strdup_printf ("AccumulateGrad stored the gradient in %s.grad.", leaf);
  size = player_format_size (shot.ndim, shot.sizes);
  number = player_format_short (norm);
  return g_strdup_printf ("AccumulateGrad stored the gradient in %s.grad (%s, size %s).", leaf, size, number);
}

/* Whether a grad_fn that ran between two events freed what it had saved. */
static gboolean
freed_something (PlayerRunIndex *index, guint64 from, guint64 to)
{
  RecEvent record;
  RecGradFnRun run;

  for (guint64 k = from; k < to; k++)
    if (rec_recording_get_event (index->recording, k, &record) && record.kind == REC_GRAD_FN_DONE &&
        rec_recording_get_grad_fn_run (index->recording, &record, &run) && run.saved_freed)
      return TRUE;
  return FALSE;
}

char *
player_dup_backward_ends_caption (PlayerRunIndex *index, const PlayerStepInfo *step)
{
  RecEvent record;
  RecBackward backward = { 0 };
  guint64 begin = step->main;

  for (guint k = index->passes->len; k > 0 && begin == step->main; k--)
    begin = MIN (begin, g_array_index (index->passes, PlayerPass, k - 1).event);
  if (rec_recording_get_event (index->recording, begin, &record))
    rec_recording_get_backward (index->recording, &record, &backward);
  if (!backward.retain_graph && !freed_something (index, begin, step->main))
    return g_strdup ("Backward is done; these operations had saved nothing, so backward() can run here again.");
  if (backward.retain_graph)
    return g_strdup ("Backward is done and its saved values are kept, so backward() can run here again.");
  return g_strdup ("Backward is done and its saved values are freed, so a second backward() here would fail.");
}

/* "a.grad, b.grad and w.grad" of those that a step cleared, or replaced; n: how many. NULL: none. */
static char *
dup_replaced (PlayerRunIndex *index, const PlayerStepInfo *step, gboolean cleared, guint *n)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  GString *text;
  RecEvent record;

  for (guint64 k = step->main; k < step->pub.end_event; k++)
    if (rec_recording_get_event (index->recording, k, &record) && record.kind == REC_GRAD_REPLACED && record.inside == 0
        && (rec_recording_get_event_shot (index->recording, &record) == 0) == cleared)
      {
        g_autofree char *name = player_dup_display_name (index, record.subject, step->main);
        g_ptr_array_add (names, g_strconcat (name, ".grad", NULL));
      }
  *n = names->len;
  if (names->len == 0)
    return NULL;
  text = g_string_new (names->pdata[0]);
  for (guint k = 1; k < MIN (names->len, MOST_NAMED); k++)
    g_string_append_printf (text, "%s%s", k + 1 == names->len ? " and " : ", ", (const char *) names->pdata[k]);
  if (names->len > MOST_NAMED)
    g_string_append_printf (text, " and %u more", names->len - MOST_NAMED);
  return g_string_free (text, FALSE);
}

static char *
dup_cleared (const PlayerStepInfo *step, const char *names, guint n)
{
  if (g_strcmp0 (step->function, "zero_grad") != 0)
    return g_strdup_printf ("%s %s set back to None, so the next backward() starts fresh.", names,
                            n == 1 ? "was" : "were");
  if (n == 1)
    return g_strdup_printf ("zero_grad() set %s back to None, so the next backward() starts fresh.", names);
  return g_strdup_printf ("zero_grad() set %u gradients back to None, so the next backward() starts fresh.", n);
}

char *
player_dup_grad_replaced_caption (PlayerRunIndex *index, const PlayerStepInfo *step)
{
  guint n_cleared, n_set;
  g_autofree char *cleared = dup_replaced (index, step, TRUE, &n_cleared);
  g_autofree char *set = dup_replaced (index, step, FALSE, &n_set);
  g_autofree char *clearing = cleared != NULL ? dup_cleared (step, cleared, n_cleared) : NULL;
  g_autofree char *where = player_dup_place (index, step->pub.file, step->pub.line, FALSE);
  g_autofree char *setting = set != NULL ? g_strdup_printf ("%s %s replaced in %s.", set, n_set == 1 ? "was" : "were",
                                                            where) : NULL;

  if (clearing == NULL || setting == NULL)
    return g_strdup (clearing != NULL ? clearing : setting != NULL ? setting : "A gradient was replaced.");
  return g_strconcat (clearing, " ", setting, NULL);
}

char *
player_dup_storage_caption (PlayerRunIndex *index, const PlayerStepInfo *step)
{
  RecEvent record;
  g_autofree char *name = NULL, *change = NULL;

  if (!rec_recording_get_event (index->recording, step->main, &record))
    return g_strdup ("Values were changed in place.");
  name = player_dup_display_name (index, record.subject, step->main);
  change = player_dup_size_change (index, step->shot_before, rec_recording_get_event_shot (index->recording, &record));
  return g_strdup_printf ("%s was changed in place%s.", name, change);
}

/* SPDX-License-Identifier: MIT
 *
 * One element, explained by the engine itself. A gradient's element is linear in
 * the gradients that arrived: the vjp of its vjp gives each one's factor. An
 * output's element is a sum of its inputs' elements where the operation is linear
 * in them (its factors do not change with them); otherwise its slopes are given. The generator and grad mode are left
 * as they were. Runner side, between two statements. */
#include "insight.h"

#include "terms.h"

#include <json-glib/json-glib.h>
#include <math.h>

typedef struct
{
  RecRecording *recording;
  InsightRerun rerun;
  InsightTerms terms;
  EngTensor *shown;                        /* the tensor whose element is asked for */
  EngTensor *groups[REC_MAX_OPERANDS];     /* tensors that terms stand in */
  int places[REC_MAX_OPERANDS];            /* which input (or which arrived gradient) each of them is */
  guint n_groups;
  gboolean linear;                         /* the terms add up to the value */
  gboolean curved;                         /* a factor changes with what it is multiplied by */
} Question;

static gboolean
refuse (GError **error, const char *why)
{
  g_set_error_literal (error, INSIGHT_ERROR, INSIGHT_ERROR_QUESTION, why);
  return FALSE;
}

static gboolean
check_index (EngTensor *tensor, gint64 index, GError **error)
{
  if (index >= 0 && index < eng_tensor_get_numel (tensor))
    return TRUE;
  return refuse (error, "There is no such element");
}

/* Two roundings of the same sum. */
static gboolean
is_close (double a, double b, double scale)
{
  return a == b || (isnan (a) && isnan (b)) || fabs (a - b) <= 1e-5 * (scale + fabs (a) + fabs (b));
}

/* A gradient */

static gboolean
find_operation (RecRecording *recording, guint64 before, guint64 grad_fn, guint64 *found)
{
  RecEvent event;
  for (guint64 k = before; k-- > 0;)
    if (rec_recording_get_event (recording, k, &event) && event.kind == REC_OP_DONE && event.object == grad_fn)
      {
        *found = k;
        return TRUE;
      }
  return FALSE;
}

/* The gradients that arrived, as leaves: the answer is linear in them. */
static gboolean
take_arrived (Question *question, const RecGradFnRun *run, GError **error)
{
  for (guint k = 0; k < run->n_grad_outputs && k < ENG_MAX_OUTPUTS && question->rerun.outputs[k] != NULL; k++)
    {
      EngTensor *arrived = run->grad_outputs[k] != 0
        ? insight_tensor_from_shot (question->recording, run->grad_outputs[k], "the gradient that arrived", error)
        : insight_zeros (question->rerun.outputs[k], error);
      if (arrived == NULL)
        return FALSE;
      question->places[question->n_groups] = k;
      question->groups[question->n_groups++] = arrived;
      if (!eng_tensor_set_requires_grad (arrived, TRUE, error))
        return FALSE;
    }
  return question->n_groups > 0 || refuse (error, "No gradient arrived here");
}

/* Whether a factor changes with what it is multiplied by. Then the products may add up to the value
 * (the norm's do), but they are no terms that the operation added. The seed has no symmetry by which
 * changes could cancel. */
static gboolean
find_curved (Question *question, EngTensor **of, guint n, EngTensor *factors, GError **error)
{
  EngTensor *slopes[REC_MAX_OPERANDS] = { NULL };
  g_autoptr (EngTensor) seed = NULL;
  if (question->curved || !eng_tensor_get_requires_grad (factors))
    return TRUE;
  seed = insight_zeros (factors, error);
  if (seed == NULL)
    return FALSE;
  for (gint64 k = 0; k < eng_tensor_get_numel (seed); k++)
    eng_tensor_set_double (seed, k, 1.0 / (1.37 + (double) k));
  if (!eng_grad (&factors, &seed, 1, of, n, slopes, TRUE, FALSE, TRUE, error))
    return FALSE;
  for (guint k = 0; k < n; k++)
    {
      for (gint64 m = 0; slopes[k] != NULL && m < eng_tensor_get_numel (slopes[k]); m++)
        question->curved = question->curved || eng_tensor_get_double (slopes[k], m) != 0.0;
      g_clear_pointer (&slopes[k], eng_tensor_unref);
    }
  return TRUE;
}

/* Which gradients the terms' factors come from: ∂shown[index] / ∂arrived. */
static gboolean
collect_factors (Question *question, EngTensor **of, guint n, gint64 index, GError **error)
{
  EngTensor *factors[REC_MAX_OPERANDS] = { NULL };
  g_autoptr (EngTensor) seed = insight_one_hot (question->shown, index, error);
  gboolean done = seed != NULL && eng_grad (&question->shown, &seed, 1, of, n, factors, TRUE, TRUE, TRUE, error);
  for (guint k = 0; done && k < n; k++)
    if (factors[k] != NULL)
      insight_terms_add (&question->terms, k, of[k], factors[k]);
  for (guint k = 0; done && k < n; k++)
    if (factors[k] != NULL)
      done = insight_terms_name (&question->terms, k, factors[k], &question->rerun, error)
             && find_curved (question, of, n, factors[k], error);
  for (guint k = 0; k < n; k++)
    g_clear_pointer (&factors[k], eng_tensor_unref);
  return done;
}

/* What is computed again must be what was sent then. */
static gboolean
check_same (Question *question, guint64 shot, gint64 index, GError **error)
{
  g_autoptr (EngTensor) then = insight_tensor_from_shot (question->recording, shot, "The gradient that was sent", error);
  if (then == NULL)
    return FALSE;
  double a = eng_tensor_get_double (question->shown, index);
  if (eng_tensor_get_numel (then) == eng_tensor_get_numel (question->shown)
      && is_close (a, eng_tensor_get_double (then, index), 0.0))
    return TRUE;
  g_set_error (error, INSIGHT_ERROR, INSIGHT_ERROR_NOT_AGAIN,
               "%s cannot be looked into: when it runs again it does not give the same numbers", question->rerun.op.written);
  return FALSE;
}

static gboolean
ask_gradient (Question *question, guint64 event, const RecGradFnRun *run, int input, gint64 index, GError **error)
{
  InsightRerun *rerun = &question->rerun;
  guint64 operation;
  if (!find_operation (question->recording, event, run->grad_fn, &operation))
    return refuse (error, "The operation of this grad_fn was not recorded");
  if (!insight_rerun (rerun, question->recording, operation, error) || !take_arrived (question, run, error))
    return FALSE;
  if (input < 0 || (guint) input >= rerun->n_inputs || (guint) input >= run->n_grad_inputs
      || run->grad_inputs[input] == 0 || rerun->inputs[input] == NULL)
    return refuse (error, "No gradient was sent to this input");
  if (!eng_grad (rerun->outputs, question->groups, question->n_groups, &rerun->inputs[input], 1, &question->shown,
                 TRUE, TRUE, FALSE, error))
    return FALSE;
  question->linear = TRUE;
  return check_index (question->shown, index, error)
         && check_same (question, run->grad_inputs[input], index, error)
         && collect_factors (question, question->groups, question->n_groups, index, error);
}

/* AccumulateGrad hands on what arrived. */
static gboolean
ask_accumulate (Question *question, const RecGradFnRun *run, gint64 index, GError **error)
{
  question->shown = insight_tensor_from_shot (question->recording, run->grad_outputs[0], "the gradient that arrived", error);
  if (question->shown == NULL || !check_index (question->shown, index, error))
    return FALSE;
  g_autoptr (EngTensor) ones = insight_one_hot (question->shown, index, error);
  if (ones == NULL)
    return FALSE;
  question->groups[question->n_groups++] = eng_tensor_ref (question->shown);
  insight_terms_add (&question->terms, 0, question->shown, ones);
  question->linear = TRUE;
  return TRUE;
}

/* An output */

/* Keeps the terms if they add up to the value. */
static gboolean
try_inputs (Question *question, EngTensor **inputs, guint n, gint64 index, GError **error)
{
  double value = eng_tensor_get_double (question->shown, index), scale = 0.0;
  question->terms = (InsightTerms){ 0 };
  question->curved = FALSE;
  if (!collect_factors (question, inputs, n, index, error))
    return FALSE;
  for (guint k = 0; k < question->terms.n_shown; k++)
    scale += fabs (question->terms.terms[k].product);
  question->linear = !question->curved && is_close (insight_terms_get_sum (&question->terms), value, scale);
  return TRUE;
}

static gboolean
ask_output (Question *question, guint64 event, gint64 index, GError **error)
{
  InsightRerun *rerun = &question->rerun;
  if (!insight_rerun (rerun, question->recording, event, error))
    return FALSE;
  if (rerun->n_inputs == 0)
    return refuse (error, "Nothing went into this operation");
  question->shown = eng_tensor_ref (rerun->outputs[0]);
  for (guint k = 0; k < rerun->n_inputs; k++)
    if (rerun->inputs[k] != NULL && eng_tensor_get_requires_grad (rerun->inputs[k]))
      {
        question->places[question->n_groups] = k;
        question->groups[question->n_groups++] = eng_tensor_ref (rerun->inputs[k]);
      }
  if (!check_index (question->shown, index, error) || !check_same (question, rerun->op.outputs[0].shot, index, error))
    return FALSE;
  if (question->n_groups == 0 || !eng_tensor_get_requires_grad (question->shown))
    {
      question->linear = FALSE;
      return TRUE;
    }
  /* Linear in all inputs together (sums), or in the first alone (products). */
  if (!try_inputs (question, question->groups, question->n_groups, index, error))
    return FALSE;
  if (!question->linear && question->n_groups > 1 && !try_inputs (question, question->groups, 1, index, error))
    return FALSE;
  return question->linear || question->n_groups == 1
         || try_inputs (question, question->groups, question->n_groups, index, error);
}

/* The answer */

static void
add_number (JsonBuilder *builder, const char *member, double number)
{
  json_builder_set_member_name (builder, member);
  if (isfinite (number))
    json_builder_add_double_value (builder, number);
  else
    json_builder_add_string_value (builder, isnan (number) ? "nan" : number > 0 ? "inf" : "-inf");
}

static void
add_integer (JsonBuilder *builder, const char *member, gint64 number)
{
  json_builder_set_member_name (builder, member);
  json_builder_add_int_value (builder, number);
}

static void
add_position (JsonBuilder *builder, const char *member, EngTensor *tensor, gint64 flat)
{
  gint64 position[ENG_MAX_NDIM];
  guint ndim = eng_tensor_get_ndim (tensor);
  for (guint d = ndim; d-- > 0; flat /= MAX (eng_tensor_get_sizes (tensor)[d], 1))
    position[d] = flat % MAX (eng_tensor_get_sizes (tensor)[d], 1);
  json_builder_set_member_name (builder, member);
  json_builder_begin_array (builder);
  for (guint d = 0; d < ndim; d++)
    json_builder_add_int_value (builder, position[d]);
  json_builder_end_array (builder);
}

static void
add_term (JsonBuilder *builder, const Question *question, const InsightTerm *term)
{
  json_builder_begin_object (builder);
  add_integer (builder, "place", question->places[term->group]);
  add_position (builder, "grad_index", question->groups[term->group], term->index);
  add_number (builder, "grad", term->value);
  add_number (builder, "factor", term->factor);
  add_integer (builder, "factor_input", term->factor_input);
  if (term->factor_input >= 0)
    add_position (builder, "factor_index", question->rerun.inputs[term->factor_input], term->factor_index);
  add_number (builder, "product", term->product);
  json_builder_end_object (builder);
}

static char *
format_answer (const Question *question, gint64 index)
{
  const InsightTerms *terms = &question->terms;
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  json_builder_begin_object (builder);
  add_number (builder, "value", eng_tensor_get_double (question->shown, index));
  add_position (builder, "index", question->shown, index);
  json_builder_set_member_name (builder, "linear");
  json_builder_add_boolean_value (builder, question->linear);
  add_integer (builder, "n_terms", terms->n_terms);
  json_builder_set_member_name (builder, "terms");
  json_builder_begin_array (builder);
  for (guint k = 0; k < terms->n_shown; k++)
    add_term (builder, question, &terms->terms[k]);
  json_builder_end_array (builder);
  add_number (builder, "rest", terms->rest);
  add_integer (builder, "n_rest", terms->n_terms - terms->n_shown);
  json_builder_end_object (builder);
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}

static gboolean
ask (Question *question, guint64 event, int input, gint64 index, GError **error)
{
  RecEvent at;
  RecGradFnRun run;
  if (!rec_recording_get_event (question->recording, event, &at))
    return refuse (error, "There is no such event");
  if (at.kind == REC_OP_DONE)
    return ask_output (question, event, index, error);
  if (!rec_recording_get_grad_fn_run (question->recording, &at, &run))
    return refuse (error, "Nothing was computed at this event");
  if (run.leaf != 0)
    return ask_accumulate (question, &run, index, error);
  return ask_gradient (question, event, &run, input, index, error);
}

char *
insight_element (RecRecording *recording, guint64 event, int input, gint64 index, GError **error)
{
  Question question = { .recording = recording };
  g_autoptr (GBytes) random = eng_generator_save (eng_generator_get_default ());
  gboolean grad_mode = eng_grad_mode_set (TRUE);
  gboolean answered = ask (&question, event, input, index, error);
  char *answer = answered ? format_answer (&question, index) : NULL;
  for (guint k = 0; k < question.n_groups; k++)
    eng_tensor_unref (question.groups[k]);
  g_clear_pointer (&question.shown, eng_tensor_unref);
  insight_rerun_clear (&question.rerun);
  eng_grad_mode_set (grad_mode);
  if (!eng_generator_load (eng_generator_get_default (), random, NULL))
    g_warning ("The random generator could not be put back");
  return answer;
}

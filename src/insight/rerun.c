/* SPDX-License-Identifier: MIT
 *
 * From a recorded operation back to a call: inputs from their shots, arguments
 * from their JSON and the card's defaults. Called by insight.c, in the runner. */
#include "rerun.h"

#include "engine/ops/ops.h"

#include <json-glib/json-glib.h>
#include <string.h>

G_DEFINE_QUARK (insight-error-quark, insight_error)

#define MAX_PARAMS 64

/* Values */

EngTensor *
insight_tensor_from_shot (RecRecording *recording, guint64 shot, const char *what, GError **error)
{
  RecShot values;
  if (shot == 0 || !rec_recording_get_shot (recording, shot, &values))
    {
      g_set_error (error, INSIGHT_ERROR, INSIGHT_ERROR_NOT_KEPT, "The values of %s were not kept", what);
      return NULL;
    }
  if (!values.whole)
    {
      g_set_error (error, INSIGHT_ERROR, INSIGHT_ERROR_NOT_KEPT,
                   "%s is so big that only a picture of it was kept: its single elements are not known", what);
      return NULL;
    }
  EngTensor *tensor = eng_tensor_new ((EngDtype) values.dtype, values.ndim, values.sizes, error);
  if (tensor != NULL && values.numel > 0)
    memcpy (eng_tensor_get_data (tensor), values.data, values.numel * rec_dtype_size (values.dtype));
  return tensor;
}

EngTensor *
insight_zeros (EngTensor *like, GError **error)
{
  EngTensor *zeros = eng_tensor_new (eng_tensor_get_dtype (like), eng_tensor_get_ndim (like),
                                     eng_tensor_get_sizes (like), error);
  if (zeros != NULL && eng_tensor_get_numel (zeros) > 0)
    memset (eng_tensor_get_data (zeros), 0,
            eng_tensor_get_numel (zeros) * eng_dtype_size (eng_tensor_get_dtype (zeros)));
  return zeros;
}

EngTensor *
insight_one_hot (EngTensor *like, gint64 index, GError **error)
{
  EngTensor *tensor = insight_zeros (like, error);
  if (tensor != NULL)
    eng_tensor_set_double (tensor, index, 1.0);
  return tensor;
}

const char *
insight_find_name (RecRecording *recording, guint64 tensor, guint64 event)
{
  RecEvent at;
  for (guint64 k = MIN (event + 1, rec_recording_get_n_events (recording)); k-- > 0;)
    if (rec_recording_get_event (recording, k, &at) && at.kind == REC_NAME_BOUND && at.subject == tensor)
      return rec_recording_get_text (recording, &at);
  return NULL;
}

static EngTensor *
make_input (RecRecording *recording, guint64 event, const InsightRerun *rerun, guint k, GError **error)
{
  const RecTensor *facts = &rerun->op.inputs[k];
  const char *name = insight_find_name (recording, facts->id, event);
  g_autofree char *what = name != NULL ? g_strdup (name) : g_strdup_printf ("Input %u of %s", k, rerun->op.written);
  g_autoptr (EngTensor) input = insight_tensor_from_shot (recording, facts->shot, what, error);
  if (input == NULL)
    return NULL;
  if (eng_dtype_category (eng_tensor_get_dtype (input)) == ENG_CATEGORY_FLOATING
      && !eng_tensor_set_requires_grad (input, TRUE, error))
    return NULL;
  return g_steal_pointer (&input);
}

/* Arguments */

typedef struct
{
  InsightRerun *rerun;
  guint n_used;                /* inputs that have found their parameter */
  EngValue args[MAX_PARAMS];
  gint64 *lists[MAX_PARAMS];   /* of the INTS among args */
} Arguments;

static EngDtype
find_dtype (const char *name)
{
  for (guint dtype = 0; dtype < ENG_N_DTYPES; dtype++)
    if (g_strcmp0 (name, eng_dtype_name (dtype)) == 0)
      return dtype;
  return ENG_FLOAT32;
}

static EngValue
read_text (const EngParam *param, const char *text)
{
  if (param->type == ENG_PARAM_DTYPE)
    return (EngValue){ .kind = ENG_VALUE_DTYPE, .dtype = find_dtype (text) };
  if (param->type == ENG_PARAM_STRING)
    return (EngValue){ .kind = ENG_VALUE_STRING, .string = text };
  return (EngValue){ .kind = ENG_VALUE_FLOAT, .number = g_ascii_strtod (text, NULL) };   /* nan, inf */
}

static EngValue
read_list (Arguments *arguments, guint place, JsonArray *array)
{
  guint n = json_array_get_length (array);
  gint64 *items = arguments->lists[place] = g_new0 (gint64, n + 1);
  for (guint k = 0; k < n; k++)
    items[k] = json_array_get_int_element (array, k);
  return (EngValue){ .kind = ENG_VALUE_INTS, .ints = { items, n } };
}

/* A list of tensors is recorded as their number; they are the next inputs. */
static EngValue
read_tensors (Arguments *arguments, JsonObject *object)
{
  InsightRerun *rerun = arguments->rerun;
  guint n = json_object_get_int_member_with_default (object, "tensors", 0);
  n = MIN (n, rerun->n_inputs - arguments->n_used);
  EngValue value = { .kind = ENG_VALUE_TENSORS, .tensors = { rerun->inputs + arguments->n_used, n } };
  arguments->n_used += n;
  return value;
}

static EngValue
read_argument (Arguments *arguments, guint place, const EngParam *param, JsonNode *node)
{
  if (JSON_NODE_HOLDS_ARRAY (node))
    return read_list (arguments, place, json_node_get_array (node));
  if (JSON_NODE_HOLDS_OBJECT (node))
    return read_tensors (arguments, json_node_get_object (node));
  if (!JSON_NODE_HOLDS_VALUE (node))
    return (EngValue){ .kind = ENG_VALUE_NONE };
  switch (json_node_get_value_type (node))
    {
    case G_TYPE_BOOLEAN:
      return (EngValue){ .kind = ENG_VALUE_BOOL, .boolean = json_node_get_boolean (node) };
    case G_TYPE_INT64:
      return (EngValue){ .kind = ENG_VALUE_INT, .integer = json_node_get_int (node) };
    case G_TYPE_DOUBLE:
      return (EngValue){ .kind = ENG_VALUE_FLOAT, .number = json_node_get_double (node) };
    default:
      return read_text (param, json_node_get_string (node));
    }
}

static EngValue
next_tensor (Arguments *arguments)
{
  InsightRerun *rerun = arguments->rerun;
  EngTensor *tensor = arguments->n_used < rerun->n_inputs ? rerun->inputs[arguments->n_used] : NULL;
  if (arguments->n_used == 0 && rerun->written != NULL)
    tensor = rerun->written;
  arguments->n_used++;
  return (EngValue){ .kind = tensor != NULL ? ENG_VALUE_TENSOR : ENG_VALUE_NONE, .tensor = tensor };
}

static void
fill_arguments (Arguments *arguments, const EngSignature *signature, JsonObject *given)
{
  for (guint k = 0; k < signature->n_params; k++)
    {
      const EngParam *param = &signature->params[k];
      JsonNode *node = given != NULL ? json_object_get_member (given, param->name) : NULL;
      if (param->type == ENG_PARAM_TENSOR)
        arguments->args[k] = next_tensor (arguments);
      else if (node != NULL)
        arguments->args[k] = read_argument (arguments, k, param, node);
      else
        arguments->args[k] = param->default_value;
    }
}

static JsonParser *
parse_arguments (const char *text, JsonObject **object)
{
  *object = NULL;
  if (text == NULL)
    return NULL;
  JsonParser *parser = json_parser_new_immutable ();
  if (json_parser_load_from_data (parser, text, -1, NULL) && JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)))
    *object = json_node_get_object (json_parser_get_root (parser));
  return parser;
}

/* A leaf that requires grad is not to be written to: a copy of it is, through which gradients go. */
static gboolean
copy_written (InsightRerun *rerun, GError **error)
{
  if (!(rerun->card->flags & ENG_OP_MUTATES_SELF) || rerun->inputs[0] == NULL)
    return TRUE;
  rerun->written = eng_clone (rerun->inputs[0], error);
  return rerun->written != NULL;
}

static gboolean
call_again (InsightRerun *rerun, GError **error)
{
  const EngSignature *signature = eng_op_get_signature (rerun->card);
  Arguments arguments = { .rerun = rerun };
  JsonObject *given;
  g_assert (signature->n_params <= MAX_PARAMS);
  g_autoptr (JsonParser) parser = parse_arguments (rerun->op.arguments, &given);
  fill_arguments (&arguments, signature, given);
  gboolean done = eng_call (rerun->card, arguments.args, rerun->outputs, error);
  for (guint k = 0; k < signature->n_params; k++)
    g_free (arguments.lists[k]);
  return done;
}

/* The whole */

static gboolean
find_card (InsightRerun *rerun, RecRecording *recording, guint64 event, GError **error)
{
  RecEvent at;
  RecOpDef def;
  if (!rec_recording_get_event (recording, event, &at) || at.kind != REC_OP_DONE
      || !rec_recording_get_op (recording, &at, &rerun->op)
      || !rec_recording_get_op_def (recording, rerun->op.op, &def)
      || (rerun->card = eng_op_lookup (def.name)) == NULL)
    {
      g_set_error_literal (error, INSIGHT_ERROR, INSIGHT_ERROR_QUESTION, "There is no operation to look into here");
      return FALSE;
    }
  return TRUE;
}

gboolean
insight_rerun (InsightRerun *rerun, RecRecording *recording, guint64 event, GError **error)
{
  memset (rerun, 0, sizeof *rerun);
  if (!find_card (rerun, recording, event, error))
    return FALSE;
  for (guint k = 0; k < rerun->op.n_inputs; k++)
    {
      rerun->n_inputs = k + 1;
      if (rerun->op.inputs[k].id == 0)
        continue;
      rerun->inputs[k] = make_input (recording, event, rerun, k, error);
      if (rerun->inputs[k] == NULL)
        return FALSE;
    }
  return copy_written (rerun, error) && call_again (rerun, error);
}

void
insight_rerun_clear (InsightRerun *rerun)
{
  for (guint k = 0; k < rerun->n_inputs; k++)
    g_clear_pointer (&rerun->inputs[k], eng_tensor_unref);
  g_clear_pointer (&rerun->written, eng_tensor_unref);
  for (guint k = 0; k < ENG_MAX_OUTPUTS; k++)
    g_clear_pointer (&rerun->outputs[k], eng_tensor_unref);
}

/* SPDX-License-Identifier: MIT
 *
 * The steps of the one door: arguments, casts, the kernel, telling the observer.
 * call.c and call-inplace.c put them in order. Nothing here allocates per
 * operation but the results themselves. */
#include "engine/door.h"

#include <string.h>

#include "engine/backend.h"
#include "engine/observer-private.h"
#include "engine/inline.h"

#define LONG_NUMEL 65536           /* elements touched that take about 50 µs */
#define LONG_PRODUCT (1 << 20)     /* multiplications of a matrix product that do */

const char *eng_door_written;
gboolean eng_door_swapped;
void (*eng_door_leave) (void);
void (*eng_door_enter) (void);

void
eng_call_set_written (const char *written)
{
  eng_door_written = written;
}

void
eng_call_set_swapped (gboolean swapped)
{
  eng_door_swapped = swapped;
}

void
eng_set_long_kernel_hooks (void (*leave) (void), void (*enter) (void))
{
  eng_door_leave = leave;
  eng_door_enter = enter;
}

static gboolean
add_list (EngPass *pass, const EngValue *value, GError **error)
{
  guint room = ENG_MAX_INPUTS - pass->entry->n_inputs;
  if (value->tensors.n + pass->n_inputs > room)
    {
      g_set_error (error, ENG_ERROR, ENG_ERROR_RUNTIME,
                   "%s(): a list of more than %u tensors is not supported, but got %" G_GSIZE_FORMAT,
                   pass->entry->signature->name, room, value->tensors.n);
      return FALSE;
    }
  for (gsize i = 0; i < value->tensors.n; i++)
    eng_pass_add_input (pass, value->tensors.items[i]);
  return TRUE;
}

/* Every required tensor must be there: the rules rely on it. */
static gboolean
add_none (EngPass *pass, const EngParam *param, GError **error)
{
  if (!param->optional)
    {
      g_set_error (error, ENG_ERROR, ENG_ERROR_TYPE, "%s(): argument '%s' must be Tensor, not NoneType",
                   pass->entry->signature->name, param->name);
      return FALSE;
    }
  pass->inputs[pass->n_inputs++] = NULL;
  return TRUE;
}

/* Lists what the card's k-th tensor parameter was given, when that is no one tensor. */
gboolean
eng_pass_list_other (EngPass *pass, guint k, GError **error)
{
  guint place = pass->entry->input_params[k];
  if (pass->args[place].kind == ENG_VALUE_TENSORS)
    return add_list (pass, &pass->args[place], error);
  return add_none (pass, &pass->entry->signature->params[place], error);
}

EngTensor *
eng_raw_copy (EngTensor *src, EngDtype dtype, GError **error)
{
  g_autoptr (EngTensor) copy = eng_tensor_new (dtype, src->ndim, src->sizes, error);
  if (copy == NULL || !eng_backend_cpu ()->copy (copy, src, error))
    return NULL;
  return g_steal_pointer (&copy);
}

/* A cast of input, owned by the pass; input itself where it has the dtype. */
static EngTensor *
cast_input (EngPass *pass, EngTensor *input, GError **error)
{
  if (input == NULL || input->dtype == pass->call.compute_dtype)
    return input;
  EngTensor *cast = eng_raw_copy (input, pass->call.compute_dtype, error);
  if (cast != NULL)
    pass->casts[pass->n_casts++] = cast;
  return cast;
}

static gboolean
cast_value (EngPass *pass, EngValue *value, guint *n_listed, GError **error)
{
  if (value->kind == ENG_VALUE_TENSOR)
    {
      value->tensor = cast_input (pass, value->tensor, error);
      return value->tensor != NULL;
    }
  EngTensor **items = pass->cast_list + *n_listed;
  for (gsize i = 0; i < value->tensors.n; i++)
    {
      items[i] = cast_input (pass, value->tensors.items[i], error);
      if (items[i] == NULL)
        return FALSE;
    }
  *n_listed += value->tensors.n;
  value->tensors.items = items;
  return TRUE;
}

gboolean
eng_pass_make_casts (EngPass *pass, GError **error)
{
  guint n_listed = 0;
  memcpy (pass->cast_args, pass->args, pass->entry->n_params * sizeof (EngValue));
  for (guint k = 0; k < pass->entry->n_inputs; k++)
    {
      EngValue *value = &pass->cast_args[pass->entry->input_params[k]];
      if (value->kind != ENG_VALUE_NONE && !cast_value (pass, value, &n_listed, error))
        return FALSE;
    }
  pass->call.args = pass->cast_args;
  return TRUE;
}

/* A guess from the sizes alone: elements touched, and rows × inner × columns. */
static gboolean
is_long (const EngPass *pass)
{
  gint64 numel = 0;
  gint64 product = 0;
  for (guint k = 0; k < pass->n_inputs; k++)
    if (pass->inputs[k] != NULL)
      numel += pass->inputs[k]->numel;
  for (guint k = 0; k < pass->entry->n_outputs; k++)
    if (pass->call.outputs[k] != NULL)
      numel += pass->call.outputs[k]->numel;
  const EngTensor *first = pass->n_inputs > 0 ? pass->inputs[0] : NULL;
  if (first != NULL && first->ndim >= 2 && numel > 4096 && pass->call.outputs[0] != NULL)
    product = pass->call.outputs[0]->numel * first->sizes[first->ndim - 1];
  return numel >= LONG_NUMEL || product >= LONG_PRODUCT;
}

gboolean
eng_pass_run_hooked (EngPass *pass, GError **error)
{
  const EngOp *op = pass->entry->op;
  if (!is_long (pass))
    return op->kernel (&pass->call, error);
  eng_door_leave ();
  gboolean done = op->kernel (&pass->call, error);
  eng_door_enter ();
  return done;
}

void
eng_pass_drop_outputs (EngPass *pass)
{
  for (guint k = 0; k < ENG_MAX_OUTPUTS; k++)
    g_clear_pointer (&pass->call.outputs[k], eng_tensor_unref);
}

/* What grad_fn keeps, without the places of arguments that were None. */
static guint
list_saved (EngGradFn *grad_fn, EngTensor **saved)
{
  guint n = 0;
  if (grad_fn == NULL)
    return 0;
  for (guint k = 0; k < grad_fn->n_saved; k++)
    if (eng_grad_fn_saved (grad_fn)[k].tensor != NULL)
      saved[n++] = eng_grad_fn_saved (grad_fn)[k].tensor;
  return n;
}

void
eng_tell_op (EngOpDone *done)
{
  EngTensor *saved[ENG_MAX_SAVES];
  if (eng_observer->op_done == NULL)
    return;
  done->saved = saved;
  done->n_saved = list_saved (done->grad_fn, saved);
  done->inside = eng_running_grad_fn;
  done->grad_mode = eng_grad_mode;
  eng_observer->op_done (eng_observer_data, done);
}

/* error may be NULL: then nobody wanted to know. */
void
eng_pass_observe_failure (EngPass *pass, GError **error)
{
  if (error != NULL && *error != NULL)
    eng_observe (op_failed, pass->entry->op, pass->args, pass->written, *error);
}

/* SPDX-License-Identifier: MIT
 *
 * The door's way for results that are written into the first argument: x.add_(y),
 * and cards that write self (copy_, zero_, uniform_). What PyTorch forbids is
 * refused before anything is written; afterwards the version goes up by one and
 * self (or, for a view, its base) gets the new history. */
#include "engine/call-inplace.h"

#include "engine/backend.h"
#include "engine/call.h"
#include "engine/copy-slices.h"
#include "engine/door.h"
#include "engine/inline.h"

static gboolean
fail (GError **error, EngErrorCode code, const char *text)
{
  g_set_error_literal (error, ENG_ERROR, (int) code, text);
  return FALSE;
}

/* Leaves must keep what their gradient refers to. */
static gboolean
check_leaf (const EngTensor *self, GError **error)
{
  if (!eng_grad_mode || !eng_tensor_get_requires_grad (self))
    return TRUE;
  if (self->base != NULL && self->base->grad_fn == NULL && self->base->requires_grad)
    return fail (error, ENG_ERROR_RUNTIME,
                 "a view of a leaf Variable that requires grad is being used in an in-place operation.");
  if (self->base != NULL && self->view_without_grad)
    return fail (error, ENG_ERROR_RUNTIME,
                 "A view was created in no_grad mode and is being modified inplace with grad mode enabled. Given that "
                 "this use case is ambiguous and error-prone, it is forbidden. You can clarify your code by moving "
                 "both the view and the inplace either both inside the no_grad block (if you don't want the inplace "
                 "to be tracked) or both outside (if you want the inplace to be tracked).");
  if (eng_tensor_is_leaf (self))
    return fail (error, ENG_ERROR_RUNTIME,
                 "a leaf Variable that requires grad is being used in an in-place operation.");
  return TRUE;
}

/* An expanded tensor holds one element several times: a write would hit all. */
static gboolean
check_overlap (const EngTensor *self, GError **error)
{
  if (self->is_contiguous)
    return TRUE;
  for (guint d = 0; d < self->ndim; d++)
    if (self->sizes[d] > 1 && eng_tensor_get_strides (self)[d] == 0)
      return fail (error, ENG_ERROR_RUNTIME,
                   "unsupported operation: more than one element of the written-to tensor refers to a single memory "
                   "location. Please clone() the tensor before performing the operation.");
  return TRUE;
}

static gboolean
check_result (const EngTensor *self, const EngMeta *meta, GError **error)
{
  if (meta->dtype != self->dtype && !eng_can_cast (meta->dtype, (EngDtype) self->dtype))
    {
      g_set_error (error, ENG_ERROR, ENG_ERROR_RUNTIME,
                   "result type %s can't be cast to the desired output type %s",
                   eng_dtype_scalar_name (meta->dtype), eng_dtype_scalar_name ((EngDtype) self->dtype));
      return FALSE;
    }
  if (!eng_shape_equal (self->ndim, self->sizes, meta->ndim, meta->sizes))
    {
      g_autofree char *mine = eng_shape_to_string (self->ndim, self->sizes);
      g_autofree char *result = eng_shape_to_string (meta->ndim, meta->sizes);
      g_set_error (error, ENG_ERROR, ENG_ERROR_RUNTIME,
                   "output with shape %s doesn't match the broadcast shape %s", mine, result);
      return FALSE;
    }
  return TRUE;
}

/* Does an input share memory with self, but not element for element? */
static gboolean
overlaps_partly (const EngPass *pass, const EngTensor *self)
{
  for (guint k = 0; k < pass->n_inputs; k++)
    {
      const EngTensor *input = pass->inputs[k];
      if (input == NULL || input == self || input->storage != self->storage)
        continue;
      if (input->offset != self->offset
          || !eng_shape_equal (input->ndim, eng_tensor_get_strides (input), self->ndim,
                               eng_tensor_get_strides (self))
          || !eng_shape_equal (input->ndim, input->sizes, self->ndim, self->sizes))
        return TRUE;
    }
  return FALSE;
}

/* Writes into self directly where the kernel may, else by way of a fresh result. */
static gboolean
write_result (EngPass *pass, EngTensor *self, GError **error)
{
  EngCall *call = &pass->call;
  const EngMeta *meta = &call->out[0];
  gboolean direct = (pass->entry->op->flags & ENG_OP_ELEMENTWISE) && meta->dtype == self->dtype
                    && !overlaps_partly (pass, self);
  if (!eng_pass_cast (pass, error))
    return FALSE;
  call->outputs[0] = direct ? eng_tensor_ref (self) : eng_tensor_new (meta->dtype, meta->ndim, meta->sizes, error);
  if (call->outputs[0] == NULL || !eng_pass_run_kernel (pass, error))
    return FALSE;
  if (direct)
    return TRUE;
  if (!eng_backend_cpu ()->copy (self, call->outputs[0], error))
    return FALSE;
  eng_tensor_unref (call->outputs[0]);
  call->outputs[0] = eng_tensor_ref (self);
  return TRUE;
}

static gboolean
write_self (EngPass *pass, EngTensor *self, GError **error)
{
  if (!eng_pass_cast (pass, error))
    return FALSE;
  pass->call.outputs[0] = eng_tensor_ref (self);
  return eng_pass_run_kernel (pass, error);
}

/* The old value of self, with its old history, where the derivative needs it. */
static gboolean
keep_old_self (const EngPass *pass, guint64 needs, EngTensor **clone, GError **error)
{
  const EngOp *op = pass->entry->op;
  EngTensor *self = pass->inputs[0];
  *clone = NULL;
  for (guint k = 0; k < ENG_MAX_SAVES && op->saves[k].what != 0; k++)
    {
      if (op->saves[k].what != ENG_SAVE_INPUT (0) || !(op->saves[k].needed_for & needs) || *clone != NULL)
        continue;
      *clone = eng_raw_copy (self, (EngDtype) self->dtype, error);
      if (*clone == NULL)
        return FALSE;
      EngGradFn *grad_fn = eng_tensor_get_grad_fn (self);
      if (grad_fn != NULL)
        eng_tensor_set_history (*clone, eng_grad_fn_ref (grad_fn), self->output_nr);
    }
  return TRUE;
}

static gboolean
compute (EngPass *pass, gboolean mutating, guint64 *needs, EngTensor **clone, GError **error)
{
  EngTensor *self = pass->inputs[0];
  const EngOp *op = pass->entry->op;
  if (!check_leaf (self, error) || (op->infer != NULL && !op->infer (&pass->call, error)))
    return FALSE;
  if (!mutating && !check_result (self, &pass->call.out[0], error))
    return FALSE;
  if (!check_overlap (self, error))
    return FALSE;
  *needs = eng_dtype_category ((EngDtype) self->dtype) == ENG_CATEGORY_FLOATING ? eng_pass_needs (pass) : 0;
  if (*needs != 0 && !keep_old_self (pass, *needs, clone, error))
    return FALSE;
  gboolean written = mutating ? write_self (pass, self, error) : write_result (pass, self, error);
  eng_pass_drop_casts (pass);
  return written;
}

/* Inputs are saved at the version they were read, outputs at the new one. */
static EngGradFn *
rebase (EngPass *pass, guint64 needs, EngTensor *clone)
{
  EngTensor *self = pass->inputs[0];
  EngGradFn *grad_fn = NULL;
  if (needs != 0)
    grad_fn = eng_grad_fn_new_for_call (pass->entry, pass->args, pass->inputs, pass->n_inputs, needs, clone);
  self->storage->version++;
  if (grad_fn == NULL)
    return NULL;
  eng_grad_fn_save_outputs (grad_fn, pass->call.outputs, needs);
  if (self->base == NULL)
    {
      eng_tensor_set_history (self, eng_grad_fn_ref (grad_fn), 0);
      return grad_fn;
    }
  eng_view_rebase_history (self, grad_fn);
  eng_grad_fn_unref (grad_fn);
  return eng_grad_fn_ref (self->base->grad_fn);
}

static EngTensor *
call_writing (const EngOp *op, const EngValue *args, gboolean mutating, GError **error)
{
  EngPass pass;
  GError *local = NULL;
  EngTensor *clone = NULL;
  guint64 needs = 0;
  if (!eng_pass_begin (&pass, op, args, &local) || !compute (&pass, mutating, &needs, &clone, &local))
    {
      g_clear_pointer (&clone, eng_tensor_unref);
      eng_pass_drop_outputs (&pass);
      eng_pass_observe_failure (&pass, &local);
      g_propagate_error (error, local);
      return NULL;
    }
  g_autoptr (EngGradFn) grad_fn = rebase (&pass, needs, clone);
  g_clear_pointer (&clone, eng_tensor_unref);
  eng_pass_observe (&pass, grad_fn, TRUE);
  return pass.call.outputs[0];
}

EngTensor *
eng_call_mutating (const EngOp *op, const EngValue *args, GError **error)
{
  return call_writing (op, args, TRUE, error);
}

EngTensor *
eng_call_inplace (const EngOp *op, const EngValue *args, GError **error)
{
  if (op->flags & ENG_OP_MUTATES_SELF)
    return call_writing (op, args, TRUE, error);
  if (!(op->flags & ENG_OP_INPLACE_TWIN))
    {
      g_set_error (error, ENG_ERROR, ENG_ERROR_NOT_IMPLEMENTED, "%s has no in-place form",
                   eng_op_get_signature (op)->name);
      return NULL;
    }
  return call_writing (op, args, FALSE, error);
}

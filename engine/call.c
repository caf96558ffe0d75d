/* SPDX-License-Identifier: MIT
 *
 * The one door, ordinary way: check → infer → allocate → kernel → grad_fn →
 * observer. Every operation of every caller comes through here; operations that
 * write their first argument go on to call-inplace.c. */
#include "engine/call.h"

#include "engine/call-inplace.h"
#include "engine/door.h"
#include "engine/kernels/kernels.h"
#include "engine/observer-private.h"
#include "engine/inline.h"

gboolean eng_grad_mode = TRUE;

gboolean
eng_grad_mode_get (void)
{
  return eng_grad_mode;
}

gboolean
eng_grad_mode_set (gboolean enabled)
{
  gboolean old = eng_grad_mode;
  enabled = !!enabled;
  if (old == enabled)
    return old;
  eng_grad_mode = enabled;
  eng_observe (grad_mode_changed, enabled);
  return old;
}

/* A view remembers whose memory it reads, so that writing through it can find
 * the base's history. */
static inline void
become_view (EngTensor *view, EngTensor *input)
{
  view->base = eng_tensor_ref (input->base != NULL ? input->base : input);
  view->view_version = view->storage->version;
  view->view_without_grad = !eng_grad_mode;
}

/* A detached alias is a tensor of its own. */
static gboolean
make_view (EngPass *pass, GError **error)
{
  EngTensor *input = pass->inputs[0];
  if (!pass->entry->op->view (&pass->call, error))
    return FALSE;
  EngTensor *view = pass->call.outputs[0];
  if (pass->entry->op->flags & ENG_OP_NOT_DIFFERENTIABLE)
    return TRUE;
  become_view (view, input);
  return TRUE;
}

static gboolean
make_outputs (EngPass *pass, GError **error)
{
  EngCall *call = &pass->call;
  for (guint k = 0; k < pass->entry->n_outputs; k++)
    {
      const EngMeta *meta = &call->out[k];
      call->outputs[k] = eng_tensor_new (meta->dtype, meta->ndim, meta->sizes, error);
      if (G_UNLIKELY (call->outputs[k] == NULL))
        return FALSE;
    }
  return eng_pass_cast (pass, error) && eng_pass_run_kernel (pass, error);
}

/* "requires_grad=True" of a factory must be possible before anything is made. */
static gboolean
check_requires_grad (const EngPass *pass, gboolean *wanted, GError **error)
{
  guint k = pass->entry->requires_grad_param;
  *wanted = k != ENG_NO_PARAM && pass->args[k].kind == ENG_VALUE_BOOL && pass->args[k].boolean;
  if (*wanted && eng_dtype_category (pass->call.out[0].dtype) != ENG_CATEGORY_FLOATING)
    {
      g_set_error (error, ENG_ERROR, ENG_ERROR_RUNTIME,
                   "Only Tensors of floating point and complex dtype can require gradients");
      return FALSE;
    }
  return TRUE;
}

static gboolean
compute (EngPass *pass, GError **error)
{
  const EngOp *op = pass->entry->op;
  gboolean wants_grad = FALSE;
  if (op->infer != NULL && !op->infer (&pass->call, error))
    return FALSE;
  if (G_UNLIKELY (pass->entry->requires_grad_param != ENG_NO_PARAM)
      && !check_requires_grad (pass, &wants_grad, error))
    return FALSE;
  gboolean made = op->view != NULL ? make_view (pass, error) : make_outputs (pass, error);
  eng_pass_drop_casts (pass);
  if (made && wants_grad)
    pass->call.outputs[0]->requires_grad = TRUE;
  return made;
}

/* One grad_fn for all floating results of the call. */
static EngGradFn *
make_history (EngPass *pass, guint64 needs)
{
  EngCall *call = &pass->call;
  guint n_outputs = pass->entry->n_outputs;
  EngGradFn *grad_fn = eng_grad_fn_new_for_call (pass->entry, pass->args, pass->inputs, pass->n_inputs, needs, NULL);
  if (grad_fn->n_saved > 0)
    eng_grad_fn_save_outputs (grad_fn, call->outputs, needs);
  for (guint k = 0; k < n_outputs; k++)
    {
      EngTensor *output = call->outputs[k];
      if (eng_dtype_category ((EngDtype) output->dtype) != ENG_CATEGORY_FLOATING)
        continue;
      grad_fn->ref_count++;
      output->grad_fn = grad_fn; /* it is new: there is no history to end */
      output->output_nr = k;
      output->requires_grad = TRUE;
    }
  eng_grad_fn_unref (grad_fn);
  return call->outputs[0]->grad_fn;
}

/* Note [The plain way]. Most operations of a small net are elementwise, on contiguous
 * floating tensors of one dtype and the same sizes. For a card that says so (EngOp.plain)
 * there is then nothing to check, infer, promote or cast: the result is like the first
 * tensor, and the kernel is the formula's row, whose p, q, r are the other arguments in
 * order. Anything else, and a kernel that will take long, goes the ordinary way, which
 * gives the same result. */
#define PLAIN_DTYPES (1u << ENG_FLOAT32 | 1u << ENG_FLOAT64)
#define PLAIN_NUMEL 16384
#define QUICK_INPUTS 2

/* Lists the tensors; FALSE where this is not the way. */
static inline gboolean
list_plain (const EngEntry *entry, const EngValue *args, EngTensor **inputs)
{
  EngTensor *first = args[0].tensor;
  if (args[0].kind != ENG_VALUE_TENSOR || !((PLAIN_DTYPES >> first->dtype) & 1) || !first->is_contiguous
      || first->numel > PLAIN_NUMEL || first->numel == 0)
    return FALSE;
  inputs[0] = inputs[1] = first;
  if (entry->op->plain == 1)
    return TRUE;
  const EngTensor *second = inputs[1] = args[1].tensor;
  return args[1].kind == ENG_VALUE_TENSOR && second->dtype == first->dtype && second->is_contiguous
         && eng_shape_equal (first->ndim, first->sizes, second->ndim, second->sizes);
}

static inline void
run_plain (const EngEntry *entry, const EngValue *args, EngTensor *out, EngTensor *const *inputs)
{
  const gint64 strides[3] = { 1, 1, 1 };
  char *data[3] = { out->data, inputs[0]->data, inputs[1]->data };
  double numbers[ENG_MAX_NUMBERS] = { 0 };
  for (guint k = 0; k < entry->n_others; k++)
    numbers[k] = eng_value_as_double (&args[entry->other_params[k]]);
  eng_kernels->rows[out->dtype][entry->op->formula](data, strides, out->numel, numbers);
}

/* What the ordinary way does last. */
static inline void
finish_shortcut (const EngEntry *entry, const EngValue *args, EngTensor *const *inputs, EngTensor *out)
{
  if (G_UNLIKELY (eng_observer != NULL))
    eng_tell_op (&(EngOpDone){
        .op = entry->op,
        .args = args,
        .written = eng_door_written,
        .swapped = eng_door_swapped,
        .inputs = inputs,
        .n_inputs = entry->n_inputs,
        .outputs = &out,
        .n_outputs = 1,
        .grad_fn = out->grad_fn,
    });
  eng_door_written = NULL;
  eng_door_swapped = FALSE;
}

/* NULL: take the ordinary way. */
static inline EngTensor *
call_plain (const EngEntry *entry, const EngValue *args)
{
  EngTensor *inputs[2];
  guint64 needs = 0;
  if (!list_plain (entry, args, inputs))
    return NULL;
  if (eng_grad_mode)
    needs = (guint64) eng_tensor_wants_grad (inputs[0])
            | (entry->op->plain > 1 ? (guint64) eng_tensor_wants_grad (inputs[1]) << 1 : 0);
  EngTensor *out = eng_tensor_new_like (inputs[0]);
  if (G_UNLIKELY (out == NULL))
    return NULL;
  run_plain (entry, args, out, inputs);
  if (needs != 0)
    {
      out->grad_fn = eng_grad_fn_new_plain (entry, args, inputs, needs);
      out->requires_grad = TRUE;
      if (entry->saves_output)
        eng_grad_fn_save_outputs (out->grad_fn, &out, needs);
    }
  finish_shortcut (entry, args, inputs, out);
  return out;
}

/* The card's own shortcut. NULL: take the ordinary way. */
static inline EngTensor *
call_quickly (const EngEntry *entry, const EngValue *args)
{
  EngTensor *inputs[QUICK_INPUTS];
  guint64 needs = 0;
  for (guint k = 0; k < entry->n_inputs; k++)
    {
      const EngValue *value = &args[entry->input_params[k]];
      if (G_UNLIKELY (value->kind != ENG_VALUE_TENSOR))
        return NULL;
      inputs[k] = value->tensor;
      needs |= (guint64) eng_tensor_wants_grad (inputs[k]) << k;
    }
  EngTensor *out = entry->op->quick (args);
  if (G_UNLIKELY (out == NULL))
    return NULL;
  if (entry->op->view != NULL)
    become_view (out, inputs[0]);
  if (needs != 0 && eng_grad_mode)
    {
      out->grad_fn = eng_grad_fn_new_for_call (entry, args, inputs, entry->n_inputs, needs, NULL);
      out->requires_grad = TRUE;
    }
  finish_shortcut (entry, args, inputs, out);
  return out;
}

static G_NO_INLINE gboolean
call_ordinarily (const EngOp *op, const EngValue *args, EngTensor **outputs, GError **error)
{
  EngPass pass;
  GError *local = NULL;
  if (G_UNLIKELY (!eng_pass_begin (&pass, op, args, &local) || !compute (&pass, &local)))
    {
      eng_pass_drop_outputs (&pass);
      eng_pass_observe_failure (&pass, &local);
      g_propagate_error (error, local);
      return FALSE;
    }
  guint64 needs = eng_pass_needs (&pass);
  EngGradFn *grad_fn = needs != 0 ? make_history (&pass, needs) : NULL;
  eng_pass_observe (&pass, grad_fn, FALSE);
  outputs[0] = pass.call.outputs[0];
  for (guint k = 1; G_UNLIKELY (k < pass.entry->n_outputs); k++)
    outputs[k] = pass.call.outputs[k];
  return TRUE;
}

gboolean
eng_call (const EngOp *op, const EngValue *args, EngTensor **outputs, GError **error)
{
  if (op->plain > 0 || op->quick != NULL)
    {
      const EngEntry *entry = eng_registry_find (op);
      outputs[0] = op->plain > 0 ? call_plain (entry, args) : call_quickly (entry, args);
      if (G_LIKELY (outputs[0] != NULL))
        return TRUE;
    }
  if (op->flags & ENG_OP_MUTATES_SELF)
    {
      outputs[0] = eng_call_mutating (op, args, error);
      return outputs[0] != NULL;
    }
  return call_ordinarily (op, args, outputs, error);
}

/* SPDX-License-Identifier: MIT
 *
 * What a grad_fn keeps from the forward operation: tensors its vjp will need, the
 * other arguments, the sizes of every input. Unpacking notices what has been
 * overwritten or freed since, in PyTorch's words. */
#include "engine/grad-fn.h"

#include <string.h>

#include "engine/copy-slices.h"
#include "engine/observer-private.h"
#include "engine/pool.h"
#include "engine/shape.h"
#include "engine/inline.h"

/* Is the save wanted when the inputs in needs get gradients? A list may be shorter than
 * the card provides for. */
static inline gboolean
is_wanted (const EngEntry *entry, const EngSave *save, guint64 needs, guint n_inputs)
{
  return (save->needed_for & needs) != 0 && (!entry->has_list || save->what <= (gint) n_inputs);
}

static inline guint
count_saves (const EngEntry *entry, guint64 needs, guint n_inputs)
{
  guint n = 0;
  for (guint k = 0; k < entry->n_saves; k++)
    n += is_wanted (entry, &entry->op->saves[k], needs, n_inputs);
  return n;
}

/* 8-byte units that value needs beside itself. */
static inline gsize
value_numbers (const EngValue *value)
{
  if (value->kind == ENG_VALUE_INTS)
    return value->ints.n;
  if (G_UNLIKELY (value->kind == ENG_VALUE_STRING))
    return strlen (value->string) / sizeof (gint64) + 1;
  return 0;
}

static inline gsize
count_numbers (const EngEntry *entry, const EngValue *args, EngTensor *const *inputs, guint n_inputs)
{
  gsize n = 0;
  for (guint k = 0; k < n_inputs; k++)
    if (inputs[k] != NULL)
      n += inputs[k]->ndim;
  for (guint k = 0; k < entry->n_others; k++)
    n += value_numbers (&args[entry->other_params[k]]);
  return n;
}

/* Copies the non-tensor arguments; lists and strings move into the block. A
 * generator is not kept: no derivative draws again. */
static inline void
keep_others (EngValue *others, const EngEntry *entry, const EngValue *args, gint64 *numbers)
{
  for (guint k = 0; k < entry->n_others; k++)
    {
      const EngValue *value = &args[entry->other_params[k]];
      others[k] = *value;
      if (value->kind == ENG_VALUE_INTS)
        {
          if (value->ints.n > 0)
            memcpy (numbers, value->ints.items, value->ints.n * sizeof (gint64));
          others[k].ints.items = numbers;
        }
      else if (value->kind == ENG_VALUE_STRING)
        others[k].string = strcpy ((char *) numbers, value->string);
      else if (value->kind == ENG_VALUE_GENERATOR)
        others[k].kind = ENG_VALUE_NONE;
      numbers += value_numbers (value);
    }
}

/* The edge and the sizes of each input. Returns where the next number goes. */
static inline gint64 *
keep_inputs (EngGradFn *grad_fn, EngTensor *const *inputs, guint n_inputs, guint64 needs)
{
  EngPackedMeta *metas = eng_grad_fn_metas (grad_fn);
  gint64 *numbers = eng_grad_fn_numbers (grad_fn);
  guint16 at = 0;
  for (guint k = 0; k < n_inputs; k++)
    {
      EngTensor *input = inputs[k];
      grad_fn->edges[k] = (needs >> k) & 1 ? eng_tensor_dup_edge (input) : (EngEdge) { NULL, 0 };
      if (G_UNLIKELY (input == NULL))
        {
          metas[k] = (EngPackedMeta) { ENG_FLOAT32, 0, at };
          continue;
        }
      guint ndim = input->ndim;
      metas[k] = (EngPackedMeta) { input->dtype, input->ndim, at };
      for (guint d = 0; d < ndim; d++)
        numbers[at + d] = input->sizes[d];
      at += ndim;
    }
  return numbers + at;
}

static inline void
save_inputs (EngGradFn *grad_fn, EngTensor *const *inputs, guint n_inputs, guint64 needs, EngTensor *clone0)
{
  const EngEntry *entry = grad_fn->entry;
  const EngSave *saves = entry->op->saves;
  EngSaved *saved = eng_grad_fn_saved (grad_fn);
  for (guint k = 0; k < entry->n_saves; k++)
    {
      if (!is_wanted (entry, &saves[k], needs, n_inputs))
        continue;
      guint nr = (guint) saves[k].what - 1; /* huge for an output: those come later */
      EngTensor *input = nr < n_inputs ? inputs[nr] : NULL;
      if (nr == 0 && clone0 != NULL)
        input = clone0;
      saved->what = saves[k].what;
      saved->tensor = input != NULL ? eng_tensor_ref (input) : NULL;
      saved->version = input != NULL ? input->storage->version : 0;
      saved++;
    }
}

EngGradFn *
eng_grad_fn_new_for_call (const EngEntry *entry, const EngValue *args, EngTensor *const *inputs,
                          guint n_inputs, guint64 needs, EngTensor *clone0)
{
  guint n_saved = count_saves (entry, needs, n_inputs);
  gsize n_numbers = count_numbers (entry, args, inputs, n_inputs);
  EngGradFn *grad_fn = eng_grad_fn_alloc (ENG_GRAD_FN_OP, n_inputs, n_saved, entry->n_others, n_numbers);
  grad_fn->entry = entry;
  grad_fn->n_outputs = entry->n_outputs;
  gint64 *numbers = keep_inputs (grad_fn, inputs, n_inputs, needs);
  keep_others (eng_grad_fn_others (grad_fn), entry, args, numbers);
  if (n_saved > 0)
    save_inputs (grad_fn, inputs, n_inputs, needs, clone0);
  return grad_fn;
}

/* As above for a card on the plain way (call.c): the inputs share one list of sizes, the
 * other arguments are numbers. */
EngGradFn *
eng_grad_fn_new_plain (const EngEntry *entry, const EngValue *args, EngTensor *const *inputs, guint64 needs)
{
  const EngTensor *first = inputs[0];
  guint n_inputs = entry->op->plain, n_others = entry->n_others;
  guint n_saved = entry->n_saves > 0 ? count_saves (entry, needs, n_inputs) : 0;
  EngGradFn *grad_fn = eng_grad_fn_alloc (ENG_GRAD_FN_OP, n_inputs, n_saved, n_others, first->ndim);
  EngValue *others = eng_grad_fn_others (grad_fn);
  EngPackedMeta *metas = eng_grad_fn_metas (grad_fn);
  gint64 *numbers = eng_grad_fn_numbers (grad_fn);
  grad_fn->entry = entry;
  for (guint k = 0; k < n_inputs; k++)
    {
      grad_fn->edges[k] = (needs >> k) & 1 ? eng_tensor_dup_edge (inputs[k]) : (EngEdge) { NULL, 0 };
      metas[k] = (EngPackedMeta) { first->dtype, first->ndim, 0 };
    }
  for (guint d = 0; d < first->ndim; d++)
    numbers[d] = first->sizes[d];
  for (guint k = 0; k < n_others; k++)
    others[k] = args[entry->other_params[k]];
  if (n_saved > 0)
    save_inputs (grad_fn, inputs, n_inputs, needs, NULL);
  return grad_fn;
}

/* Note [Saved outputs]. What a grad_fn keeps of its own result has the same values under
 * the same id, but no history, or output → grad_fn → output would be a cycle that nobody
 * frees. A result that stands in one block with its storage needs no second header for
 * that: kept are the storage and the header in its block, alive or dead, for the block
 * lives as long as the storage. Of any other a shadow is kept. */
static EngTensor *
new_shadow (EngTensor *output)
{
  EngTensor *shadow = eng_tensor_new_over (eng_storage_ref (output->storage), (EngDtype) output->dtype,
                                           output->ndim, output->sizes, eng_tensor_get_strides (output),
                                           output->offset, output->numel);
  shadow->id = output->id;
  shadow->is_shadow = TRUE;
  return shadow;
}

static inline EngTensor *
keep_output (EngTensor *output)
{
  if (!output->holds_storage)
    return new_shadow (output);
  eng_storage_ref (output->storage);
  return output;
}

/* A kept output for reading, while no graph is made. */
static inline EngTensor *
dup_output (EngTensor *kept)
{
  if (kept->holds_storage && G_UNLIKELY (eng_observer != NULL))
    return new_shadow (kept);
  if (kept->ref_count > 0)
    return eng_tensor_ref (kept);
  return eng_tensor_revive (kept);
}

void
eng_saved_drop (EngSaved *saved)
{
  EngTensor *tensor = saved->tensor;
  saved->tensor = NULL;
  if (saved->what < 0 && tensor->holds_storage)
    eng_storage_unref (tensor->storage);
  else
    eng_tensor_unref (tensor);
}

void
eng_grad_fn_save_outputs (EngGradFn *grad_fn, EngTensor *const *outputs, guint64 needs)
{
  EngSaved *saved = eng_grad_fn_saved (grad_fn);
  for (guint k = 0; k < grad_fn->n_saved; k++)
    if (saved[k].what < 0)
      {
        EngTensor *output = outputs[-saved[k].what - 1];
        saved[k].tensor = keep_output (output);
        saved[k].version = output->storage->version;
      }
}

gboolean
eng_grad_fn_release_saved (EngGradFn *grad_fn)
{
  if (grad_fn->kind == ENG_GRAD_FN_COPY_SLICES)
    return eng_grad_fn_release_saved (eng_copy_slices_get_inner (grad_fn->copy_slices));
  EngSaved *saved = eng_grad_fn_saved (grad_fn);
  for (guint k = 0; k < grad_fn->n_saved; k++)
    if (saved[k].tensor != NULL)
      eng_saved_drop (&saved[k]);
  grad_fn->freed = grad_fn->n_saved > 0 || (grad_fn->entry->op->flags & ENG_OP_SAVES_SCALAR) != 0;
  return grad_fn->freed;
}

static gboolean
check_version (EngGradFn *grad_fn, const EngSaved *saved, GError **error)
{
  const EngTensor *tensor = saved->tensor;
  if (G_LIKELY (tensor->storage->version == saved->version))
    return TRUE;
  EngGradFn *maker = saved->what < 0 ? grad_fn : eng_tensor_get_grad_fn (tensor);
  guint output_nr = saved->what < 0 ? (guint) (-saved->what - 1) : tensor->output_nr;
  g_autofree char *sizes = eng_shape_to_string (tensor->ndim, tensor->sizes);
  g_autofree char *where = maker == NULL ? g_strdup ("")
    : g_strdup_printf (", which is output %u of %s,", output_nr, eng_grad_fn_get_name (maker));
  g_set_error (error, ENG_ERROR, ENG_ERROR_RUNTIME,
               "one of the variables needed for gradient computation has been modified by an inplace operation: "
               "[torch.%sTensor %s]%s is at version %u; expected version %u instead. Hint: enable anomaly detection "
               "to find the operation that failed to compute its gradient, with "
               "torch.autograd.set_detect_anomaly(True).",
               eng_dtype_scalar_name ((EngDtype) tensor->dtype), sizes, where,
               tensor->storage->version, saved->version);
  return FALSE;
}

gboolean
eng_grad_fn_check_freed (const EngGradFn *grad_fn, GError **error)
{
  if (G_LIKELY (!grad_fn->freed))
    return TRUE;
  g_set_error (error, ENG_ERROR, ENG_ERROR_RUNTIME,
               "Trying to backward through the graph a second time (or directly access saved tensors after they "
               "have already been freed). Saved intermediate values of the graph are freed when you call .backward() "
               "or autograd.grad(). Specify retain_graph=True if you need to backward through the graph a second "
               "time or if you need to access saved tensors after calling backward.");
  return FALSE;
}

EngTensor *
eng_grad_fn_unpack (EngGradFn *grad_fn, guint k, GError **error)
{
  const EngSaved *saved = eng_grad_fn_saved (grad_fn) + k;
  if (!eng_grad_fn_check_freed (grad_fn, error))
    return NULL;
  if (saved->tensor == NULL)
    {
      g_set_error (error, ENG_ERROR, ENG_ERROR_RUNTIME, "%s saved nothing for an argument that was None",
                   eng_grad_fn_get_name (grad_fn));
      return NULL;
    }
  if (!check_version (grad_fn, saved, error))
    return NULL;
  if (saved->what > 0)
    return eng_tensor_ref (saved->tensor);
  if (!eng_grad_mode)
    return dup_output (saved->tensor);
  EngTensor *output = new_shadow (saved->tensor);
  eng_tensor_set_history (output, eng_grad_fn_ref (grad_fn), (guint) (-saved->what - 1));
  return output;
}

guint
eng_grad_fn_get_n_saved (const EngGradFn *grad_fn)
{
  return grad_fn->n_saved;
}

/* With its history, whatever the grad mode: for ctx.saved_tensors and _saved_self. */
EngTensor *
eng_grad_fn_dup_saved (EngGradFn *grad_fn, guint k, GError **error)
{
  g_return_val_if_fail (k < grad_fn->n_saved, NULL);
  gboolean mode = eng_grad_mode;
  eng_grad_mode = TRUE;
  EngTensor *tensor = eng_grad_fn_unpack (grad_fn, k, error);
  eng_grad_mode = mode;
  return tensor;
}

/* FALSE when input k was None. */
gboolean
eng_grad_fn_input_meta (const EngGradFn *grad_fn, guint k, EngMeta *meta)
{
  if (grad_fn->kind != ENG_GRAD_FN_OP || k >= grad_fn->n_next)
    return FALSE;
  const EngPackedMeta *packed = eng_grad_fn_metas (grad_fn) + k;
  const gint64 *sizes = eng_grad_fn_numbers (grad_fn) + packed->first_size;
  meta->dtype = (EngDtype) packed->dtype;
  meta->ndim = packed->ndim;
  for (guint d = 0; d < packed->ndim; d++)
    meta->sizes[d] = sizes[d];
  return TRUE;
}

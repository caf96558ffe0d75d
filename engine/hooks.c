/* SPDX-License-Identifier: MIT
 *
 * Hooks of one owner (a leaf or a grad_fn), in order of registration. A hook may
 * add or remove hooks while it runs, so entries are kept alive by a count and
 * taken out of the list when their turn is over. */
#include "engine/hooks.h"

#include "engine/grad-fn.h"
#include "engine/observer-private.h"
#include "engine/ops/ops.h"
#include "engine/shape.h"
#include "engine/inline.h"

typedef struct
{
  guint ref_count;
  gboolean removed;
  guint64 id;
  guint output_nr;
  EngHooks *owner;             /* NULL once the owner is gone */
  EngTensor *tensor;           /* not owned; NULL once it is gone */
  EngTensorHook hook;          /* NULL: retains the gradient */
  gpointer data;
  GDestroyNotify destroy;
} Hook;

struct _EngHooks
{
  GPtrArray *hooks;
};

static guint64 last_id;
static GHashTable
    *functions; /* id → Hook, of those that are functions: a handle outlives the grad_fn it was made for */

static void
hook_unref (gpointer data)
{
  Hook *hook = data;
  if (--hook->ref_count > 0)
    return;
  if (hook->hook != NULL)
    g_hash_table_remove (functions, &hook->id);
  if (hook->destroy != NULL)
    hook->destroy (hook->data);
  g_free (hook);
}

static EngHooks *
hooks_new (void)
{
  EngHooks *hooks = g_new0 (EngHooks, 1);
  hooks->hooks = g_ptr_array_new_with_free_func (hook_unref);
  return hooks;
}

void
eng_hooks_free (EngHooks *hooks)
{
  for (guint k = 0; k < hooks->hooks->len; k++)
    ((Hook *) hooks->hooks->pdata[k])->owner = NULL;
  g_ptr_array_unref (hooks->hooks);
  g_free (hooks);
}

void
eng_hooks_forget (EngHooks *hooks, const EngTensor *tensor)
{
  for (guint k = hooks->hooks->len; k-- > 0;)
    {
      Hook *hook = hooks->hooks->pdata[k];
      if (hook->tensor != tensor)
        continue;
      hook->tensor = NULL;
      if (hook->hook == NULL)
        g_ptr_array_remove_index (hooks->hooks, k);
    }
}

EngHooks *
eng_hooks_of (EngTensor *tensor, gboolean create)
{
  EngGradFn *grad_fn = eng_tensor_get_grad_fn (tensor);
  EngHooks **place = grad_fn != NULL ? &grad_fn->hooks : NULL;
  if (place == NULL && tensor->extra == NULL && !create)
    return NULL;
  if (place == NULL)
    place = &eng_tensor_ensure_extra (tensor)->hooks;
  if (*place == NULL && create)
    {
      eng_tensor_ensure_extra (tensor);
      *place = hooks_new ();
    }
  return *place;
}

static Hook *
add_hook (EngHooks *hooks, EngTensor *tensor)
{
  Hook *hook = g_new0 (Hook, 1);
  hook->ref_count = 1;
  hook->id = ++last_id;
  hook->output_nr = tensor->output_nr;
  hook->owner = hooks;
  hook->tensor = tensor;
  g_ptr_array_add (hooks->hooks, hook);
  return hook;
}

void
eng_hooks_retain (EngHooks *hooks, EngTensor *tensor)
{
  add_hook (hooks, tensor);
}

guint64
eng_tensor_add_hook (EngTensor *tensor, EngTensorHook function, gpointer data, GDestroyNotify destroy, GError **error)
{
  if (!eng_tensor_get_requires_grad (tensor))
    {
      g_set_error (error, ENG_ERROR, ENG_ERROR_RUNTIME,
                   "cannot register a hook on a tensor that doesn't require gradient");
      return 0;
    }
  eng_tensor_ensure_extra (tensor);    /* marks it: its end is told to the hooks */
  Hook *hook = add_hook (eng_hooks_of (tensor, TRUE), tensor);
  hook->hook = function;
  hook->data = data;
  hook->destroy = destroy;
  if (functions == NULL)
    functions = g_hash_table_new (g_int64_hash, g_int64_equal);
  g_hash_table_insert (functions, &hook->id, hook);
  return hook->id;
}

void
eng_hook_remove (guint64 id)
{
  Hook *hook = functions != NULL ? g_hash_table_lookup (functions, &id) : NULL;
  if (hook == NULL || hook->removed)
    return;
  hook->removed = TRUE;
  if (hook->owner != NULL)
    g_ptr_array_remove (hook->owner->hooks, hook);
}

static gboolean
check_replacement (const EngTensor *before, const EngTensor *after, GError **error)
{
  if (before->dtype != after->dtype)
    {
      g_set_error (error, ENG_ERROR, ENG_ERROR_RUNTIME,
                   "a hook has changed the type of value (was torch.%sTensor got torch.%sTensor)",
                   eng_dtype_scalar_name ((EngDtype) before->dtype), eng_dtype_scalar_name ((EngDtype) after->dtype));
      return FALSE;
    }
  if (!eng_shape_equal (before->ndim, before->sizes, after->ndim, after->sizes))
    {
      g_set_error (error, ENG_ERROR, ENG_ERROR_RUNTIME, "a hook has changed the size of value");
      return FALSE;
    }
  return TRUE;
}

static gboolean
run_hook (Hook *hook, EngTensor **grad, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (EngTensor) after = hook->hook (*grad, hook->data, &local);
  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  if (after == NULL || after == *grad)
    return TRUE;
  if (!check_replacement (*grad, after, error))
    return FALSE;
  eng_observe (hook_changed, hook->tensor, *grad, after);
  eng_tensor_unref (*grad);
  *grad = g_steal_pointer (&after);
  return TRUE;
}

gboolean
eng_hooks_run (EngHooks *hooks, guint output_nr, EngTensor **grad, GError **error)
{
  g_autoptr (GPtrArray) now = g_ptr_array_new_with_free_func (hook_unref);
  for (guint k = 0; k < hooks->hooks->len; k++)
    {
      Hook *hook = hooks->hooks->pdata[k];
      if (hook->hook == NULL || hook->output_nr != output_nr)
        continue;
      hook->ref_count++;
      g_ptr_array_add (now, hook);
    }
  for (guint k = 0; k < now->len; k++)
    {
      Hook *hook = now->pdata[k];
      if (!hook->removed && !run_hook (hook, grad, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
eng_hooks_store_retained (EngHooks *hooks, guint output_nr, EngTensor *grad, GError **error)
{
  for (guint k = 0; k < hooks->hooks->len; k++)
    {
      Hook *hook = hooks->hooks->pdata[k];
      if (hook->hook != NULL || hook->output_nr != output_nr || hook->tensor == NULL)
        continue;
      EngTensorExtra *extra = eng_tensor_ensure_extra (hook->tensor);
      EngTensor *stored = extra->grad == NULL ? eng_clone (grad, error) : eng_add (extra->grad, grad, error);
      if (stored == NULL)
        return FALSE;
      if (extra->grad != NULL)
        eng_tensor_unref (extra->grad);
      extra->grad = stored;
      eng_observe (grad_retained, hook->tensor, TRUE);
    }
  return TRUE;
}

/* SPDX-License-Identifier: MIT
 *
 * The list of composites (engine/composite.h): Python functions that PyTorch makes
 * of several operations. */
#include "engine/composite.h"

#include "card.h"

#define ENG_BOTH (ENG_OP_TENSOR_METHOD | ENG_OP_FUNCTION)

static gboolean
give (EngTensor **outputs, EngTensor *result)
{
  outputs[0] = result;
  return result != NULL;
}

/* The list of an int[] argument. */
static const gint64 *
list_of (const EngValue *value, guint *n)
{
  *n = value->kind == ENG_VALUE_INT ? 1 : value->kind == ENG_VALUE_INTS ? (guint) value->ints.n : 0;
  return value->kind == ENG_VALUE_INT ? &value->integer : value->ints.items;
}

static gboolean
run_matmul (const EngValue *args, EngTensor **outputs, GError **error)
{
  return give (outputs, eng_matmul (args[0].tensor, args[1].tensor, error));
}

static gboolean
run_reshape (const EngValue *args, EngTensor **outputs, GError **error)
{
  guint n;
  const gint64 *sizes = list_of (&args[1], &n);
  return give (outputs, eng_reshape (args[0].tensor, n, sizes, error));
}

static gboolean
run_contiguous (const EngValue *args, EngTensor **outputs, GError **error)
{
  return give (outputs, eng_contiguous (args[0].tensor, error));
}

static gboolean
run_view_as (const EngValue *args, EngTensor **outputs, GError **error)
{
  EngTensor *other = args[1].tensor;
  return give (outputs, eng_view (args[0].tensor, eng_tensor_get_ndim (other), eng_tensor_get_sizes (other), error));
}

static gboolean
run_reshape_as (const EngValue *args, EngTensor **outputs, GError **error)
{
  EngTensor *other = args[1].tensor;
  return give (outputs, eng_reshape (args[0].tensor, eng_tensor_get_ndim (other), eng_tensor_get_sizes (other), error));
}

static gboolean
run_expand_as (const EngValue *args, EngTensor **outputs, GError **error)
{
  EngTensor *other = args[1].tensor;
  return give (outputs, eng_expand (args[0].tensor, eng_tensor_get_ndim (other), eng_tensor_get_sizes (other), error));
}

/* Dims start … end become one. */
static gboolean
run_flatten (const EngValue *args, EngTensor **outputs, GError **error)
{
  EngTensor *self = args[0].tensor;
  guint ndim = eng_tensor_get_ndim (self);
  const gint64 *sizes = eng_tensor_get_sizes (self);
  gint64 flat[ENG_MAX_NDIM];
  guint n = 0;
  int first = eng_shape_wrap_dim (args[1].integer, ndim, error);
  int last = first < 0 ? -1 : eng_shape_wrap_dim (args[2].integer, ndim, error);
  if (last < 0)
    return FALSE;
  if (last < first)
    return eng_rule_fails (error, ENG_ERROR_RUNTIME, "flatten() has invalid args: start_dim cannot come after end_dim");
  if (ndim == 0)
    return give (outputs, eng_reshape (self, 1, (gint64[]) { 1 }, error));
  if (first == last)
    return give (outputs, eng_tensor_ref (self));
  for (int d = 0; d < (int) ndim; d++)
    {
      if (d > first && d <= last)
        flat[n - 1] *= sizes[d];
      else
        flat[n++] = sizes[d];
    }
  return give (outputs, eng_reshape (self, n, flat, error));
}

/* The property T: all dims in reverse. */
static gboolean
run_reversed (const EngValue *args, EngTensor **outputs, GError **error)
{
  guint ndim = eng_tensor_get_ndim (args[0].tensor);
  gint64 dims[ENG_MAX_NDIM];
  for (guint d = 0; d < ndim; d++)
    dims[d] = (gint64) (ndim - 1 - d);
  return give (outputs, eng_permute (args[0].tensor, ndim, dims, error));
}

/* The property mT: the last two dims exchanged. */
static gboolean
run_matrix_transposed (const EngValue *args, EngTensor **outputs, GError **error)
{
  guint ndim = eng_tensor_get_ndim (args[0].tensor);
  if (ndim < 2)
    return eng_rule_fails (error, ENG_ERROR_RUNTIME,
                           "tensor.mT is only supported on matrices or batches of matrices. Got %u-D tensor.", ndim);
  return give (outputs, eng_transpose (args[0].tensor, -2, -1, error));
}

static gboolean
run_index_put (const EngValue *args, EngTensor **outputs, GError **error)
{
  return give (outputs, eng_index_put (args[0].tensor, args[1].tensors.items, (guint) args[1].tensors.n, NULL,
                                       args[2].tensor, args[3].boolean, error));
}

static gboolean
run_index_put_ (const EngValue *args, EngTensor **outputs, GError **error)
{
  return give (outputs, eng_index_put_ (args[0].tensor, args[1].tensors.items, (guint) args[1].tensors.n, NULL,
                                        args[2].tensor, args[3].boolean, error));
}

/* Sizes of a and b broadcast, but for dim, where each keeps its own. */
static gboolean
broadcast_but_dim (EngTensor *tensor, const EngTensor *other, guint dim, gint64 *sizes, GError **error)
{
  guint ndim = eng_tensor_get_ndim (tensor);
  gint64 theirs[ENG_MAX_NDIM];
  for (guint d = 0; d < ndim; d++)
    {
      sizes[d] = d == dim ? 1 : eng_tensor_get_sizes (tensor)[d];
      theirs[d] = d == dim ? 1 : eng_tensor_get_sizes (other)[d];
    }
  if (!eng_shape_broadcast (ndim, sizes, ndim, theirs, &ndim, sizes, error))
    return FALSE;
  sizes[dim] = eng_tensor_get_sizes (tensor)[dim];
  return TRUE;
}

static gboolean
run_take_along_dim (const EngValue *args, EngTensor **outputs, GError **error)
{
  gboolean flat = args[2].kind == ENG_VALUE_NONE;
  gint64 all = -1, self_sizes[ENG_MAX_NDIM], index_sizes[ENG_MAX_NDIM];
  g_autoptr (EngTensor) self = flat ? eng_reshape (args[0].tensor, 1, &all, error) : eng_tensor_ref (args[0].tensor);
  g_autoptr (EngTensor) index = flat && self != NULL ? eng_reshape (args[1].tensor, 1, &all, error)
                                                     : eng_tensor_ref (args[1].tensor);
  if (self == NULL || index == NULL)
    return FALSE;
  guint ndim = eng_tensor_get_ndim (self);
  if (ndim != eng_tensor_get_ndim (index))
    return eng_rule_fails (error, ENG_ERROR_RUNTIME,
                           "torch.take_along_dim(): input and indices should have the same number of dimensions, but "
                           "got %u dimensions for input, and %u dimensions for indices", ndim,
                           eng_tensor_get_ndim (index));
  int dim = eng_shape_wrap_dim (flat ? 0 : args[2].integer, ndim, error);
  if (dim < 0)
    return FALSE;
  if (ndim == 0)
    return give (outputs, eng_gather (self, 0, index, error));
  if (!broadcast_but_dim (self, index, (guint) dim, self_sizes, error)
      || !broadcast_but_dim (index, self, (guint) dim, index_sizes, error))
    return FALSE;
  g_autoptr (EngTensor) wide_self = eng_expand (self, ndim, self_sizes, error);
  g_autoptr (EngTensor) wide_index = wide_self != NULL ? eng_expand (index, ndim, index_sizes, error) : NULL;
  return wide_index != NULL && give (outputs, eng_gather (wide_self, dim, wide_index, error));
}

static const EngComposite composites[] = {
  { "matmul(Tensor self, Tensor other) -> Tensor", ENG_BOTH, run_matmul },
  { "reshape(Tensor self, int[] shape) -> Tensor", ENG_BOTH, run_reshape },
  { "contiguous(Tensor self) -> Tensor", ENG_OP_TENSOR_METHOD, run_contiguous },
  { "view_as(Tensor self, Tensor other) -> Tensor", ENG_OP_TENSOR_METHOD, run_view_as },
  { "reshape_as(Tensor self, Tensor other) -> Tensor", ENG_OP_TENSOR_METHOD, run_reshape_as },
  { "expand_as(Tensor self, Tensor other) -> Tensor", ENG_OP_TENSOR_METHOD, run_expand_as },
  { "flatten(Tensor self, int start_dim=0, int end_dim=-1) -> Tensor", ENG_BOTH, run_flatten },
  { "index_put(Tensor self, Tensor[] indices, Tensor values, bool accumulate=False) -> Tensor", ENG_BOTH, run_index_put },
  { "index_put_(Tensor self, Tensor[] indices, Tensor values, bool accumulate=False) -> Tensor", ENG_BOTH,
    run_index_put_ },
  { "take_along_dim(Tensor self, Tensor indices, int? dim=None) -> Tensor", ENG_BOTH, run_take_along_dim },
  { "T(Tensor self) -> Tensor", 0, run_reversed },
  { "mT(Tensor self) -> Tensor", 0, run_matrix_transposed },
};

static EngSignature *signatures[G_N_ELEMENTS (composites)];

const EngComposite *const *
eng_composite_list (guint *n_composites)
{
  static const EngComposite *list[G_N_ELEMENTS (composites) + 1];
  for (gsize k = 0; k < G_N_ELEMENTS (composites); k++)
    list[k] = &composites[k];
  if (n_composites != NULL)
    *n_composites = G_N_ELEMENTS (composites);
  return list;
}

const EngSignature *
eng_composite_get_signature (const EngComposite *composite)
{
  gsize k = (gsize) (composite - composites);
  g_autoptr (GError) error = NULL;
  g_assert (k < G_N_ELEMENTS (composites));
  if (signatures[k] == NULL)
    signatures[k] = eng_signature_parse (composite->signature, &error);
  g_assert_no_error (error);
  return signatures[k];
}

const EngComposite *
eng_composite_lookup (const char *name_dot_overload)
{
  for (gsize k = 0; k < G_N_ELEMENTS (composites); k++)
    {
      const EngSignature *signature = eng_composite_get_signature (&composites[k]);
      g_autofree char *full = *signature->overload == '\0'
                                ? g_strdup (signature->name)
                                : g_strconcat (signature->name, ".", signature->overload, NULL);
      if (g_str_equal (full, name_dot_overload))
        return &composites[k];
    }
  return NULL;
}

/* SPDX-License-Identifier: MIT
 *
 * The cards of views that rearrange dims: t, transpose, permute, view, expand,
 * squeeze, unsqueeze. No number is copied: a view reads the same memory with other
 * sizes and strides. select and slice are in view-part.c. */
#include "card.h"

#define ENG_VIEWS (ENG_OP_VIEW | ENG_OP_TENSOR_METHOD | ENG_OP_FUNCTION)
#define ENG_VIEW_PASSES(words) .derivative = { { "{grad}, read back", words, NULL } }

typedef struct
{
  guint ndim;
  gint64 sizes[ENG_MAX_NDIM];
  gint64 strides[ENG_MAX_NDIM];
} Shape;

static void
shape_init (Shape *shape, const EngTensor *tensor)
{
  shape->ndim = eng_tensor_get_ndim (tensor);
  for (guint d = 0; d < shape->ndim; d++)
    {
      shape->sizes[d] = eng_tensor_get_sizes (tensor)[d];
      shape->strides[d] = eng_tensor_get_strides (tensor)[d];
    }
}

static gboolean
make_alias (EngCall *call, const Shape *shape)
{
  EngTensor *self = eng_arg_tensor (call, 0);
  call->outputs[0] = eng_tensor_new_alias (self, shape->ndim, shape->sizes, shape->strides,
                                           eng_tensor_get_storage_offset (self));
  return TRUE;
}

static void
shape_swap (Shape *shape, guint a, guint b)
{
  gint64 size = shape->sizes[a];
  gint64 stride = shape->strides[a];
  shape->sizes[a] = shape->sizes[b];
  shape->strides[a] = shape->strides[b];
  shape->sizes[b] = size;
  shape->strides[b] = stride;
}

static gboolean
view_t (EngCall *call, GError **error)
{
  Shape shape;
  shape_init (&shape, eng_arg_tensor (call, 0));
  if (shape.ndim > 2)
    return eng_rule_fails (error, ENG_ERROR_RUNTIME,
                           "t() expects a tensor with <= 2 dimensions, but self is %uD", shape.ndim);
  if (shape.ndim == 2)
    shape_swap (&shape, 0, 1);
  return make_alias (call, &shape);
}

/* A matrix: the same memory, the two dims swapped. */
static EngTensor *
quick_t (const EngValue *args)
{
  EngTensor *self = args[0].tensor;
  const gint64 *strides = eng_tensor_get_strides (self);
  if (self->ndim != 2)
    return NULL;
  return eng_tensor_new_over (eng_storage_ref (self->storage), (EngDtype) self->dtype, 2,
                              (gint64[]) { self->sizes[1], self->sizes[0] },
                              (gint64[]) { strides[1], strides[0] }, self->offset, self->numel);
}

static gboolean
vjp_t (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  return eng_vjp_give (grad_inputs, 0, eng_t (vjp->grad_outputs[0], error));
}

static gboolean
view_transpose (EngCall *call, GError **error)
{
  Shape shape;
  shape_init (&shape, eng_arg_tensor (call, 0));
  int a = eng_shape_wrap_dim (eng_arg_int (call, 1), shape.ndim, error);
  int b = a < 0 ? -1 : eng_shape_wrap_dim (eng_arg_int (call, 2), shape.ndim, error);
  if (b < 0)
    return FALSE;
  if (a != b)
    shape_swap (&shape, (guint) a, (guint) b);
  return make_alias (call, &shape);
}

static gboolean
vjp_transpose (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  return eng_vjp_give (grad_inputs, 0, eng_transpose (vjp->grad_outputs[0], vjp->args[1].integer,
                                                      vjp->args[2].integer, error));
}

/* order[k]: which dim of self comes k-th. */
static gboolean
permutation (const gint64 *dims, gsize n, guint ndim, guint *order, GError **error)
{
  guint32 seen = 0;
  if (n != ndim)
    return eng_rule_fails (error, ENG_ERROR_RUNTIME,
                           "permute(sparse_coo): number of dimensions in the tensor input does not match the length "
                           "of the desired ordering of dimensions i.e. input.dim() = %u is not equal to len(dims) = %"
                           G_GSIZE_FORMAT, ndim, n);
  for (gsize k = 0; k < n; k++)
    {
      int dim = eng_shape_wrap_dim (dims[k], ndim, error);
      if (dim < 0)
        return FALSE;
      if ((seen >> dim) & 1)
        return eng_rule_fails (error, ENG_ERROR_RUNTIME, "permute(): duplicate dims are not allowed.");
      seen |= 1u << dim;
      order[k] = (guint) dim;
    }
  return TRUE;
}

static gboolean
view_permute (EngCall *call, GError **error)
{
  Shape old, shape;
  gsize n;
  guint order[ENG_MAX_NDIM];
  const gint64 *dims = eng_arg_ints (call, 1, &n);
  shape_init (&old, eng_arg_tensor (call, 0));
  if (!permutation (dims, n, old.ndim, order, error))
    return FALSE;
  shape.ndim = old.ndim;
  for (guint k = 0; k < old.ndim; k++)
    {
      shape.sizes[k] = old.sizes[order[k]];
      shape.strides[k] = old.strides[order[k]];
    }
  return make_alias (call, &shape);
}

static gboolean
vjp_permute (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  const EngValue *value = &vjp->args[1];
  const gint64 *dims = value->kind == ENG_VALUE_INT ? &value->integer : value->ints.items;
  gsize n = value->kind == ENG_VALUE_INT ? 1 : value->ints.n;
  guint order[ENG_MAX_NDIM];
  gint64 back[ENG_MAX_NDIM];
  if (!permutation (dims, n, eng_vjp_get_input_meta (vjp, 0)->ndim, order, error))
    return FALSE;
  for (gsize k = 0; k < n; k++)
    back[order[k]] = (gint64) k;
  return eng_vjp_give (grad_inputs, 0, eng_permute (vjp->grad_outputs[0], (guint) n, back, error));
}

static gboolean
too_many_dims (gsize n, GError **error)
{
  return n <= ENG_MAX_NDIM
         || eng_rule_fails (error, ENG_ERROR_RUNTIME,
                            "a tensor can have at most %d dimensions, got %" G_GSIZE_FORMAT, ENG_MAX_NDIM, n);
}

static gboolean
view_view (EngCall *call, GError **error)
{
  EngTensor *self = eng_arg_tensor (call, 0);
  Shape shape;
  gsize n;
  const gint64 *sizes = eng_arg_ints (call, 1, &n);
  if (!too_many_dims (n, error))
    return FALSE;
  shape.ndim = (guint) n;
  for (gsize d = 0; d < n; d++)
    shape.sizes[d] = sizes[d];
  if (!eng_shape_infer (shape.ndim, shape.sizes, eng_tensor_get_numel (self), error))
    return FALSE;
  if (!eng_shape_view_strides (eng_tensor_get_ndim (self), eng_tensor_get_sizes (self), eng_tensor_get_strides (self),
                               shape.ndim, shape.sizes, shape.strides))
    return eng_rule_fails (error, ENG_ERROR_RUNTIME,
                           "view size is not compatible with input tensor's size and stride (at least one dimension "
                           "spans across two contiguous subspaces). Use .reshape(...) instead.");
  return make_alias (call, &shape);
}

/* Back to the sizes that went in. */
static gboolean
vjp_sizes (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  const EngMeta *input = eng_vjp_get_input_meta (vjp, 0);
  return eng_vjp_give (grad_inputs, 0, eng_reshape (vjp->grad_outputs[0], input->ndim, input->sizes, error));
}

static gboolean
expand_fails (const EngTensor *self, gsize n, const gint64 *sizes, gint64 size, gsize dim, guint lead, GError **error)
{
  const gint64 *own = eng_tensor_get_sizes (self);
  g_autofree char *target = eng_shape_to_string ((guint) n, sizes);
  g_autofree char *source = eng_shape_to_string (eng_tensor_get_ndim (self), own);
  return eng_rule_fails (error, ENG_ERROR_RUNTIME,
                         "The expanded size of the tensor (%" G_GINT64_FORMAT ") must match the existing size (%"
                         G_GINT64_FORMAT ") at non-singleton dimension %" G_GSIZE_FORMAT
                         ".  Target sizes: %s.  Tensor sizes: %s",
                         size, own[dim - lead], dim, target, source);
}

/* Size and stride of dim d of self expanded; the first `lead` dims are new. */
static gboolean
expand_dim (const EngTensor *self, gsize n, const gint64 *sizes, gsize d, guint lead, Shape *shape, GError **error)
{
  gint64 size = sizes[d];
  if (d < lead)
    {
      if (size < 0)
        return eng_rule_fails (error, ENG_ERROR_RUNTIME,
                               "The expanded size of the tensor (%" G_GINT64_FORMAT
                               ") isn't allowed in a leading, non-existing dimension %" G_GSIZE_FORMAT, size, d);
      shape->sizes[d] = size;
      shape->strides[d] = 0;
      return TRUE;
    }
  gint64 own = eng_tensor_get_sizes (self)[d - lead];
  if (size != -1 && size != own && (own != 1 || size < 0))
    return expand_fails (self, n, sizes, size, d, lead, error);
  shape->sizes[d] = size == -1 ? own : size;
  shape->strides[d] = own == 1 && shape->sizes[d] != 1 ? 0 : eng_tensor_get_strides (self)[d - lead];
  return TRUE;
}

static gboolean
view_expand (EngCall *call, GError **error)
{
  EngTensor *self = eng_arg_tensor (call, 0);
  guint ndim = eng_tensor_get_ndim (self);
  Shape shape;
  gsize n;
  const gint64 *sizes = eng_arg_ints (call, 1, &n);
  if (!too_many_dims (n, error))
    return FALSE;
  if (n < ndim)
    {
      g_autofree char *own = eng_shape_to_string (ndim, eng_tensor_get_sizes (self));
      g_autofree char *target = eng_shape_to_string ((guint) n, sizes);
      return eng_rule_fails (error, ENG_ERROR_RUNTIME,
                             "expand(torch.%sTensor{%s}, size=%s): the number of sizes provided (%" G_GSIZE_FORMAT
                             ") must be greater or equal to the number of dimensions in the tensor (%u)",
                             eng_dtype_scalar_name (eng_tensor_get_dtype (self)), own, target, n, ndim);
    }
  shape.ndim = (guint) n;
  for (gsize d = 0; d < n; d++)
    if (!expand_dim (self, n, sizes, d, (guint) n - ndim, &shape, error))
      return FALSE;
  gint64 numel;
  if (!eng_shape_check (shape.ndim, shape.sizes, 1, &numel, NULL))
    return eng_rule_fails (error, ENG_ERROR_RUNTIME, "numel: integer multiplication overflow");
  return make_alias (call, &shape);
}

/* Every entry was read several times; the engine adds the copies up (it undoes
 * broadcasting for all operations). */
static gboolean
vjp_expand (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  return eng_vjp_give (grad_inputs, 0, eng_tensor_ref (vjp->grad_outputs[0]));
}

static gboolean
view_unsqueeze (EngCall *call, GError **error)
{
  Shape shape;
  shape_init (&shape, eng_arg_tensor (call, 0));
  int dim = eng_shape_wrap_dim (eng_arg_int (call, 1), shape.ndim + 1, error);
  if (dim < 0 || !too_many_dims (shape.ndim + 1, error))
    return FALSE;
  gint64 stride = (guint) dim < shape.ndim ? shape.sizes[dim] * shape.strides[dim] : 1;
  for (guint d = shape.ndim; d > (guint) dim; d--)
    {
      shape.sizes[d] = shape.sizes[d - 1];
      shape.strides[d] = shape.strides[d - 1];
    }
  shape.sizes[dim] = 1;
  shape.strides[dim] = stride;
  shape.ndim++;
  return make_alias (call, &shape);
}

/* Drops the dims of size 1 whose bit is set. */
static gboolean
squeeze (EngCall *call, guint32 mask)
{
  Shape old, shape;
  shape_init (&old, eng_arg_tensor (call, 0));
  shape.ndim = 0;
  for (guint d = 0; d < old.ndim; d++)
    {
      if (old.sizes[d] == 1 && ((mask >> d) & 1))
        continue;
      shape.sizes[shape.ndim] = old.sizes[d];
      shape.strides[shape.ndim++] = old.strides[d];
    }
  return make_alias (call, &shape);
}

static gboolean
view_squeeze (EngCall *call, GError **error)
{
  return squeeze (call, G_MAXUINT32);
}

static gboolean
view_squeeze_dim (EngCall *call, GError **error)
{
  int dim = eng_shape_wrap_dim (eng_arg_int (call, 1), eng_tensor_get_ndim (eng_arg_tensor (call, 0)), error);
  return dim >= 0 && squeeze (call, 1u << dim);
}

const EngOp eng_op_t = {
  .signature = "t(Tensor(a) self) -> Tensor(a)",
  .flags = ENG_VIEWS,
  .grad_fn = "TBackward0",
  .view = view_t,
  .quick = quick_t,
  .vjp = vjp_t,
  .text = {
    .symbol = "t", .title = "transpose", .formula = "{out} = {0}ᵀ",
    .caption = "{0}.t() made a view: the same {0.numbers} read as {out.size}, nothing was copied.",
    .backward_caption = "{grad_fn} turned the gradient back and sent it to {to}.",
    .view_tag = "ᵀ",
    ENG_VIEW_PASSES ("t passes it on, transposed"),
  },
  .samples = { "T(2,3)", "T(3)", "T()", NULL },
};

const EngOp eng_op_transpose = {
  .signature = "transpose.int(Tensor(a) self, int dim0, int dim1) -> Tensor(a)",
  .flags = ENG_VIEWS,
  .grad_fn = "TransposeBackward0",
  .view = view_transpose,
  .vjp = vjp_transpose,
  .text = {
    .symbol = "transpose", .title = "two dims exchanged", .formula = "{out} = {0} with dims {1} and {2} exchanged",
    .caption = "transpose made a view of {0}: the same {0.numbers} read as {out.size}, nothing was copied.",
    .backward_caption = "{grad_fn} turned the gradient back and sent it to {to}.",
    .view_tag = "ᵀ",
    ENG_VIEW_PASSES ("transpose passes it on, transposed"),
  },
  .samples = { "T(2,3), 0, 1", "T(2,3,4), -1, 0", "T(3), 0, 0", NULL },
};

const EngOp eng_op_permute = {
  .signature = "permute(Tensor(a) self, int[] dims) -> Tensor(a)",
  .flags = ENG_VIEWS,
  .grad_fn = "PermuteBackward0",
  .view = view_permute,
  .vjp = vjp_permute,
  .text = {
    .symbol = "permute", .title = "dims in another order", .formula = "{out} = {0} with dims in order {param.dims}",
    .caption = "permute made a view of {0}: the same {0.numbers} read as {out.size}, nothing was copied.",
    .backward_caption = "{grad_fn} put the gradient's dims back in order and sent it to {to}.",
    .view_tag = "permuted",
    ENG_VIEW_PASSES ("permute passes it on, dims put back"),
  },
  .samples = { "T(2,3,4), [2,0,1]", "T(2,3), [1,0]", "T(), []", NULL },
};

const EngOp eng_op_view = {
  .signature = "view(Tensor(a) self, int[] size) -> Tensor(a)",
  .flags = ENG_OP_VIEW | ENG_OP_TENSOR_METHOD,
  .grad_fn = "ViewBackward0",
  .view = view_view,
  .vjp = vjp_sizes,
  .text = {
    .symbol = "view", .title = "other sizes over the same numbers", .formula = "{out} = {0} as {out.size}",
    .caption = "view made a view of {0}: the same {0.numbers} read as {out.size}, nothing was copied.",
    .backward_caption = "{grad_fn} gave the gradient its old sizes and sent it to {to}.",
    .view_tag = "view",
    ENG_VIEW_PASSES ("view passes it on, old sizes"),
  },
  .samples = { "T(2,3), [3,2]", "T(2,3), [-1]", "T(), [1,1]", "T(0,3), [3,0]", NULL },
};

const EngOp eng_op_expand = {
  .signature = "expand(Tensor(a) self, int[] size, *, bool implicit=False) -> Tensor(a)",
  .flags = ENG_OP_VIEW | ENG_OP_TENSOR_METHOD,
  .grad_fn = "ExpandBackward0",
  .view = view_expand,
  .vjp = vjp_expand,
  .text = {
    .symbol = "expand", .title = "repeated without copying", .formula = "{out} = {0} repeated to {out.size}",
    .caption = "expand made a view of {0}: its {0.numbers} read again and again as {out.size}.",
    .backward_caption = "{grad_fn} added up the gradients of the repeated entries and sent the sums to {to}.",
    .view_tag = "expanded",
    ENG_VIEW_PASSES ("expand adds up what its copies receive"),
  },
  .samples = { "T(3), [2,3]", "T(2,1), [-1,4]", "T(), [2,2]", NULL },
};

const EngOp eng_op_unsqueeze = {
  .signature = "unsqueeze(Tensor(a) self, int dim) -> Tensor(a)",
  .flags = ENG_VIEWS,
  .grad_fn = "UnsqueezeBackward0",
  .view = view_unsqueeze,
  .vjp = vjp_sizes,
  .text = {
    .symbol = "unsqueeze", .title = "a dim of size 1 added", .formula = "{out} = {0} as {out.size}",
    .caption = "unsqueeze made a view of {0}: the same {0.numbers} read as {out.size}, nothing was copied.",
    .backward_caption = "{grad_fn} gave the gradient its old sizes and sent it to {to}.",
    .view_tag = "unsqueezed",
    ENG_VIEW_PASSES ("unsqueeze passes it on, old sizes"),
  },
  .samples = { "T(2,3), 0", "T(2,3), -1", "T(), 0", NULL },
};

const EngOp eng_op_squeeze = {
  .signature = "squeeze(Tensor(a) self) -> Tensor(a)",
  .flags = ENG_VIEWS,
  .grad_fn = "SqueezeBackward0",
  .view = view_squeeze,
  .vjp = vjp_sizes,
  .text = {
    .symbol = "squeeze", .title = "dims of size 1 dropped", .formula = "{out} = {0} as {out.size}",
    .caption = "squeeze made a view of {0}: the same {0.numbers} read as {out.size}, nothing was copied.",
    .backward_caption = "{grad_fn} gave the gradient its old sizes and sent it to {to}.",
    .view_tag = "squeezed",
    ENG_VIEW_PASSES ("squeeze passes it on, old sizes"),
  },
  .samples = { "T(2,1,3)", "T(1)", "T()", NULL },
};

const EngOp eng_op_squeeze_dim = {
  .signature = "squeeze.dim(Tensor(a) self, int dim) -> Tensor(a)",
  .flags = ENG_VIEWS,
  .grad_fn = "SqueezeBackward1",
  .view = view_squeeze_dim,
  .vjp = vjp_sizes,
  .text = {
    .symbol = "squeeze", .title = "a dim of size 1 dropped", .formula = "{out} = {0} as {out.size}",
    .caption = "squeeze made a view of {0}: the same {0.numbers} read as {out.size}, nothing was copied.",
    .backward_caption = "{grad_fn} gave the gradient its old sizes and sent it to {to}.",
    .view_tag = "squeezed",
    ENG_VIEW_PASSES ("squeeze passes it on, old sizes"),
  },
  .samples = { "T(2,1,3), 1", "T(2,3), 0", "T(), 0", NULL },
};

EngTensor *
eng_t (EngTensor *self, GError **error)
{
  return eng_call_tensor (&eng_op_t, self, error);
}

EngTensor *
eng_transpose (EngTensor *self, gint64 dim0, gint64 dim1, GError **error)
{
  EngValue args[] = { eng_value_tensor (self), eng_value_int (dim0), eng_value_int (dim1) };
  return eng_call_one (&eng_op_transpose, args, error);
}

EngTensor *
eng_permute (EngTensor *self, guint n_dims, const gint64 *dims, GError **error)
{
  EngValue args[] = { eng_value_tensor (self), eng_value_ints (dims, n_dims) };
  return eng_call_one (&eng_op_permute, args, error);
}

EngTensor *
eng_view (EngTensor *self, guint ndim, const gint64 *sizes, GError **error)
{
  EngValue args[] = { eng_value_tensor (self), eng_value_ints (sizes, ndim) };
  return eng_call_one (&eng_op_view, args, error);
}

EngTensor *
eng_expand (EngTensor *self, guint ndim, const gint64 *sizes, GError **error)
{
  EngValue args[] = { eng_value_tensor (self), eng_value_ints (sizes, ndim), eng_value_bool (FALSE) };
  return eng_call_one (&eng_op_expand, args, error);
}

EngTensor *
eng_unsqueeze (EngTensor *self, gint64 dim, GError **error)
{
  EngValue args[] = { eng_value_tensor (self), eng_value_int (dim) };
  return eng_call_one (&eng_op_unsqueeze, args, error);
}

EngTensor *
eng_squeeze_dim (EngTensor *self, gint64 dim, GError **error)
{
  EngValue args[] = { eng_value_tensor (self), eng_value_int (dim) };
  return eng_call_one (&eng_op_squeeze_dim, args, error);
}

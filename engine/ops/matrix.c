/* SPDX-License-Identifier: MIT
 *
 * The cards of matrix products: mm, mv, dot, bmm. They do not promote: both
 * operands must have one dtype. Transposed operands cost no copy. matmul, which
 * chooses among them, is a composite (matmul.c). */
#include "product.h"

#define ENG_BOTH (ENG_OP_TENSOR_METHOD | ENG_OP_FUNCTION)
#define FOR_0 (1 << 0)
#define FOR_1 (1 << 1)

static gint64
size_of (const EngTensor *tensor, guint dim)
{
  return eng_tensor_get_sizes (tensor)[dim];
}

static gint64
stride_of (const EngTensor *tensor, guint dim)
{
  return eng_tensor_get_strides (tensor)[dim];
}

/* Equal dtypes, of which there is a product kernel. */
static gboolean
check_dtypes (EngCall *call, GError **error)
{
  EngDtype a = eng_tensor_get_dtype (eng_arg_tensor (call, 0));
  EngDtype b = eng_tensor_get_dtype (eng_arg_tensor (call, 1));
  if (a != b)
    return eng_rule_fails (error, ENG_ERROR_RUNTIME, "expected scalar type %s but found %s",
                           eng_dtype_scalar_name (a), eng_dtype_scalar_name (b));
  if (eng_kernels->product[a] == NULL)
    return eng_rule_fails (error, ENG_ERROR_RUNTIME, "\"%s\" not implemented for '%s'",
                           "addmm_impl_cpu_", eng_dtype_scalar_name (a));
  return TRUE;
}

static gboolean
check_ndim (EngCall *call, guint k, guint ndim, const char *name, GError **error)
{
  guint actual = eng_tensor_get_ndim (eng_arg_tensor (call, k));
  if (actual == ndim)
    return TRUE;
  if (ndim == 3)
    return eng_rule_fails (error, ENG_ERROR_RUNTIME, "%s must be a 3D tensor", name);
  return eng_rule_fails (error, ENG_ERROR_RUNTIME, "%s must be a matrix", name);
}

/* (M,K) @ (K,N) → (M,N) */
static gboolean
infer_mm (EngCall *call, GError **error)
{
  if (!check_ndim (call, 0, 2, "self", error) || !check_ndim (call, 1, 2, "mat2", error))
    return FALSE;
  EngTensor *a = eng_arg_tensor (call, 0);
  EngTensor *b = eng_arg_tensor (call, 1);
  if (size_of (a, 1) != size_of (b, 0))
    return eng_rule_fails (error, ENG_ERROR_RUNTIME,
                           "mat1 and mat2 shapes cannot be multiplied (%" G_GINT64_FORMAT "x%" G_GINT64_FORMAT
                           " and %" G_GINT64_FORMAT "x%" G_GINT64_FORMAT ")",
                           size_of (a, 0), size_of (a, 1), size_of (b, 0), size_of (b, 1));
  if (!check_dtypes (call, error))
    return FALSE;
  eng_meta_set (&call->out[0], eng_tensor_get_dtype (a), 2, (gint64[]) { size_of (a, 0), size_of (b, 1) });
  return TRUE;
}

/* (M,K) @ (K) → (M) */
static gboolean
infer_mv (EngCall *call, GError **error)
{
  EngTensor *a = eng_arg_tensor (call, 0);
  EngTensor *b = eng_arg_tensor (call, 1);
  if (eng_tensor_get_ndim (a) != 2 || eng_tensor_get_ndim (b) != 1)
    return eng_rule_fails (error, ENG_ERROR_RUNTIME, "vector + matrix @ vector expected, got 1, %u, %u",
                           eng_tensor_get_ndim (a), eng_tensor_get_ndim (b));
  if (size_of (a, 1) != size_of (b, 0))
    return eng_rule_fails (error, ENG_ERROR_RUNTIME,
                           "size mismatch, got %" G_GINT64_FORMAT ", %" G_GINT64_FORMAT "x%" G_GINT64_FORMAT
                           ",%" G_GINT64_FORMAT, size_of (a, 0), size_of (a, 0), size_of (a, 1), size_of (b, 0));
  if (!check_dtypes (call, error))
    return FALSE;
  eng_meta_set (&call->out[0], eng_tensor_get_dtype (a), 1, (gint64[]) { size_of (a, 0) });
  return TRUE;
}

/* (K), (K) → () */
static gboolean
infer_dot (EngCall *call, GError **error)
{
  EngTensor *a = eng_arg_tensor (call, 0);
  EngTensor *b = eng_arg_tensor (call, 1);
  if (eng_tensor_get_ndim (a) != 1 || eng_tensor_get_ndim (b) != 1)
    return eng_rule_fails (error, ENG_ERROR_RUNTIME, "1D tensors expected, but got %uD and %uD tensors",
                           eng_tensor_get_ndim (a), eng_tensor_get_ndim (b));
  if (eng_tensor_get_dtype (a) != eng_tensor_get_dtype (b))
    return eng_rule_fails (error, ENG_ERROR_RUNTIME,
                           "dot : expected both vectors to have same dtype, but found %s and %s",
                           eng_dtype_scalar_name (eng_tensor_get_dtype (a)),
                           eng_dtype_scalar_name (eng_tensor_get_dtype (b)));
  if (size_of (a, 0) != size_of (b, 0))
    return eng_rule_fails (error, ENG_ERROR_RUNTIME,
                           "inconsistent tensor size, expected tensor [%" G_GINT64_FORMAT "] and src [%"
                           G_GINT64_FORMAT "] to have the same number of elements, but got %" G_GINT64_FORMAT
                           " and %" G_GINT64_FORMAT " elements respectively",
                           size_of (a, 0), size_of (b, 0), size_of (a, 0), size_of (b, 0));
  if (!check_dtypes (call, error))
    return FALSE;
  eng_meta_set (&call->out[0], eng_tensor_get_dtype (a), 0, NULL);
  return TRUE;
}

/* (B,M,K) @ (B,K,N) → (B,M,N) */
static gboolean
infer_bmm (EngCall *call, GError **error)
{
  if (!check_ndim (call, 0, 3, "batch1", error) || !check_ndim (call, 1, 3, "batch2", error))
    return FALSE;
  EngTensor *a = eng_arg_tensor (call, 0);
  EngTensor *b = eng_arg_tensor (call, 1);
  if (size_of (a, 0) != size_of (b, 0) || size_of (a, 2) != size_of (b, 1))
    return eng_rule_fails (error, ENG_ERROR_RUNTIME,
                           "Expected size for first two dimensions of batch2 tensor to be: [%" G_GINT64_FORMAT
                           ", %" G_GINT64_FORMAT "] but got: [%" G_GINT64_FORMAT ", %" G_GINT64_FORMAT "].",
                           size_of (a, 0), size_of (a, 2), size_of (b, 0), size_of (b, 1));
  if (!check_dtypes (call, error))
    return FALSE;
  eng_meta_set (&call->out[0], eng_tensor_get_dtype (a), 3,
                (gint64[]) { size_of (a, 0), size_of (a, 1), size_of (b, 2) });
  return TRUE;
}

static gboolean
kernel_mm (EngCall *call, GError **error)
{
  EngProduct product = { 0 };
  EngTensor *self = eng_arg_tensor (call, 0);
  eng_product_read (&product, self, eng_arg_tensor (call, 1), ENG_READ_PLAIN);
  eng_run_product (call->outputs[0], 0, &product, (EngDtype) self->dtype);
  return TRUE;
}

static EngTensor *
quick_mm (const EngValue *args)
{
  return eng_product_quickly (args, ENG_READ_PLAIN);
}

static gboolean
kernel_mv (EngCall *call, GError **error)
{
  EngTensor *a = eng_arg_tensor (call, 0);
  EngTensor *b = eng_arg_tensor (call, 1);
  EngProduct product = {
    .m = size_of (a, 0), .k = size_of (a, 1), .n = 1,
    .a = eng_tensor_get_data (a), .sai = stride_of (a, 0), .sak = stride_of (a, 1),
    .b = eng_tensor_get_data (b), .sbk = stride_of (b, 0), .sbj = 1,
    .ldo = 1,
  };
  eng_run_product (call->outputs[0], 0, &product, eng_tensor_get_dtype (a));
  return TRUE;
}

static gboolean
kernel_dot (EngCall *call, GError **error)
{
  EngTensor *a = eng_arg_tensor (call, 0);
  EngTensor *b = eng_arg_tensor (call, 1);
  EngProduct product = {
    .m = 1, .k = size_of (a, 0), .n = 1,
    .a = eng_tensor_get_data (a), .sai = size_of (a, 0), .sak = stride_of (a, 0),
    .b = eng_tensor_get_data (b), .sbk = stride_of (b, 0), .sbj = 1,
    .ldo = 1,
  };
  eng_run_product (call->outputs[0], 0, &product, eng_tensor_get_dtype (a));
  return TRUE;
}

static gboolean
kernel_bmm (EngCall *call, GError **error)
{
  EngTensor *a = eng_arg_tensor (call, 0);
  EngTensor *b = eng_arg_tensor (call, 1);
  gint64 item_size = (gint64) eng_dtype_size (eng_tensor_get_dtype (a));
  gint64 per_result = size_of (a, 1) * size_of (b, 2);
  for (gint64 i = 0; i < size_of (a, 0); i++)
    {
      EngProduct product = {
        .m = size_of (a, 1), .k = size_of (a, 2), .n = size_of (b, 2),
        .a = (char *) eng_tensor_get_data (a) + i * stride_of (a, 0) * item_size,
        .b = (char *) eng_tensor_get_data (b) + i * stride_of (b, 0) * item_size,
        .sai = stride_of (a, 1), .sak = stride_of (a, 2),
        .sbk = stride_of (b, 1), .sbj = stride_of (b, 2),
        .ldo = size_of (b, 2),
      };
      eng_run_product (call->outputs[0], i * per_result, &product, eng_tensor_get_dtype (a));
    }
  return TRUE;
}

/* G · bᵀ for the left operand, aᵀ · G for the right one: of views where it gets a graph
 * itself, else in one step. */
static EngTensor *
times_transposed (EngVjp *vjp, guint k, GError **error)
{
  EngTensor *other = eng_vjp_get_input (vjp, 1 - k, error);
  EngTensor *grad = vjp->grad_outputs[0];
  gint64 last = other != NULL ? (gint64) eng_tensor_get_ndim (other) - 1 : 0;
  if (other == NULL)
    return NULL;
  if (last == 1 && !eng_grad_mode_get ())
    return k == 0 ? eng_mm_second_turned (grad, other, error) : eng_mm_first_turned (other, grad, error);
  g_autoptr (EngTensor) turned = last == 1 ? eng_t (other, error) : eng_transpose (other, last - 1, last, error);
  if (turned == NULL)
    return NULL;
  return k == 0 ? eng_call_two (vjp->op, grad, turned, error) : eng_call_two (vjp->op, turned, grad, error);
}

static gboolean
vjp_product (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  if (eng_vjp_needs (vjp, 0) && !eng_vjp_give (grad_inputs, 0, times_transposed (vjp, 0, error)))
    return FALSE;
  return !eng_vjp_needs (vjp, 1) || eng_vjp_give (grad_inputs, 1, times_transposed (vjp, 1, error));
}

/* g (M) and v (K): the matrix gets g ⊗ v, the vector aᵀ · g. */
static gboolean
vjp_mv (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  EngTensor *grad = vjp->grad_outputs[0];
  if (eng_vjp_needs (vjp, 0))
    {
      EngTensor *vector = eng_vjp_get_input (vjp, 1, error);
      g_autoptr (EngTensor) column = vector != NULL ? eng_unsqueeze (grad, 1, error) : NULL;
      if (column == NULL || !eng_vjp_give (grad_inputs, 0, eng_mul (column, vector, error)))
        return FALSE;
    }
  if (!eng_vjp_needs (vjp, 1))
    return TRUE;
  EngTensor *matrix = eng_vjp_get_input (vjp, 0, error);
  g_autoptr (EngTensor) turned = matrix != NULL ? eng_t (matrix, error) : NULL;
  return turned != NULL && eng_vjp_give (grad_inputs, 1, eng_mv (turned, grad, error));
}

static gboolean
vjp_dot (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  for (guint k = 0; k < 2; k++)
    {
      if (!eng_vjp_needs (vjp, k))
        continue;
      EngTensor *other = eng_vjp_get_input (vjp, 1 - k, error);
      if (other == NULL || !eng_vjp_give (grad_inputs, k, eng_mul (vjp->grad_outputs[0], other, error)))
        return FALSE;
    }
  return TRUE;
}

#define ENG_PRODUCT_SAVES { { ENG_SAVE_INPUT (0), FOR_1 }, { ENG_SAVE_INPUT (1), FOR_0 } }

const EngOp eng_op_mm = {
  .signature = "mm(Tensor self, Tensor mat2) -> Tensor",
  .flags = ENG_BOTH,
  .grad_fn = "MmBackward0",
  .infer = infer_mm,
  .kernel = kernel_mm,
  .quick = quick_mm,
  .saves = ENG_PRODUCT_SAVES,
  .vjp = vjp_product,
  .text = {
    .symbol = "mm",
    .title = "matrix product",
    .formula = "{out} = {0} · {1}",
    .caption = "{op} multiplied {0} ({0.size}) by {1} ({1.size}) and made {out} ({out.size}).",
    .caption_moved = "{op} multiplied {0} ({0.size}) by {1} ({1.size}); the name {out} now means this result.",
    .backward_caption = "{grad_fn} multiplied the gradient by {by} and sent it to {to}{none}.",
    .shape_rule = "{0} has {0.dim1} columns, so the other matrix needs {0.dim1} rows, but {1} has {1.dim0}",
    .derivative = {
      { "{grad} · {1}ᵀ", "mm multiplies by the other matrix, transposed", "× {1}" },
      { "{0}ᵀ · {grad}", "mm multiplies by the other matrix, transposed", "× {0}" },
    },
  },
  .samples = { "T(2,3), T(3,4)", "T(1,3), T(3,1)", "T(2,0), T(0,3)", "T(0,2), T(2,3)", "T(20,18), T(18,17)",
               "I(2,3), I(3,2)", NULL },
};

const EngOp eng_op_mv = {
  .signature = "mv(Tensor self, Tensor vec) -> Tensor",
  .flags = ENG_BOTH,
  .grad_fn = "MvBackward0",
  .infer = infer_mv,
  .kernel = kernel_mv,
  .saves = ENG_PRODUCT_SAVES,
  .vjp = vjp_mv,
  .text = {
    .symbol = "mv",
    .title = "matrix times vector",
    .formula = "{out} = {0} · {1}",
    .caption = "{op} multiplied {0} ({0.size}) by the vector {1} ({1.size}) and made {out} ({out.size}).",
    .caption_moved = "{op} multiplied {0} ({0.size}) by the vector {1}; the name {out} now means this result.",
    .backward_caption = "{grad_fn} multiplied the gradient by {by} and sent it to {to}{none}.",
    .shape_rule = "{0} has {0.dim1} columns, so the vector needs {0.dim1} entries, but {1} has {1.dim0}",
    .derivative = {
      { "{grad} · {1}ᵀ", "mv multiplies by the vector", "× {1}" },
      { "{0}ᵀ · {grad}", "mv multiplies by the matrix, transposed", "× {0}" },
    },
  },
  .samples = { "T(2,3), T(3)", "T(0,3), T(3)", "I(2,3), I(3)", NULL },
};

const EngOp eng_op_dot = {
  .signature = "dot(Tensor self, Tensor tensor) -> Tensor",
  .flags = ENG_BOTH,
  .grad_fn = "DotBackward0",
  .infer = infer_dot,
  .kernel = kernel_dot,
  .saves = ENG_PRODUCT_SAVES,
  .vjp = vjp_dot,
  .text = {
    .symbol = "dot",
    .title = "dot product",
    .formula = "{out} = {0} · {1}",
    .caption = "{op} multiplied {0} and {1} entry by entry and added the products: {out} = {out.value}.",
    .backward_caption = "{grad_fn} multiplied the gradient by {by} and sent it to {to}{none}.",
    .shape_rule = "{0} has {0.dim0} entries and {1} has {1.dim0}: a dot product needs equally many",
    .derivative = {
      { "{grad} × {1}", "dot multiplies by the other vector", "× {1}" },
      { "{grad} × {0}", "dot multiplies by the other vector", "× {0}" },
    },
  },
  .samples = { "T(3), T(3)", "T(0), T(0)", "I(4), I(4)", NULL },
};

const EngOp eng_op_bmm = {
  .signature = "bmm(Tensor self, Tensor mat2) -> Tensor",
  .flags = ENG_BOTH,
  .grad_fn = "BmmBackward0",
  .infer = infer_bmm,
  .kernel = kernel_bmm,
  .saves = ENG_PRODUCT_SAVES,
  .vjp = vjp_product,
  .text = {
    .symbol = "bmm",
    .title = "matrix products, one per batch entry",
    .formula = "{out}[b] = {0}[b] · {1}[b]",
    .caption = "{op} multiplied {0.dim0} pairs of matrices of {0} and {1} and made {out} ({out.size}).",
    .backward_caption = "{grad_fn} multiplied the gradient by {by} and sent it to {to}{none}.",
    .shape_rule = "{0} is {0.size} and {1} is {1.size}: the batch and the inner sizes must be equal",
    .derivative = {
      { "{grad} · {1}ᵀ", "bmm multiplies by the other matrices, transposed", "× {1}" },
      { "{0}ᵀ · {grad}", "bmm multiplies by the other matrices, transposed", "× {0}" },
    },
  },
  .samples = { "T(2,2,3), T(2,3,4)", "T(0,2,3), T(0,3,2)", "I(2,2,2), I(2,2,2)", NULL },
};

EngTensor *
eng_mm (EngTensor *self, EngTensor *mat2, GError **error)
{
  return eng_call_two (&eng_op_mm, self, mat2, error);
}

EngTensor *
eng_mv (EngTensor *self, EngTensor *vec, GError **error)
{
  return eng_call_two (&eng_op_mv, self, vec, error);
}

EngTensor *
eng_dot (EngTensor *self, EngTensor *tensor, GError **error)
{
  return eng_call_two (&eng_op_dot, self, tensor, error);
}

EngTensor *
eng_bmm (EngTensor *self, EngTensor *mat2, GError **error)
{
  return eng_call_two (&eng_op_bmm, self, mat2, error);
}

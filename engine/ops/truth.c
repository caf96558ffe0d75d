/* SPDX-License-Identifier: MIT
 *
 * The cards of truth over a tensor: any, all. */
#include "reduce.h"

#define ENG_BOTH (ENG_OP_TENSOR_METHOD | ENG_OP_FUNCTION)

/* any and all give bool, but uint8 for uint8. */
static EngDtype
truth_dtype (const EngCall *call)
{
  EngDtype dtype = eng_tensor_get_dtype (eng_arg_tensor (call, 0));
  return dtype == ENG_UINT8 ? ENG_UINT8 : ENG_BOOL;
}

static gboolean
infer_truth (EngCall *call, GError **error)
{
  return eng_infer_reduce (call, 0, NULL, FALSE, truth_dtype (call), error);
}

static gboolean
infer_truth_dim (EngCall *call, GError **error)
{
  gint64 dim = eng_arg_int (call, 1);
  return eng_infer_reduce (call, 1, &dim, eng_arg_bool (call, 2), truth_dtype (call), error);
}

static gboolean
kernel_any (EngCall *call, GError **error)
{
  EngTensor *self = eng_arg_tensor (call, 0);
  eng_run_fold (ENG_FOLD_ANY, call->outputs[0], self, eng_reduced_mask (eng_tensor_get_ndim (self), NULL), NULL, 0);
  return TRUE;
}

static gboolean
kernel_any_dim (EngCall *call, GError **error)
{
  EngTensor *self = eng_arg_tensor (call, 0);
  guint32 mask = eng_reduced_mask (eng_tensor_get_ndim (self), &call->args[1]);
  eng_run_fold (ENG_FOLD_ANY, call->outputs[0], self, mask, NULL, 0);
  return TRUE;
}

static gboolean
kernel_all (EngCall *call, GError **error)
{
  EngTensor *self = eng_arg_tensor (call, 0);
  eng_run_fold (ENG_FOLD_ALL, call->outputs[0], self, eng_reduced_mask (eng_tensor_get_ndim (self), NULL), NULL, 0);
  return TRUE;
}

static gboolean
kernel_all_dim (EngCall *call, GError **error)
{
  EngTensor *self = eng_arg_tensor (call, 0);
  guint32 mask = eng_reduced_mask (eng_tensor_get_ndim (self), &call->args[1]);
  eng_run_fold (ENG_FOLD_ALL, call->outputs[0], self, mask, NULL, 0);
  return TRUE;
}

const EngOp eng_op_any = {
  .signature = "any(Tensor self) -> Tensor",
  .flags = ENG_BOTH | ENG_OP_NOT_DIFFERENTIABLE,
  .infer = infer_truth,
  .kernel = kernel_any,
  .text = {
    .symbol = "any",
    .title = "is any entry true?",
    .formula = "{out} = any {0}",
    .caption = "{op} asked whether at least one of the {0.entries} of {0} hold: {out.value}.",
  },
  .samples = { "B(2,3)", "T(2,3)", "B(0)", "I(4)", NULL },
};

const EngOp eng_op_any_dim = {
  .signature = "any.dim(Tensor self, int dim, bool keepdim=False) -> Tensor",
  .flags = ENG_BOTH | ENG_OP_NOT_DIFFERENTIABLE,
  .infer = infer_truth_dim,
  .kernel = kernel_any_dim,
  .text = {
    .symbol = "any",
    .title = "is any entry true?",
    .formula = "{out} = any of {0} along dim {1}",
    .caption = "{op} asked whether at least one of the entries of {0} along dim {1} hold: {out} ({out.size}).",
  },
  .samples = { "B(2,3), 0", "B(2,3), -1, True", "T(2,3), 1", NULL },
};

const EngOp eng_op_all = {
  .signature = "all(Tensor self) -> Tensor",
  .flags = ENG_BOTH | ENG_OP_NOT_DIFFERENTIABLE,
  .infer = infer_truth,
  .kernel = kernel_all,
  .text = {
    .symbol = "all",
    .title = "are all entries true?",
    .formula = "{out} = all {0}",
    .caption = "{op} asked whether all of the {0.entries} of {0} hold: {out.value}.",
  },
  .samples = { "B(2,3)", "T(2,3)", "B(0)", "I(4)", NULL },
};

const EngOp eng_op_all_dim = {
  .signature = "all.dim(Tensor self, int dim, bool keepdim=False) -> Tensor",
  .flags = ENG_BOTH | ENG_OP_NOT_DIFFERENTIABLE,
  .infer = infer_truth_dim,
  .kernel = kernel_all_dim,
  .text = {
    .symbol = "all",
    .title = "are all entries true?",
    .formula = "{out} = all of {0} along dim {1}",
    .caption = "{op} asked whether all of the entries of {0} along dim {1} hold: {out} ({out.size}).",
  },
  .samples = { "B(2,3), 0", "B(2,3), -1, True", "T(2,3), 1", NULL },
};

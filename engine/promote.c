/* SPDX-License-Identifier: MIT
 *
 * PyTorch's result_type: three groups of arguments, each promoted in itself, then
 * combined from the strongest down (ATen/native/TypeProperties.cpp describes the
 * same rule). Called by the shape rules and by torch.result_type. */
#include "engine/promote.h"

#define NO_DTYPE (-1)

/* Groups from the strongest: tensors with dimensions, 0-dim tensors, numbers. */
typedef struct
{
  int with_dims;
  int zero_dim;
  int number;
} Groups;

static void
group_add (int *group, EngDtype dtype)
{
  *group = *group == NO_DTYPE ? (int) dtype : (int) eng_dtype_promote ((EngDtype) *group, dtype);
}

static void
groups_add_tensor (Groups *groups, const EngTensor *tensor)
{
  gboolean zero_dim = eng_tensor_get_ndim (tensor) == 0;
  group_add (zero_dim ? &groups->zero_dim : &groups->with_dims, eng_tensor_get_dtype (tensor));
}

static void
groups_add (Groups *groups, const EngValue *value)
{
  switch (value->kind)
    {
    case ENG_VALUE_TENSOR:
      groups_add_tensor (groups, value->tensor);
      break;
    case ENG_VALUE_TENSORS:
      for (gsize k = 0; k < value->tensors.n; k++)
        groups_add_tensor (groups, value->tensors.items[k]);
      break;
    case ENG_VALUE_BOOL:
      group_add (&groups->number, ENG_BOOL);
      break;
    case ENG_VALUE_INT:
      group_add (&groups->number, ENG_INT64);
      break;
    case ENG_VALUE_FLOAT:
      group_add (&groups->number, eng_get_default_dtype ());
      break;
    case ENG_VALUE_NONE:
    case ENG_VALUE_INTS:
    case ENG_VALUE_DTYPE:
    case ENG_VALUE_STRING:
    case ENG_VALUE_GENERATOR:
      break;
    }
}

/* A lower group counts only when it raises the category. */
static int
combine (int higher, int lower)
{
  if (higher == NO_DTYPE)
    return lower;
  if (lower == NO_DTYPE)
    return higher;
  if (eng_dtype_category ((EngDtype) lower) > eng_dtype_category ((EngDtype) higher))
    return (int) eng_dtype_promote ((EngDtype) higher, (EngDtype) lower);
  return higher;
}

EngDtype
eng_result_type (const EngValue *args, guint n)
{
  Groups groups = { NO_DTYPE, NO_DTYPE, NO_DTYPE };
  for (guint k = 0; k < n; k++)
    groups_add (&groups, &args[k]);
  int dtype = combine (combine (groups.with_dims, groups.zero_dim), groups.number);
  return dtype == NO_DTYPE ? eng_get_default_dtype () : (EngDtype) dtype;
}

/* A store may lose range or digits, never a category. */
gboolean
eng_can_cast (EngDtype from, EngDtype to)
{
  return eng_dtype_category (from) <= eng_dtype_category (to);
}

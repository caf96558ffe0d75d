/* SPDX-License-Identifier: MIT
 *
 * The two private cards behind as-strided.h: a view by geometry, and its
 * derivative, which adds each gradient where the element was read. Geometries
 * travel as int[] arguments (sizes, strides, then the offset), so that the cards
 * are ordinary ones. Called by copy-slices.c. */
#include "engine/as-strided.h"

#include <string.h>

#include "engine/call.h"
#include "engine/grad-fn.h"
#include "engine/infer.h"
#include "engine/ops/ops.h"
#include "engine/inline.h"

static const EngOp op_as_strided;
static const EngOp op_as_strided_backward;

#define PACKED_MAX (2 * ENG_MAX_NDIM + 1)

void
eng_geometry_of (EngGeometry *geometry, const EngTensor *tensor)
{
  geometry->ndim = tensor->ndim;
  geometry->offset = tensor->offset;
  for (guint d = 0; d < tensor->ndim; d++)
    {
      geometry->sizes[d] = tensor->sizes[d];
      geometry->strides[d] = eng_tensor_get_strides (tensor)[d];
    }
}

/* One past the last element that the geometry reaches, counted from its first. */
static gint64
geometry_extent (const EngGeometry *geometry)
{
  gint64 extent = 1;
  for (guint d = 0; d < geometry->ndim; d++)
    {
      if (geometry->sizes[d] == 0)
        return 0;
      extent += (geometry->sizes[d] - 1) * geometry->strides[d];
    }
  return extent;
}

EngTensor *
eng_geometry_new_tensor (const EngGeometry *geometry, EngDtype dtype, GError **error)
{
  gint64 numel;
  gsize nbytes = (gsize) geometry_extent (geometry) * eng_dtype_size (dtype);
  if (!eng_shape_check (geometry->ndim, geometry->sizes, eng_dtype_size (dtype), &numel, error))
    return NULL;
  EngStorage *storage = eng_storage_new (nbytes, error);
  if (storage == NULL)
    return NULL;
  return eng_tensor_new_over (storage, dtype, geometry->ndim, geometry->sizes, geometry->strides, 0, numel);
}

static EngValue
pack (const EngGeometry *geometry, gint64 *numbers)
{
  memcpy (numbers, geometry->sizes, geometry->ndim * sizeof (gint64));
  memcpy (numbers + geometry->ndim, geometry->strides, geometry->ndim * sizeof (gint64));
  numbers[2 * geometry->ndim] = geometry->offset;
  return (EngValue) { .kind = ENG_VALUE_INTS, .ints = { numbers, 2 * geometry->ndim + 1 } };
}

static void
unpack (const EngValue *value, EngGeometry *geometry)
{
  geometry->ndim = (guint) ((value->ints.n - 1) / 2);
  memcpy (geometry->sizes, value->ints.items, geometry->ndim * sizeof (gint64));
  memcpy (geometry->strides, value->ints.items + geometry->ndim, geometry->ndim * sizeof (gint64));
  geometry->offset = value->ints.items[2 * geometry->ndim];
}

/* The arguments of both cards: the tensor, the base's geometry, the view's. */
static void
fill_args (EngValue args[3], EngTensor *tensor, const EngGeometry *base, gint64 *base_numbers,
           const EngGeometry *view, gint64 *view_numbers)
{
  args[0] = (EngValue) { .kind = ENG_VALUE_TENSOR, .tensor = tensor };
  args[1] = pack (base, base_numbers);
  args[2] = pack (view, view_numbers);
}

static EngTensor *
call (const EngOp *op, EngTensor *tensor, const EngGeometry *base, const EngGeometry *view, GError **error)
{
  gint64 base_numbers[PACKED_MAX];
  gint64 view_numbers[PACKED_MAX];
  EngValue args[3];
  EngTensor *output = NULL;
  fill_args (args, tensor, base, base_numbers, view, view_numbers);
  return eng_call (op, args, &output, error) ? output : NULL;
}

EngTensor *
eng_as_strided (EngTensor *self, const EngGeometry *geometry, gint64 zero_offset, GError **error)
{
  EngGeometry base;
  EngGeometry view = *geometry;
  eng_geometry_of (&base, self);
  view.offset += self->offset - zero_offset;
  return call (&op_as_strided, self, &base, &view, error);
}

EngGradFn *
eng_as_strided_new_grad_fn (EngTensor *base, const EngTensor *view)
{
  gint64 base_numbers[PACKED_MAX];
  gint64 view_numbers[PACKED_MAX];
  EngGeometry base_geometry;
  EngGeometry view_geometry;
  EngValue args[3];
  eng_geometry_of (&base_geometry, base);
  eng_geometry_of (&view_geometry, view);
  fill_args (args, base, &base_geometry, base_numbers, &view_geometry, view_numbers);
  guint64 needs = eng_tensor_get_requires_grad (base) ? 1 : 0;
  return eng_grad_fn_new_for_call (eng_registry_find (&op_as_strided), args, &base, 1, needs, NULL);
}

static gboolean
view_as_strided (EngCall *op_call, GError **error)
{
  EngGeometry view;
  unpack (&op_call->args[2], &view);
  op_call->outputs[0] = eng_tensor_new_alias (eng_arg_tensor (op_call, 0), view.ndim, view.sizes, view.strides,
                                              view.offset);
  return TRUE;
}

static gboolean
vjp_as_strided (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  EngGeometry base;
  EngGeometry view;
  unpack (&vjp->args[1], &base);
  unpack (&vjp->args[2], &view);
  grad_inputs[0] = call (&op_as_strided_backward, vjp->grad_outputs[0], &base, &view, error);
  return grad_inputs[0] != NULL;
}

static const EngOp op_as_strided = {
  .signature = "_as_strided(Tensor self, int[] base, int[] view) -> Tensor(a)",
  .flags = ENG_OP_VIEW | ENG_OP_HIDDEN,
  .grad_fn = "AsStridedBackward0",
  .view = view_as_strided,
  .vjp = vjp_as_strided,
  .text = { .symbol = "as_strided", .title = "view by strides" },
};

static gboolean
infer_as_strided_backward (EngCall *op_call, GError **error)
{
  EngGeometry base;
  unpack (&op_call->args[1], &base);
  eng_meta_set (&op_call->out[0], eng_tensor_get_dtype (eng_arg_tensor (op_call, 0)), base.ndim, base.sizes);
  return TRUE;
}

/* sum[where the element stood in memory] += grad, element by element of the view. */
static void
scatter_add (EngTensor *memory, const EngTensor *grad, const EngGeometry *view, gint64 first)
{
  gint64 index[ENG_MAX_NDIM] = { 0 };
  for (gint64 k = 0; k < grad->numel; k++)
    {
      gint64 at = view->offset - first;
      for (guint d = 0; d < view->ndim; d++)
        at += index[d] * view->strides[d];
      eng_tensor_set_double (memory, at, eng_tensor_get_double (memory, at) + eng_tensor_get_double (grad, k));
      for (guint d = view->ndim; d-- > 0 && ++index[d] == view->sizes[d];)
        index[d] = 0;
    }
}

/* grad has the view's sizes, the output the base's. */
static gboolean
kernel_as_strided_backward (EngCall *op_call, GError **error)
{
  EngGeometry base;
  EngGeometry view;
  EngTensor *grad = eng_arg_tensor (op_call, 0);
  EngTensor *out = op_call->outputs[0];
  unpack (&op_call->args[1], &base);
  unpack (&op_call->args[2], &view);
  g_autoptr (EngTensor) whole = eng_geometry_new_tensor (&base, (EngDtype) grad->dtype, error);
  if (whole == NULL)
    return FALSE;
  memset (eng_tensor_get_data (whole), 0, eng_storage_get_nbytes (whole->storage));
  gint64 extent = geometry_extent (&base);
  gint64 one = 1;
  g_autoptr (EngTensor) memory = eng_tensor_new_alias (whole, 1, &extent, &one, 0);
  scatter_add (memory, grad, &view, base.offset);
  for (gint64 k = 0; k < out->numel; k++)
    eng_tensor_set_double (out, k, eng_tensor_get_double (whole, k));
  return TRUE;
}

/* The derivative of putting each element back is reading it again. */
static gboolean
vjp_as_strided_backward (EngVjp *vjp, EngTensor **grad_inputs, GError **error)
{
  EngGeometry base;
  EngGeometry view;
  unpack (&vjp->args[1], &base);
  unpack (&vjp->args[2], &view);
  g_autoptr (EngTensor) empty = eng_geometry_new_tensor (&base, eng_tensor_get_dtype (vjp->grad_outputs[0]), error);
  g_autoptr (EngTensor) whole = empty != NULL ? eng_copy_ (empty, vjp->grad_outputs[0], error) : NULL;
  grad_inputs[0] = whole != NULL ? eng_as_strided (whole, &view, base.offset, error) : NULL;
  return grad_inputs[0] != NULL;
}

static const EngOp op_as_strided_backward = {
  .signature = "_as_strided_backward(Tensor grad, int[] base, int[] view) -> Tensor",
  .flags = ENG_OP_HIDDEN,
  .grad_fn = "AsStridedBackwardBackward0",
  .infer = infer_as_strided_backward,
  .kernel = kernel_as_strided_backward,
  .vjp = vjp_as_strided_backward,
  .text = { .symbol = "as_strided_backward", .title = "gradient of a view by strides" },
};

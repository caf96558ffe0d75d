/* SPDX-License-Identifier: MIT
 *
 * A card's first line, in PyTorch's schema language, parsed once at start:
 *   "sum.dim(Tensor self, int[1]? dim, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor"
 * Python argument parsing, its error texts, recorded parameters and the
 * documentation are derived from it. */
#pragma once

#include "value.h"

typedef enum
{
  ENG_PARAM_TENSOR,
  ENG_PARAM_TENSORS,     /* Tensor[] */
  ENG_PARAM_SCALAR,      /* a Python number */
  ENG_PARAM_BOOL,
  ENG_PARAM_INT,
  ENG_PARAM_FLOAT,
  ENG_PARAM_INTS,        /* int[]; int[1] also accepts one int; size[] may be spread as varargs */
  ENG_PARAM_DTYPE,
  ENG_PARAM_STRING,
  ENG_PARAM_GENERATOR,
  ENG_PARAM_DEVICE,      /* checked and dropped while there is only the CPU */
} EngParamType;

typedef struct
{
  const char *name;
  EngParamType type;
  gboolean optional;     /* "?": None allowed */
  gboolean has_default;
  gboolean keyword_only; /* after "*" */
  gboolean single_int;   /* int[1] */
  gboolean varargs;      /* int[] that is self's only or first list: x.view(2, 3), torch.zeros(2, 3) */
  EngValue default_value;
} EngParam;

typedef struct
{
  char *name;            /* "sum" */
  char *overload;        /* "dim" or "" */
  guint n_params;
  EngParam *params;
  guint n_tensor_params; /* Tensor and Tensor? parameters, in order: autograd's input numbers */
  guint n_outputs;
} EngSignature;

EngSignature *eng_signature_parse (const char *text, GError **error);
void eng_signature_free (EngSignature *signature);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EngSignature, eng_signature_free)
/* "sum(dim=1, keepdim=True)": the non-tensor arguments that differ from their
 * defaults, as Python would write them; "" when none. Owned by the caller. */
char *eng_signature_format_params (const EngSignature *signature, const EngValue *args);

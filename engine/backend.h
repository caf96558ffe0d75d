/* SPDX-License-Identifier: MIT
 *
 * A device is a table of kernels. The CPU's is built in (engine/cpu); others are
 * modules loaded at run time that export eng_backend_get (). A kernel that a
 * table lacks is a clear error, never a silent copy to the CPU. */
#pragma once

#include "tensor.h"

/* Raised whenever a field of EngBackend changes: a module with another number is
 * refused, not guessed at. */
#define ENG_BACKEND_ABI 1

typedef struct
{
  guint32 abi;                   /* ENG_BACKEND_ABI at the module's build time */
  const char *name;              /* "cpu", "cuda" */
  /* Number of usable devices; 0 sets reason (owned by the caller) in plain words. */
  guint (*count_devices) (char **reason);
  /* Copies src into dst (equal sizes, any strides), converting the dtype. */
  gboolean (*copy) (EngTensor *dst, const EngTensor *src, GError **error);
  /* Fills dst (any strides) with value, converted to its dtype. */
  gboolean (*fill) (EngTensor *dst, double value, GError **error);
} EngBackend;

/* What a module exports under the name "eng_backend_get". */
typedef const EngBackend *(*EngBackendGet) (void);
#define ENG_BACKEND_SYMBOL "eng_backend_get"

const EngBackend *eng_backend_cpu (void);        /* engine/cpu */
/* Loads the module "tapedeck-<name>" from the directories in TAPEDECK_MODULE_PATH or the
 * installed one. NULL sets ENG_ERROR_RUNTIME with the reason: no module, another
 * ABI, no device. A loaded module stays loaded. */
const EngBackend *eng_backend_load (const char *name, GError **error);

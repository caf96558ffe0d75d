/* SPDX-License-Identifier: MIT
 *
 * Printing as PyTorch prints: one format for the whole tensor, summarised above
 * the threshold, wrapped at linewidth (torch.set_printoptions). */
#pragma once

#include "tensor.h"

typedef struct
{
  int precision;      /* 4 */
  gint64 threshold;   /* 1000 */
  int edgeitems;      /* 3 */
  int linewidth;      /* 80 */
  int sci_mode;       /* -1 automatic, 0 never, 1 always */
} EngPrintOptions;

EngPrintOptions *eng_print_options (void);              /* the process's, changeable */
/* "tensor([1., 2.], requires_grad=True)". Owned by the caller. */
char *eng_tensor_to_string (const EngTensor *tensor);

/* SPDX-License-Identifier: MIT
 *
 * Tensors from Python data: numbers, nested sequences, arrays with a buffer. */
#pragma once

#include "py.h"

/* A new tensor of the data's values (copied). dtype NULL: the one PyTorch infers.
 * Raises PyTorch's ValueError and TypeError for ragged or unfit data. */
PyObject *script_tensor_from_python (PyObject *data, const EngDtype *dtype);
/* A copy of tensor in dtype, outside the graph. */
PyObject *script_tensor_from_data (EngDtype dtype, EngTensor *tensor);
/* torch.tensor, as_tensor, from_numpy, Tensor (…), FloatTensor (…) … */
extern PyMethodDef script_tensor_data_functions[];

/* SPDX-License-Identifier: MIT
 *
 * Writes recordings by hand. Values are computed here, so that sizes, counts and
 * gradients in a test are consistent with each other. */
#include "tape.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

static const RecOpDef op_defs[TAPE_N_OPS] = {
  [TAPE_RANDN] = { .name = "randn", .is_factory = TRUE, .symbol = "randn" },
  [TAPE_T] = { .name = "t", .grad_fn_name = "TBackward0", .is_view = TRUE, .symbol = "t", .view_tag = "ᵀ" },
  [TAPE_MM] = { .name = "mm",
                .grad_fn_name = "MmBackward0",
                .symbol = "mm",
                .title = "matrix product",
                .formula = "{out} = {0} · {1}",
                .caption = "{op} multiplied {0} ({0.size}) by {1} ({1.size}) and made {out} ({out.size}).",
                .backward_caption = "{grad_fn} multiplied the gradient by {by} and sent it to {to}{none}.",
                .shape_rule =
                    "{0} has {0.dim1} columns, so the other matrix needs {0.dim1} rows, but {1} has {1.dim0}",
                .derivative = { { "{grad} · {1}ᵀ", "mm multiplies by the other matrix, transposed", "× {1}" },
                                { "{0}ᵀ · {grad}", "mm multiplies by the other matrix, transposed",
                                  "{0}ᵀ ×" } } },
  [TAPE_ADD] = { .name = "add.Tensor",
                 .grad_fn_name = "AddBackward0",
                 .symbol = "add",
                 .formula = "{out} = {0} + {1}",
                 .caption = "{op} added {0} and {1} entry by entry and made {out} ({out.size}).",
                 .backward_caption = "{grad_fn} passed the same gradient, unchanged, to {to}{none}.",
                 .derivative = { { "{grad}", "+ passes it unchanged to both", "× 1 to both" },
                                 { "{grad}", "+ passes it unchanged to both", "× 1 to both" } } },
  [TAPE_MUL] = { .name = "mul.Tensor",
                 .grad_fn_name = "MulBackward0",
                 .symbol = "mul",
                 .formula = "{out} = {0} × {1}",
                 .derivative = { { "{grad} × {1}", "× multiplies by the other input", "× {1}" },
                                 { "{grad} × {0}", "× multiplies by the other input", "× {0}" } } },
  [TAPE_TANH] = { .name = "tanh",
                  .grad_fn_name = "TanhBackward0",
                  .symbol = "tanh",
                  .formula = "{out} = tanh({0})",
                  .caption = "{op} squashed every entry into −1…1 and made {out} ({out.size}).",
                  .caption_moved =
                      "{op} squashed every entry into −1…1; the name {out} now means this result.",
                  .backward_caption = "{grad_fn} multiplied each gradient by 1 − {out}²{almost0}.",
                  .saturation = "nearly ±1",
                  .derivative = { { "{grad} × (1 − {out}²)", "tanh multiplies by 1 − tanh²",
                                    "× (1 − {out}²)" } } },
  [TAPE_SUM] = { .name = "sum",
                 .grad_fn_name = "SumBackward0",
                 .symbol = "sum",
                 .formula = "{out} = sum({0})",
                 .caption = "{op} added the {0.entries} of {0}: {out} = {out.value}.",
                 .backward_caption = "{grad_fn} copied the gradient {grad.value} to {0.all_entries} of {to}.",
                 .derivative = { { "{grad}", "sum copies its gradient to every entry",
                                   "copies {grad.value} to all {0.numel}" } } },
  [TAPE_LOG] = { .name = "log", .grad_fn_name = "LogBackward0", .symbol = "log" },
};

Tape *
tape_new (void)
{
  Tape *tape = g_new0 (Tape, 1);
  g_autoptr (GError) error = NULL;

  tape->recording = rec_recording_new (64 << 20, &error);
  g_assert_no_error (error);
  tape->writer = rec_writer_new (dup (rec_recording_get_events_fd (tape->recording)),
                                 dup (rec_recording_get_heap_fd (tape->recording)), &error);
  g_assert_no_error (error);
  tape->tensors = g_ptr_array_new_with_free_func (g_free);
  tape->next_tensor = tape->next_grad_fn = 1;
  tape->seed = 42;
  rec_writer_run_begins (tape->writer, "demo.py", "import torch\n", 0, NULL);
  for (guint k = 0; k < TAPE_N_OPS; k++)
    tape->defs[k] = rec_writer_add_op_def (tape->writer, &op_defs[k]);
  return tape;
}

void
tape_free (Tape *tape)
{
  rec_writer_free (tape->writer);
  rec_recording_unref (tape->recording);
  g_ptr_array_unref (tape->tensors);
  g_free (tape);
}

void
tape_begin (Tape *tape, guint line)
{
  rec_writer_statement_begins (tape->writer, 0, line, line);
}

void
tape_end (Tape *tape)
{
  rec_writer_statement_ends (tape->writer);
}

static gint64
count (const TapeTensor *tensor)
{
  gint64 n = 1;
  for (guint d = 0; d < tensor->ndim; d++)
    n *= tensor->sizes[d];
  return n;
}

static TapeTensor *
new_tensor (Tape *tape, guint ndim, gint64 rows, gint64 cols)
{
  TapeTensor *tensor = g_new0 (TapeTensor, 1);

  g_assert_cmpint (rows * cols, <=, TAPE_MAX);
  tensor->id = tape->next_tensor++;
  tensor->ndim = ndim;
  tensor->sizes[0] = rows;
  tensor->sizes[1] = cols;
  g_ptr_array_add (tape->tensors, tensor);
  return tensor;
}

static void
keep (Tape *tape, TapeTensor *tensor)
{
  tensor->shot = rec_writer_add_shot (tape->writer, REC_FLOAT64, tensor->ndim, tensor->sizes, tensor->values);
}

/* Tensors are row-major, views are transposes. */
static RecTensor
facts (TapeTensor *tensor)
{
  tensor->strides[0] = tensor->base != 0 ? 1 : tensor->sizes[1];
  tensor->strides[1] = tensor->base != 0 ? tensor->sizes[0] : 1;
  return (RecTensor) { .id = tensor->id, .version = tensor->version, .dtype = REC_FLOAT64, .ndim = tensor->ndim,
                       .sizes = tensor->sizes, .strides = tensor->strides,
                       .storage = tensor->base != 0 ? tensor->base : tensor->id, .base = tensor->base,
                       .grad_fn = tensor->grad_fn, .requires_grad = tensor->requires_grad, .leaf = tensor->leaf,
                       .shot = tensor->shot };
}

static RecNext
next_of (const TapeTensor *tensor)
{
  if (!tensor->requires_grad)
    return (RecNext) { 0, 0, 0 };
  if (tensor->leaf)
    return (RecNext) { tensor->accumulate, 0, tensor->id };
  return (RecNext) { tensor->grad_fn, 0, 0 };
}

/* A bell-like number from a small generator: enough for a picture. */
static double
draw (Tape *tape)
{
  double sum = 0;
  for (int k = 0; k < 6; k++)
    {
      tape->seed = tape->seed * G_GUINT64_CONSTANT (6364136223846793005) + G_GUINT64_CONSTANT (1442695040888963407);
      sum += (double) (tape->seed >> 40) / (1 << 24) - 0.5;
    }
  return sum * 1.4;
}

TapeTensor *
tape_leaf (Tape *tape, gint64 rows, gint64 cols, gboolean requires_grad, const double *values)
{
  TapeTensor *leaf = new_tensor (tape, 2, rows, cols);
  g_autofree RecOp *op = g_new0 (RecOp, 1);

  leaf->leaf = TRUE;
  leaf->requires_grad = requires_grad;
  leaf->accumulate = requires_grad ? tape->next_grad_fn++ : 0;
  for (gint64 k = 0; k < rows * cols; k++)
    leaf->values[k] = values != NULL ? values[k] : draw (tape);
  keep (tape, leaf);
  op->op = tape->defs[TAPE_RANDN];
  op->written = "randn";
  op->grad_mode = !tape->no_grad;
  op->n_outputs = 1;
  op->outputs[0] = facts (leaf);
  rec_writer_op_done (tape->writer, op);
  return leaf;
}

static void
compute (TapeOp op, const TapeTensor *a, const TapeTensor *b, TapeTensor *out)
{
  for (gint64 k = 0; k < count (out); k++)
    {
      gint64 row = k / out->sizes[1], col = k % out->sizes[1];
      double y = 0;
      switch (op)
        {
        case TAPE_T:
          y = a->values[col * a->sizes[1] + row];
          break;
        case TAPE_MM:
          for (gint64 j = 0; j < a->sizes[1]; j++)
            y += a->values[row * a->sizes[1] + j] * b->values[j * b->sizes[1] + col];
          break;
        case TAPE_SUM:
          for (gint64 j = 0; j < count (a); j++)
            y += a->values[j];
          break;
        case TAPE_ADD:
          y = a->values[k] + b->values[k];
          break;
        case TAPE_MUL:
          y = a->values[k] * b->values[k];
          break;
        case TAPE_LOG:
          y = log (a->values[k]);
          break;
        default:
          y = tanh (a->values[k]);
          break;
        }
      out->values[k] = y;
    }
}

static void
fill_op (Tape *tape, RecOp *op, TapeOp kind, TapeTensor *a, TapeTensor *b, const char *written)
{
  op->op = tape->defs[kind];
  op->written = written != NULL ? written : op_defs[kind].symbol;
  op->grad_mode = !tape->no_grad;
  op->inputs[op->n_inputs++] = facts (a);
  if (b != NULL)
    op->inputs[op->n_inputs++] = facts (b);
}

static void
fill_backward (RecOp *op, TapeOp kind, TapeTensor *a, TapeTensor *b, TapeTensor *out)
{
  op->grad_fn = out->grad_fn;
  op->next[op->n_next++] = next_of (a);
  if (b != NULL)
    op->next[op->n_next++] = next_of (b);
  if (kind == TAPE_TANH)
    op->saved[op->n_saved++] = out->id;
  if ((kind == TAPE_MM || kind == TAPE_MUL) && b->requires_grad)
    op->saved[op->n_saved++] = a->id;
  if ((kind == TAPE_MM || kind == TAPE_MUL) && a->requires_grad)
    op->saved[op->n_saved++] = b->id;
}

TapeTensor *
tape_op (Tape *tape, TapeOp kind, TapeTensor *a, TapeTensor *b, const char *written)
{
  g_autofree RecOp *op = g_new0 (RecOp, 1);
  TapeTensor *out;

  if (kind == TAPE_SUM)
    out = new_tensor (tape, 0, 1, 1);
  else if (kind == TAPE_T)
    out = new_tensor (tape, 2, a->sizes[1], a->sizes[0]);
  else
    out = new_tensor (tape, 2, a->sizes[0], kind == TAPE_MM ? b->sizes[1] : a->sizes[1]);
  compute (kind, a, b, out);
  keep (tape, out);
  out->base = kind == TAPE_T ? a->id : 0;
  out->requires_grad = !tape->no_grad && (a->requires_grad || (b != NULL && b->requires_grad));
  out->leaf = !out->requires_grad;
  out->grad_fn = out->requires_grad ? tape->next_grad_fn++ : 0;
  fill_op (tape, op, kind, a, b, written);
  if (out->requires_grad)
    fill_backward (op, kind, a, b, out);
  op->n_outputs = 1;
  op->outputs[0] = facts (out);
  rec_writer_op_done (tape->writer, op);
  return out;
}

void
tape_add_in_place (Tape *tape, TapeTensor *a, TapeTensor *b)
{
  g_autofree RecOp *op = g_new0 (RecOp, 1);

  fill_op (tape, op, TAPE_ADD, a, b, "+=");
  op->in_place = TRUE;
  op->next[0] = next_of (a);
  op->next[1] = next_of (b);
  for (gint64 k = 0; k < count (a); k++)
    a->values[k] += b->values[k];
  keep (tape, a);
  a->version++;
  if (!tape->no_grad && (a->requires_grad || b->requires_grad))
    {
      op->n_next = 2;
      op->grad_fn = a->grad_fn = tape->next_grad_fn++;
      a->requires_grad = TRUE;
      a->leaf = FALSE;
    }
  op->n_outputs = 1;
  op->outputs[0] = facts (a);
  rec_writer_op_done (tape->writer, op);
}

void
tape_fail (Tape *tape, TapeOp kind, TapeTensor *a, TapeTensor *b, const char *message)
{
  g_autofree RecOp *op = g_new0 (RecOp, 1);

  fill_op (tape, op, kind, a, b, NULL);
  op->message = message;
  rec_writer_op_failed (tape->writer, op);
}

void
tape_name (Tape *tape, const char *name, TapeTensor *tensor)
{
  rec_writer_name_bound (tape->writer, name, tensor->id, tensor->version, REC_NAME_OWN);
}

void
tape_print (Tape *tape, const char *text)
{
  rec_writer_output (tape->writer, FALSE, text, strlen (text));
}

void
tape_ends (Tape *tape)
{
  rec_writer_run_ends (tape->writer, "The script ended.", 0);
}

void
tape_backward_begins (Tape *tape, TapeTensor *root, gboolean retain)
{
  const double one = 1;
  RecBackward backward = { .n_roots = 1, .roots = { root->id }, .grad_fns = { root->grad_fn }, .retain_graph = retain };

  backward.grads[0] = rec_writer_add_shot (tape->writer, REC_FLOAT64, root->ndim, root->sizes, &one);
  rec_writer_backward_begins (tape->writer, &backward);
}

static guint64
shot_like (Tape *tape, const TapeTensor *tensor, const double *values)
{
  return values != NULL ? rec_writer_add_shot (tape->writer, REC_FLOAT64, tensor->ndim, tensor->sizes, values) : 0;
}

void
tape_ran (Tape *tape, TapeTensor *output, const double *grad, const double *to_a, const double *to_b,
          TapeTensor *a, TapeTensor *b, gboolean freed)
{
  RecGradFnRun run = { .grad_fn = output->grad_fn, .saved_freed = freed, .n_grad_outputs = 1 };

  run.grad_outputs[0] = shot_like (tape, output, grad);
  run.grad_inputs[run.n_grad_inputs++] = shot_like (tape, a, to_a);
  if (b != NULL)
    run.grad_inputs[run.n_grad_inputs++] = shot_like (tape, b, to_b);
  rec_writer_grad_fn_done (tape->writer, &run);
}

void
tape_accumulated (Tape *tape, TapeTensor *leaf, const double *grad, gboolean accumulated)
{
  RecGradFnRun run = { .grad_fn = leaf->accumulate, .leaf = leaf->id, .accumulated = accumulated };

  run.leaf_grad = shot_like (tape, leaf, grad);
  run.n_grad_outputs = 1;
  run.grad_outputs[0] = run.leaf_grad;
  rec_writer_grad_fn_done (tape->writer, &run);
}

void
tape_backward_ends (Tape *tape)
{
  rec_writer_backward_ends (tape->writer, FALSE);
}

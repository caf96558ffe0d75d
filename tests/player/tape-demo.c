/* SPDX-License-Identifier: MIT
 *
 * The demo's run, written by hand: the same lines, operations and order of
 * grad_fns as resources/examples/dynamic_graph.py, with numbers of its own. */
#include "tape.h"

typedef struct { TapeTensor *W_h, *W_x, *x, *prev_h, *prev_t, *x_t, *h2h, *i2h, *sum, *next_h, *loss; } Demo;

static TapeTensor *
named_leaf (Tape *tape, guint line, const char *name, gint64 rows, gint64 cols, gboolean requires_grad)
{
  TapeTensor *leaf;

  tape_begin (tape, line);
  leaf = tape_leaf (tape, rows, cols, requires_grad, NULL);
  tape_name (tape, name, leaf);
  tape_end (tape);
  return leaf;
}

static void
forward (Tape *tape, Demo *d)
{
  tape_begin (tape, 9);
  d->prev_t = tape_op (tape, TAPE_T, d->prev_h, NULL, NULL);
  d->h2h = tape_op (tape, TAPE_MM, d->W_h, d->prev_t, NULL);
  tape_name (tape, "h2h", d->h2h);
  tape_end (tape);
  tape_begin (tape, 10);
  d->x_t = tape_op (tape, TAPE_T, d->x, NULL, NULL);
  d->i2h = tape_op (tape, TAPE_MM, d->W_x, d->x_t, NULL);
  tape_name (tape, "i2h", d->i2h);
  tape_end (tape);
  tape_begin (tape, 11);
  d->sum = tape_op (tape, TAPE_ADD, d->h2h, d->i2h, "+");
  tape_name (tape, "next_h", d->sum);
  tape_end (tape);
  tape_begin (tape, 12);
  d->next_h = tape_op (tape, TAPE_TANH, d->sum, NULL, NULL);
  tape_name (tape, "next_h", d->next_h);
  tape_end (tape);
  tape_begin (tape, 14);
  d->loss = tape_op (tape, TAPE_SUM, d->next_h, NULL, NULL);
  tape_name (tape, "loss", d->loss);
  tape_end (tape);
}

/* grad · other, for a product with a column. */
static void
outer (const double *grad, const TapeTensor *column, gint64 rows, double *out)
{
  for (gint64 r = 0; r < rows; r++)
    for (gint64 c = 0; c < column->sizes[0]; c++)
      out[r * column->sizes[0] + c] = grad[r] * column->values[c];
}

static void
backward (Tape *tape, Demo *d)
{
  const double one = 1;
  double ones[20], grad[20], to_W[TAPE_MAX];

  for (int k = 0; k < 20; k++)
    {
      ones[k] = 1;
      grad[k] = 1 - d->next_h->values[k] * d->next_h->values[k];
    }
  tape_begin (tape, 15);
  tape_backward_begins (tape, d->loss, FALSE);
  tape_ran (tape, d->loss, &one, ones, NULL, d->next_h, NULL, TRUE);
  tape_ran (tape, d->next_h, ones, grad, NULL, d->sum, NULL, TRUE);
  tape_ran (tape, d->sum, grad, grad, grad, d->h2h, d->i2h, TRUE);
  outer (grad, d->x_t, 20, to_W);
  tape_ran (tape, d->i2h, grad, to_W, NULL, d->W_x, d->x_t, TRUE);
  tape_accumulated (tape, d->W_x, to_W, FALSE);
  outer (grad, d->prev_t, 20, to_W);
  tape_ran (tape, d->h2h, grad, to_W, NULL, d->W_h, d->prev_t, TRUE);
  tape_accumulated (tape, d->W_h, to_W, FALSE);
  tape_backward_ends (tape);
  tape_end (tape);
}

Tape *
tape_new_demo (void)
{
  Tape *tape = tape_new ();
  Demo demo = { 0 };

  tape_begin (tape, 2);
  rec_writer_seeded (tape->writer, 0);
  tape_end (tape);
  demo.W_h = named_leaf (tape, 4, "W_h", 20, 20, TRUE);
  demo.W_x = named_leaf (tape, 5, "W_x", 20, 10, TRUE);
  demo.x = named_leaf (tape, 6, "x", 1, 10, FALSE);
  demo.prev_h = named_leaf (tape, 7, "prev_h", 1, 20, FALSE);
  forward (tape, &demo);
  backward (tape, &demo);
  tape_ends (tape);
  return tape;
}

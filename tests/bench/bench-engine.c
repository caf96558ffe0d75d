/* SPDX-License-Identifier: MIT
 *
 * Measures the engine through its C API: reads one case per line ("add recorded"),
 * runs it for a moment and answers with nanoseconds per repetition. bench.py drives
 * it, turn by turn with the same cases in Python (worker.py), so that both see the
 * same noise. With --recorded a recorder watches, and each answer begins a fresh
 * recording. */

#include "engine/engine.h"
#include "engine/ops/ops.h"
#include "recording/recorder.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Long enough that the clock does not matter, short enough to take turns often. */
#define TURN_NS (40 * G_GINT64_CONSTANT (1000000))
#define RECORDING_NBYTES (512u << 20)

typedef struct
{
  EngTensor *a[4], *b[4]; /* operands of add, mul, matmul, tanh */
  EngTensor *grad[4];     /* what backward starts from */
  EngTensor *W_h, *W_x, *x, *prev_h;
  EngTensor *million[2]; /* operands of the kernels */
} Bench;

typedef enum
{
  ADD,
  MUL,
  MATMUL,
  TANH,
  DEMO,
  ADD_MILLION,
  SUM_MILLION,
  TANH_MILLION,
  EXP_MILLION,
  SIGMOID_MILLION
} Case;
typedef enum { NO_GRAD, RECORDED, BACKWARD } Mode;

/* Gives value, or ends the program saying why there is none. */
static gpointer
need (gpointer value, GError *error)
{
  if (value != NULL)
    return value;
  fprintf (stderr, "bench-engine: %s\n", error != NULL ? error->message : "no value");
  exit (1);
}

static EngTensor *
new_random (guint ndim, gint64 rows, gint64 cols, gboolean requires_grad)
{
  g_autoptr (GError) error = NULL;
  gint64 sizes[2] = { rows, cols };
  EngTensor *tensor = need (eng_randn (ndim, sizes, &error), error);

  if (requires_grad)
    need (GINT_TO_POINTER (eng_tensor_set_requires_grad (tensor, TRUE, &error)), error);
  return tensor;
}

static EngTensor *
apply (const Bench *bench, Case what, GError **error)
{
  switch (what)
    {
    case ADD:
      return eng_add (bench->a[ADD], bench->b[ADD], error);
    case MUL:
      return eng_mul (bench->a[MUL], bench->b[MUL], error);
    case MATMUL:
      return eng_matmul (bench->a[MATMUL], bench->b[MATMUL], error);
    case ADD_MILLION:
      return eng_add (bench->million[0], bench->million[1], error);
    case SUM_MILLION:
      return eng_sum (bench->million[0], error);
    case TANH_MILLION:
      return eng_tanh (bench->million[0], error);
    case EXP_MILLION:
      return eng_exp (bench->million[0], error);
    case SIGMOID_MILLION:
      return eng_sigmoid (bench->million[0], error);
    case TANH:
    case DEMO:
    default:
      return eng_tanh (bench->a[TANH], error);
    }
}

static EngTensor *
demo_forward (const Bench *bench, GError **error)
{
  g_autoptr (EngTensor) prev_h_t = need (eng_t (bench->prev_h, error), NULL);
  g_autoptr (EngTensor) x_t = need (eng_t (bench->x, error), NULL);
  g_autoptr (EngTensor) h2h = need (eng_mm (bench->W_h, prev_h_t, error), NULL);
  g_autoptr (EngTensor) i2h = need (eng_mm (bench->W_x, x_t, error), NULL);
  g_autoptr (EngTensor) sum = need (eng_add (h2h, i2h, error), NULL);
  g_autoptr (EngTensor) next_h = need (eng_tanh (sum, error), NULL);

  return eng_sum (next_h, error);
}

static void
run_once (const Bench *bench, Case what, Mode mode)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EngTensor) out = NULL;
  EngTensor *grad = what >= DEMO ? NULL : bench->grad[what];

  out = what == DEMO ? demo_forward (bench, &error) : apply (bench, what, &error);
  need (out, error);
  if (mode == BACKWARD)
    need (GINT_TO_POINTER (eng_backward (&out, &grad, 1, FALSE, FALSE, &error)), error);
}

static gint64
now_ns (void)
{
  struct timespec time;

  clock_gettime (CLOCK_MONOTONIC, &time);
  return time.tv_sec * G_GINT64_CONSTANT (1000000000) + time.tv_nsec;
}

/* Nanoseconds per repetition, over about TURN_NS (recorded: over at most 2000). */
static double
measure (const Bench *bench, Case what, Mode mode, gboolean recorded)
{
  gint64 start, passed = 0, n = 0, batch = recorded || what > DEMO ? 20 : 200;

  eng_grad_mode_set (mode != NO_GRAD);
  start = now_ns ();
  while (passed < TURN_NS && (!recorded || n < 2000))
    {
      for (gint64 k = 0; k < batch; k++)
        run_once (bench, what, mode);
      n += batch;
      passed = now_ns () - start;
    }
  return (double) passed / (double) n;
}

static void
bench_init (Bench *bench)
{
  g_autoptr (GError) error = NULL;
  gint64 sizes[4][2] = { { 4, 1 }, { 4, 1 }, { 2, 1 }, { 4, 1 } };
  guint ndim[4] = { 1, 1, 2, 1 };

  eng_generator_seed (eng_generator_get_default (), 0);
  bench->a[ADD] = new_random (1, 4, 0, TRUE);
  bench->b[ADD] = new_random (1, 4, 0, TRUE);
  bench->a[MUL] = new_random (1, 4, 0, TRUE);
  bench->b[MUL] = new_random (1, 4, 0, TRUE);
  bench->a[MATMUL] = new_random (2, 2, 3, TRUE);
  bench->b[MATMUL] = new_random (2, 3, 1, TRUE);
  bench->a[TANH] = new_random (1, 4, 0, TRUE);
  for (int k = 0; k < 4; k++)
    bench->grad[k] = need (eng_ones (ENG_FLOAT32, ndim[k], sizes[k], &error), error);
  bench->W_h = new_random (2, 20, 20, TRUE);
  bench->W_x = new_random (2, 20, 10, TRUE);
  bench->x = new_random (2, 1, 10, FALSE);
  bench->prev_h = new_random (2, 1, 20, FALSE);
  for (int k = 0; k < 2; k++)
    bench->million[k] = new_random (1, 1000000, 0, FALSE);
}

/* A recorder over a fresh recording, attached. */
static RecRecorder *
start_recording (RecRecording **recording)
{
  g_autoptr (GError) error = NULL;
  RecRecorder *recorder;
  RecWriter *writer;

  *recording = need (rec_recording_new (RECORDING_NBYTES, &error), error);
  writer = need (rec_writer_new (dup (rec_recording_get_events_fd (*recording)),
                                 dup (rec_recording_get_heap_fd (*recording)), &error), error);
  recorder = rec_recorder_new (writer);
  rec_recorder_attach (recorder);
  return recorder;
}

/* Index of word in a NULL-terminated list; ends the program if it is not there. */
static int
lookup (const char *const *list, const char *word)
{
  for (int k = 0; list[k] != NULL; k++)
    if (strcmp (list[k], word) == 0)
      return k;
  fprintf (stderr, "bench-engine: no case is called '%s'\n", word);
  exit (1);
}

int
main (int argc, char **argv)
{
  static const char *const cases[] = {
    "add",          "mul",         "matmul",          "tanh", "demo", "add_million", "sum_million",
    "tanh_million", "exp_million", "sigmoid_million", NULL
  };
  static const char *const modes[] = { "no_grad", "recorded", "backward", NULL };
  gboolean recorded = argc > 1 && strcmp (argv[1], "--recorded") == 0;
  char what[32], mode[32];
  Bench bench = { 0 };

  eng_init ();
  bench_init (&bench);
  while (scanf ("%31s %31s", what, mode) == 2)
    {
      g_autoptr (RecRecorder) recorder = NULL;
      g_autoptr (RecRecording) recording = NULL;

      if (recorded)
        recorder = start_recording (&recording);
      printf ("%.1f\n", measure (&bench, lookup (cases, what), lookup (modes, mode), recorded));
      fflush (stdout);
    }
  return 0;
}

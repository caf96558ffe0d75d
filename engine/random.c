/* SPDX-License-Identifier: MIT
 *
 * Generators: MT19937 (Matsumoto and Nishimura 1998) as PyTorch's CPU generator
 * uses it, with the second value of the last Box-Muller pair kept for the next
 * scalar normal. The streams of whole tensors are in random-fill.c. */
#include "random.h"

#include <string.h>

#include "observer-private.h"
#include "random-private.h"

#define MT_SIZE 624
#define MT_SHIFT 397
#define DEFAULT_SEED G_GUINT64_CONSTANT (67280421310721)

struct _EngGenerator
{
  guint ref_count;
  guint next;                /* words of state already used */
  guint64 seed;
  gboolean has_normal;
  double normal;
  guint32 state[MT_SIZE];
};

static void
set_seed (EngGenerator *generator, guint64 seed)
{
  guint32 *state = generator->state;
  generator->seed = seed;
  generator->has_normal = FALSE;
  generator->next = MT_SIZE;
  state[0] = (guint32) seed;
  for (guint32 i = 1; i < MT_SIZE; i++)
    state[i] = 1812433253u * (state[i - 1] ^ (state[i - 1] >> 30)) + i;
}

EngGenerator *
eng_generator_new (void)
{
  EngGenerator *generator = g_new0 (EngGenerator, 1);
  generator->ref_count = 1;
  set_seed (generator, DEFAULT_SEED);
  return generator;
}

EngGenerator *
eng_generator_get_default (void)
{
  static EngGenerator *generator;
  if (generator == NULL)
    {
      generator = eng_generator_new ();
      set_seed (generator, ((guint64) g_random_int () << 32) | g_random_int ());
    }
  return generator;
}

EngGenerator *
eng_generator_ref (EngGenerator *generator)
{
  generator->ref_count++;
  return generator;
}

void
eng_generator_unref (EngGenerator *generator)
{
  if (--generator->ref_count == 0)
    g_free (generator);
}

void
eng_generator_seed (EngGenerator *generator, guint64 seed)
{
  set_seed (generator, seed);
  eng_observe (seeded, seed);
}

guint64
eng_generator_get_seed (const EngGenerator *generator)
{
  return generator->seed;
}

static inline guint32
twist (guint32 high, guint32 low)
{
  guint32 mixed = (high & 0x80000000u) | (low & 0x7fffffffu);
  return (mixed >> 1) ^ (low & 1 ? 0x9908b0dfu : 0);
}

static void
refill (EngGenerator *generator)
{
  guint32 *state = generator->state;
  for (guint i = 0; i < MT_SIZE - MT_SHIFT; i++)
    state[i] = state[i + MT_SHIFT] ^ twist (state[i], state[i + 1]);
  for (guint i = MT_SIZE - MT_SHIFT; i < MT_SIZE - 1; i++)
    state[i] = state[i + MT_SHIFT - MT_SIZE] ^ twist (state[i], state[i + 1]);
  state[MT_SIZE - 1] = state[MT_SHIFT - 1] ^ twist (state[MT_SIZE - 1], state[0]);
  generator->next = 0;
}

guint32
eng_generator_next32 (EngGenerator *generator)
{
  if (generator->next == MT_SIZE)
    refill (generator);
  guint32 word = generator->state[generator->next++];
  word ^= word >> 11;
  word ^= (word << 7) & 0x9d2c5680u;
  word ^= (word << 15) & 0xefc60000u;
  return word ^ (word >> 18);
}

guint64
eng_generator_next64 (EngGenerator *generator)
{
  guint64 high = eng_generator_next32 (generator);
  return (high << 32) | eng_generator_next32 (generator);
}

gboolean
eng_generator_take_normal (EngGenerator *generator, double *normal)
{
  *normal = generator->normal;
  gboolean had = generator->has_normal;
  generator->has_normal = FALSE;
  return had;
}

void
eng_generator_keep_normal (EngGenerator *generator, double normal)
{
  generator->normal = normal;
  generator->has_normal = TRUE;
}

/* What save writes: fixed layout of this program, little-endian words. */
typedef struct
{
  guint32 magic;
  guint32 next;
  guint64 seed;
  guint64 has_normal;
  double normal;
  guint32 state[MT_SIZE];
} Saved;
#define SAVED_MAGIC 0x4d543139u    /* "MT19" */

GBytes *
eng_generator_save (const EngGenerator *generator)
{
  Saved saved = {
    .magic = SAVED_MAGIC,
    .next = generator->next,
    .seed = generator->seed,
    .has_normal = generator->has_normal,
    .normal = generator->normal,
  };
  memcpy (saved.state, generator->state, sizeof saved.state);
  return g_bytes_new (&saved, sizeof saved);
}

gboolean
eng_generator_load (EngGenerator *generator, GBytes *state, GError **error)
{
  Saved saved;
  gsize size;
  gconstpointer data = g_bytes_get_data (state, &size);
  if (size == sizeof saved)
    memcpy (&saved, data, size);
  if (size != sizeof saved || saved.magic != SAVED_MAGIC || saved.next > MT_SIZE)
    {
      g_set_error (error, ENG_ERROR, ENG_ERROR_RUNTIME, "RNG state is wrong size");
      return FALSE;
    }
  generator->next = saved.next;
  generator->seed = saved.seed;
  generator->has_normal = saved.has_normal != 0;
  generator->normal = saved.normal;
  memcpy (generator->state, saved.state, sizeof saved.state);
  return TRUE;
}

/* SPDX-License-Identifier: MIT
 *
 * Generators with PyTorch's CPU streams: MT19937 seeded with the low 32 bits;
 * uniform, normal, randint, randperm and bernoulli in PyTorch's exact order of
 * draws, so that a seeded script prints PyTorch's numbers. */
#pragma once

#include "tensor.h"
#include "value.h"

EngGenerator *eng_generator_new (void);                 /* torch.Generator(): seed 67280421310721 */
EngGenerator *eng_generator_get_default (void);         /* borrowed; unseeded it is random */
EngGenerator *eng_generator_ref (EngGenerator *generator);
void eng_generator_unref (EngGenerator *generator);
void eng_generator_seed (EngGenerator *generator, guint64 seed);   /* tells the observer; clears the cached normal */
guint64 eng_generator_get_seed (const EngGenerator *generator);
guint32 eng_generator_next32 (EngGenerator *generator);
guint64 eng_generator_next64 (EngGenerator *generator);             /* first draw is the high word */
/* Whole state, for get_state/set_state and checkpoints. */
GBytes *eng_generator_save (const EngGenerator *generator);
gboolean eng_generator_load (EngGenerator *generator, GBytes *state, GError **error);

/* SPDX-License-Identifier: MIT
 *
 * Streams of whole tensors in PyTorch's order of draws, for the creation and
 * in-place random cards. Every function writes into a tensor of any strides, in
 * row-major order of its elements. */
#pragma once

#include "random.h"

/* The second value of a Box-Muller pair waits in the generator for the next call. */
gboolean eng_generator_take_normal (EngGenerator *generator, double *normal);
void eng_generator_keep_normal (EngGenerator *generator, double normal);

/* Floating out: low + (high − low)·u, u in [0, 1). */
void eng_fill_uniform (EngTensor *out, double low, double high, EngGenerator *generator);
/* Floating out. 16 or more contiguous elements take the block scheme, others one
 * double Box-Muller value each. */
void eng_fill_normal (EngTensor *out, double mean, double std, EngGenerator *generator);
/* Any dtype: low + r mod (high − low), low < high. */
void eng_fill_integers (EngTensor *out, gint64 low, gint64 high, EngGenerator *generator);
/* Any dtype: random_() without limits, the dtype's whole range of exact integers. */
void eng_fill_integers_full (EngTensor *out, EngGenerator *generator);
/* 1-D int64 out: a permutation of 0 … n−1. */
void eng_fill_permutation (EngTensor *out, EngGenerator *generator);
/* Any dtype: 1 with probability p. */
void eng_fill_bernoulli (EngTensor *out, double p, EngGenerator *generator);

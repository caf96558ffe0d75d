/* SPDX-License-Identifier: MIT
 *
 * Box-Muller on a block of 16 uniforms, as PyTorch's CPU kernels do it: the first
 * eight give the radii, the last eight the angles. Used by random-fill.c. */
#pragma once

/* data: 16 uniforms in [0, 1) → 16 normals. */
void eng_normal_block_float (float *data, float mean, float std);
void eng_normal_block_double (double *data, double mean, double std);

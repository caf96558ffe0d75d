/* SPDX-License-Identifier: MIT
 *
 * Chooses the kernels for the processor at hand, once, at start. TAPEDECK_CPU
 * (baseline, v3, v4) asks for a lower level, for tests and comparisons; a level
 * that the processor lacks is never taken. */
#include <string.h>

#include "engine/kernels/kernels.h"

const EngKernels *eng_cpu_kernels_baseline (void);
const EngKernels *eng_cpu_kernels_v3 (void);
const EngKernels *eng_cpu_kernels_v4 (void);

const EngKernels *eng_kernels;

void
eng_kernels_init (void)
{
  if (eng_kernels != NULL)
    return;
  eng_kernels = eng_cpu_kernels_baseline ();
#ifdef ENG_CPU_LEVELS
  const char *wish = g_getenv ("TAPEDECK_CPU");
  gboolean v3 = wish == NULL || strcmp (wish, "baseline") != 0;
  gboolean v4 = v3 && (wish == NULL || strcmp (wish, "v3") != 0);
  __builtin_cpu_init ();
  if (v3 && __builtin_cpu_supports ("x86-64-v3"))
    eng_kernels = eng_cpu_kernels_v3 ();
  if (v4 && __builtin_cpu_supports ("x86-64-v4"))
    eng_kernels = eng_cpu_kernels_v4 ();
#endif
}

/* SPDX-License-Identifier: MIT
 *
 * The kernels of this folder are compiled once per processor level; ENG_TARGET
 * (baseline, v3, v4) comes from meson and makes their names differ. table.c of
 * each level gathers its parts. */
#pragma once

#include "engine/kernels/kernels.h"

#define ENG_PASTE3(a, b, c) a##b##c
#define ENG_JOIN3(a, b, c) ENG_PASTE3 (a, b, c)
#define ENG_TARGETED(name) ENG_JOIN3 (name, _, ENG_TARGET)

/* Inputs may be the output itself, element for element, never shifted: lanes are
 * independent, but the compiler cannot know. */
#define ENG_IVDEP _Pragma ("GCC ivdep")

extern const EngRow *const ENG_TARGETED (eng_cpu_rows)[ENG_N_DTYPES];
extern const EngRow ENG_TARGETED (eng_cpu_where)[ENG_N_DTYPES];
extern const EngRow ENG_TARGETED (eng_cpu_cast)[ENG_N_DTYPES][ENG_N_DTYPES];
extern const EngFoldLoops *const ENG_TARGETED (eng_cpu_folds)[ENG_N_DTYPES];
void ENG_TARGETED (eng_cpu_product_float) (const EngProduct *product);
void ENG_TARGETED (eng_cpu_product_double) (const EngProduct *product);
void ENG_TARGETED (eng_cpu_product_int64) (const EngProduct *product);
void ENG_TARGETED (eng_cpu_product_int32) (const EngProduct *product);
void ENG_TARGETED (eng_cpu_product_int16) (const EngProduct *product);
void ENG_TARGETED (eng_cpu_product_int8) (const EngProduct *product);
void ENG_TARGETED (eng_cpu_product_uint8) (const EngProduct *product);
const EngKernels *ENG_TARGETED (eng_cpu_kernels) (void);

/* SPDX-License-Identifier: MIT
 *
 * What an operation says of itself. Strings are templates, filled by the player
 * with names and numbers of the run; they travel in the recording. In braces:
 *   {0} {1} …       display name of tensor input k: its source name, "xᵀ" through a
 *                   folded view ("ᵀ" twice cancels), or the number of a scalar argument
 *   {0.size}        "20×10" ("scalar" for 0-dim);  {0.numel} "200";  {0.dim1} size of one dimension
 *   {0.entries} {0.numbers} {0.all_entries}   "20 entries", "one number", "all 20 entries", "the one entry"
 *   {left} {right}  operands 0 and 1 as the student wrote them: {left} of 2 * x is 2
 *   {left.each} {right.each}   "every entry of x", or the number
 *   {out} {out.size} {out.numel} {out.value}  the result; value only of one element, 4 digits
 *   {op}            what the student wrote: "mm", "@", "+"
 *   {grad_fn}       "MmBackward0";  {grad} "∂loss/∂i2h", the gradient that arrived
 *   {1.less_one}    what a base raised to one less than that number bears: "" for 2, "²" for 3
 *   {grad.value}    the gradient that arrived, when it has one element: "1"
 *   {to}            the inputs that receive a gradient: "W_x", "h2h and to i2h"
 *   {by}            with one receiver: source name of the other input; else "the other input"
 *   {none}          "; x needs none" naming inputs that receive nothing, else ""
 *   {almost0}       "; 12 of 20 are now almost 0" counted from the gradients sent, else ""
 *   {param.NAME}    a non-tensor argument as Python would write it, where it is not its default
 *   {number.NAME} {negative.NAME}   the same, as a number; that number times −1
 *   {given.NAME}    nothing, where that argument is not its default
 *   {shares}        the inputs that receive a gradient, each with its factor: "a, unchanged, and to b, times 2"
 * A name that is not known makes its sentence unknown. A field may hold several
 * sentences, one a line: the first that is known is said. Every field may be NULL;
 * the player then has a plain sentence of its own. */
#pragma once

#define ENG_MAX_TEXT_INPUTS 4

typedef struct
{
  const char *symbols;   /* "{grad} · {1}ᵀ": what input k receives */
  const char *words;     /* "mm multiplies by the other matrix, transposed" */
  const char *factor;    /* beside the pill in backward: "× {1}ᵀ", "× (1 − {out}²)", "× 1 to both" */
} EngDerivativeText;

typedef struct
{
  const char *symbol;            /* on the pill when the student wrote the function's name: "mm" */
  const char *title;             /* "matrix product" */
  const char *formula;           /* "{out} = {0} · {1}" */
  const char *caption;           /* "mm multiplied {0} ({0.size}) by {1} ({1.size}) and made {out} ({out.size})." */
  const char *caption_moved;     /* the caption when {out}'s name moved here from an older tensor; NULL: caption */
  const char *backward_caption;  /* "{grad_fn} multiplied the gradient by {by} and sent it to {to}{none}." */
  const char *shape_rule;        /* on wrong sizes: "{0} has {0.dim1} columns, so the other matrix needs {0.dim1} rows, but {1} has {1.dim0}" */
  const char *view_tag;          /* views: what is appended to the name and stands on the edge: "ᵀ" */
  const char *saturation;        /* "nearly ±1": badge "12 of 20 nearly ±1", from the local factor */
  EngDerivativeText derivative[ENG_MAX_TEXT_INPUTS];
} EngOpText;

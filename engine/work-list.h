/* SPDX-License-Identifier: MIT
 *
 * A growing array of grad_fns used as stack, queue or heap by the backward loop.
 * Borrows what it holds; the first entries need no allocation. */
#pragma once

#include "autograd.h"

#define ENG_WORK_LIST_INLINE 64

typedef struct
{
  EngGradFn **items;
  gsize n;
  gsize first;                /* queue only: what is before it was taken */
  gsize capacity;
  EngGradFn *inline_items[ENG_WORK_LIST_INLINE];
} EngWorkList;

static inline void
eng_work_list_init (EngWorkList *list)
{
  list->items = list->inline_items;
  list->n = 0;
  list->first = 0;
  list->capacity = ENG_WORK_LIST_INLINE;
}

void eng_work_list_grow (EngWorkList *list);

static inline void
eng_work_list_push (EngWorkList *list, EngGradFn *grad_fn)
{
  if (G_UNLIKELY (list->n == list->capacity))
    eng_work_list_grow (list);
  list->items[list->n++] = grad_fn;
}

/* Heap: the highest sequence number comes out first. NULL when empty. The list never
 * holds more than one in a chain, so that is not worth a call. */
void eng_work_list_sift_in (EngWorkList *list, EngGradFn *grad_fn);
EngGradFn *eng_work_list_sift_out (EngWorkList *list);

static inline void
eng_work_list_push_heap (EngWorkList *list, EngGradFn *grad_fn)
{
  if (list->n == 0)
    list->items[list->n++] = grad_fn;
  else
    eng_work_list_sift_in (list, grad_fn);
}

static inline EngGradFn *
eng_work_list_pop_heap (EngWorkList *list)
{
  if (list->n <= 1)
    return list->n == 0 ? NULL : list->items[--list->n];
  return eng_work_list_sift_out (list);
}

static inline void
eng_work_list_clear (EngWorkList *list)
{
  if (G_UNLIKELY (list->items != list->inline_items))
    g_free (list->items);
  eng_work_list_init (list);
}

/* Queue, with eng_work_list_push. NULL when empty. */
static inline EngGradFn *
eng_work_list_take_first (EngWorkList *list)
{
  if (list->first < list->n)
    return list->items[list->first++];
  list->first = list->n = 0;
  return NULL;
}

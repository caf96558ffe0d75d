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

void eng_work_list_init (EngWorkList *list);
void eng_work_list_clear (EngWorkList *list);
void eng_work_list_grow (EngWorkList *list);

static inline void
eng_work_list_push (EngWorkList *list, EngGradFn *grad_fn)
{
  if (G_UNLIKELY (list->n == list->capacity))
    eng_work_list_grow (list);
  list->items[list->n++] = grad_fn;
}

/* Heap: the highest sequence number comes out first. NULL when empty. */
void eng_work_list_push_heap (EngWorkList *list, EngGradFn *grad_fn);
EngGradFn *eng_work_list_pop_heap (EngWorkList *list);
/* Queue, with eng_work_list_push. NULL when empty. */
static inline EngGradFn *
eng_work_list_take_first (EngWorkList *list)
{
  if (list->first < list->n)
    return list->items[list->first++];
  list->first = list->n = 0;
  return NULL;
}

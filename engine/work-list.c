/* SPDX-License-Identifier: MIT
 *
 * Stack, queue and max-heap over one array. Used by backward.c only. */
#include "engine/work-list.h"

#include <string.h>

void
eng_work_list_grow (EngWorkList *list)
{
  gsize capacity = list->capacity * 2;
  if (list->items == list->inline_items)
    {
      list->items = g_new (EngGradFn *, capacity);
      memcpy (list->items, list->inline_items, sizeof list->inline_items);
    }
  else
    list->items = g_renew (EngGradFn *, list->items, capacity);
  list->capacity = capacity;
}

static gboolean
is_later (const EngGradFn *a, const EngGradFn *b)
{
  return eng_grad_fn_get_sequence_nr (a) > eng_grad_fn_get_sequence_nr (b);
}

void
eng_work_list_sift_in (EngWorkList *list, EngGradFn *grad_fn)
{
  eng_work_list_push (list, grad_fn);
  gsize at = list->n - 1;
  while (at > 0 && is_later (grad_fn, list->items[(at - 1) / 2]))
    {
      list->items[at] = list->items[(at - 1) / 2];
      at = (at - 1) / 2;
    }
  list->items[at] = grad_fn;
}

EngGradFn *
eng_work_list_sift_out (EngWorkList *list)
{
  EngGradFn *top = list->items[0];
  EngGradFn *last = list->items[--list->n];
  gsize at = 0;
  for (;;)
    {
      gsize child = 2 * at + 1;
      if (child >= list->n)
        break;
      if (child + 1 < list->n && is_later (list->items[child + 1], list->items[child]))
        child++;
      if (!is_later (list->items[child], last))
        break;
      list->items[at] = list->items[child];
      at = child;
    }
  list->items[at] = last;
  return top;
}

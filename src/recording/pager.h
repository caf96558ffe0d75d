/* SPDX-License-Identifier: MIT
 *
 * Has the system set pages of the areas aside ahead of the writer, on a thread of
 * its own: a fresh page costs the kernel more than the record that goes into it.
 * The thread only populates, it never writes a byte; the writer never waits for
 * it and does the same itself when it comes too late. Private to this room. */
#pragma once

#include "area.h"

typedef struct _RecPager RecPager;

/* begin: where each area will be written next. Areas are borrowed. */
RecPager *rec_pager_new (const RecArea *events, guint64 events_begin, const RecArea *heap, guint64 heap_begin);
void rec_pager_free (RecPager *pager);                /* waits for the thread */
/* The writer needs bytes up to end: how far the area is ready (≥ end), 0 when
 * there is no memory. */
guint64 rec_pager_need (RecPager *pager, RecAreaKind kind, guint64 end);

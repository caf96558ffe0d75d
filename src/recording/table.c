/* SPDX-License-Identifier: MIT
 *
 * Growing and removing of the number table. Removal closes the gap (no markers
 * stay behind), so a table of short-lived tensors never slows down. Called by
 * the recorder. */
#include "table.h"

#include <string.h>

#define INITIAL_SLOTS 1024
#define INITIAL_SHIFT (64 - 8)     /* 256 groups */
G_STATIC_ASSERT (INITIAL_SLOTS == REC_TABLE_GROUP << (64 - INITIAL_SHIFT));

void
rec_table_init (RecTable *table)
{
  *table = (RecTable){ .slots = g_new0 (RecSlot, INITIAL_SLOTS), .mask = INITIAL_SLOTS - 1,
                       .shift = INITIAL_SHIFT };
}

void
rec_table_clear (RecTable *table)
{
  g_clear_pointer (&table->slots, g_free);
  table->n = table->mask = 0;
}

void
rec_table_remove_all (RecTable *table)
{
  memset (table->slots, 0, (table->mask + 1) * sizeof *table->slots);
  table->n = 0;
}

/* The key's slot, or the free one where it would go. */
static RecSlot *
find_slot (RecTable *table, guint64 key)
{
  gsize k = rec_table_home (table, key);
  while (table->slots[k].key != 0 && table->slots[k].key != key)
    k = (k + 1) & table->mask;
  return &table->slots[k];
}

static void
grow (RecTable *table)
{
  RecTable bigger = { .mask = 2 * table->mask + 1, .n = table->n, .shift = table->shift - 1 };
  bigger.slots = g_new0 (RecSlot, bigger.mask + 1);
  for (gsize k = 0; k <= table->mask; k++)
    if (table->slots[k].key != 0)
      *find_slot (&bigger, table->slots[k].key) = table->slots[k];
  g_free (table->slots);
  *table = bigger;
}

void
rec_table_set (RecTable *table, guint64 key, gpointer value)
{
  RecSlot *slot = find_slot (table, key);
  if (slot->key == 0 && 2 * (table->n + 1) > table->mask)
    {
      grow (table);
      slot = find_slot (table, key);
    }
  table->n += slot->key == 0;
  *slot = (RecSlot){ .key = key, .value = value };
}

/* Whoever stands behind the gap and could stand in it moves there. */
void
rec_table_remove (RecTable *table, guint64 key)
{
  RecSlot *slot = find_slot (table, key);
  if (slot->key == 0)
    return;
  gsize gap = slot - table->slots;
  for (gsize k = (gap + 1) & table->mask; table->slots[k].key != 0; k = (k + 1) & table->mask)
    {
      gsize home = rec_table_home (table, table->slots[k].key);
      if (((k - home) & table->mask) >= ((k - gap) & table->mask))
        {
          table->slots[gap] = table->slots[k];
          gap = k;
        }
    }
  table->slots[gap] = (RecSlot){ 0 };
  table->n--;
}

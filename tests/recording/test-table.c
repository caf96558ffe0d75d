/* SPDX-License-Identifier: MIT
 *
 * Tests of the recorder's number table: it must agree with a GHashTable after
 * any sequence of additions and removals, with keys that collide and wrap. */
#include "recording/table.h"

static void
check_same (const RecTable *table, GHashTable *model)
{
  GHashTableIter iter;
  gpointer key, value;
  g_assert_cmpuint (table->n, ==, g_hash_table_size (model));
  g_hash_table_iter_init (&iter, model);
  while (g_hash_table_iter_next (&iter, &key, &value))
    g_assert_true (rec_table_lookup (table, GPOINTER_TO_SIZE (key)) == value);
}

/* Keys that differ in high bits only share a home slot; those near 2^20 wrap round. */
static guint64
pick_key (void)
{
  guint64 low = g_test_rand_int_range (0, 2) == 0 ? g_test_rand_int_range (1, 40)
                                                  : (1 << 20) - g_test_rand_int_range (1, 40);
  return low + ((guint64) g_test_rand_int_range (0, 12) << 32);
}

static void
test_random (void)
{
  g_autoptr (GHashTable) model = g_hash_table_new (NULL, NULL);
  RecTable table;
  rec_table_init (&table);
  for (guint k = 0; k < 200000; k++)
    {
      guint64 key = pick_key ();
      gpointer value = GSIZE_TO_POINTER (k + 1);
      if (g_test_rand_int_range (0, 2) == 0)
        {
          rec_table_set (&table, key, value);
          g_hash_table_insert (model, GSIZE_TO_POINTER (key), value);
        }
      else
        {
          rec_table_remove (&table, key);
          g_hash_table_remove (model, GSIZE_TO_POINTER (key));
          g_assert_null (rec_table_lookup (&table, key));
        }
      if (k % 1000 == 0)
        check_same (&table, model);
    }
  check_same (&table, model);
  rec_table_clear (&table);
}

/* Ids count up and old ones go: the table must not grow with what has been. */
static void
test_stream (void)
{
  RecTable table;
  rec_table_init (&table);
  gsize mask = table.mask;
  for (guint64 id = 1; id < 100000; id++)
    {
      rec_table_set (&table, id, &table);
      if (id > 100)
        rec_table_remove (&table, id - 100);
    }
  g_assert_cmpuint (table.n, ==, 100);
  g_assert_cmpuint (table.mask, ==, mask);
  rec_table_clear (&table);
}

static void
test_growth (void)
{
  RecTable table;
  rec_table_init (&table);
  for (guint64 id = 1; id <= 50000; id++)
    rec_table_set (&table, id, GSIZE_TO_POINTER (2 * id));
  for (guint64 id = 1; id <= 50000; id++)
    g_assert_true (rec_table_lookup (&table, id) == GSIZE_TO_POINTER (2 * id));
  rec_table_remove_all (&table);
  g_assert_cmpuint (table.n, ==, 0);
  g_assert_null (rec_table_lookup (&table, 7));
  rec_table_clear (&table);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/table/random", test_random);
  g_test_add_func ("/table/stream", test_stream);
  g_test_add_func ("/table/growth", test_growth);
  return g_test_run ();
}

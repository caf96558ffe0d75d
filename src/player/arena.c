/* SPDX-License-Identifier: MIT
 *
 * The blocks of an arena: see arena.h. */
#include "arena.h"

#define ALIGNMENT 16

void
player_arena_init (PlayerArena *arena)
{
  arena->blocks = g_ptr_array_new_with_free_func (g_free);
  arena->used = PLAYER_ARENA_BLOCK;
}

void
player_arena_clear (PlayerArena *arena)
{
  g_clear_pointer (&arena->blocks, g_ptr_array_unref);
}

gpointer
player_arena_new0 (PlayerArena *arena, gsize nbytes)
{
  gsize rounded = (nbytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  guint8 *block;

  g_assert (rounded <= PLAYER_ARENA_BLOCK);
  if (arena->used + rounded > PLAYER_ARENA_BLOCK)
    {
      g_ptr_array_add (arena->blocks, g_malloc0 (PLAYER_ARENA_BLOCK));
      arena->used = 0;
    }
  block = arena->blocks->pdata[arena->blocks->len - 1];
  block += arena->used;
  arena->used += rounded;
  return block;
}

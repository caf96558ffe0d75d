/* SPDX-License-Identifier: MIT
 *
 * Memory for many small things that live as long as their owner: handed out from
 * big blocks, given back all at once. Addresses never change, because the journal
 * keeps them. Graph and run index only, UI thread. */
#pragma once

#include <glib.h>

typedef struct
{
  GPtrArray *blocks;
  gsize used;                /* of the last block */
} PlayerArena;

void player_arena_init (PlayerArena *arena);
void player_arena_clear (PlayerArena *arena);
/* Zeroed, aligned for any type. nbytes: at most PLAYER_ARENA_BLOCK. */
gpointer player_arena_new0 (PlayerArena *arena, gsize nbytes);
#define PLAYER_ARENA_BLOCK 65536

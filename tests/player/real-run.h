/* SPDX-License-Identifier: MIT
 *
 * Runs a script in a real runner process and gives a player of its recording,
 * and finders for what the player shows. */
#pragma once

#include "player/explain.h"
#include "runner/client.h"

/* The script's text; the player stands at the start. Asserts that the run ended. */
Player *real_run (const char *source);
Player *real_run_example (const char *name);
/* A script of that path: modules beside it can be imported. */
Player *real_run_at (const char *path, const char *source);
char *real_read_example (const char *name);
/* The same; the client still answers questions. Caller unrefs it. */
Player *real_run_asking (const char *source, RunnerClient **client);
/* The lines of "One entry" of a node, joined by " | "; "" where there is none. Caller frees. */
char *real_explain (Player *player, RunnerClient *client, guint node);

const PlayerNode *real_find (Player *player, PlayerNodeKind kind, const char *label);
const PlayerNode *real_box (Player *player, const char *label);              /* asserts */
const PlayerNode *real_pill (Player *player, const char *label, guint line); /* asserts */
const PlayerEdge *real_edge (Player *player, guint from, guint to);          /* NULL: none */
double real_norm (Player *player, guint64 shot);
/* Undoing and redoing every event gives what a fresh graph gives. */
void real_check_identity (Player *player);

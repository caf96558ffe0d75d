/* SPDX-License-Identifier: MIT
 *
 * Forms of numbers that only the player's own texts use. Callers free. */
#pragma once

#include "explain.h"

char *player_format_short (double value);   /* three significant digits: sizes in captions, "4.23" */
/* A number argument as the student wrote it: "0.1", "−2", "1e−5"; what was computed has four digits. */
char *player_format_written (const char *recorded);
char *player_format_term (double value);    /* four decimals below 10, as PyTorch prints: "0.8956"; else four digits */

/* SPDX-License-Identifier: MIT
 *
 * Forms of numbers that only the player's own texts use. Callers free. */
#pragma once

#include "explain.h"

char *player_format_short (double value);   /* three significant digits: sizes in captions, "4.23" */
char *player_format_term (double value);    /* four decimals below 10, as PyTorch prints: "0.8956"; else four digits */

/* SPDX-License-Identifier: MIT
 *
 * The functions of inline.h once more, as ordinary ones, for callers outside the
 * engine. There is one text of each; nothing else belongs here. */
#define ENG_INLINE

#include "engine/inline.h"

/* SPDX-License-Identifier: MIT
 *
 * Python's own memory in a recorded run. */
#pragma once

/* From now on Python asks the engine's memory.h before it takes more. Once, GIL held. */
void script_allocator_install (void);
/* Where memory ran out at a limit, what is left to do must not fail for the same reason. */
void script_allocator_lift_limit (void);

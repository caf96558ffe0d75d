/* SPDX-License-Identifier: MIT
 *
 * Holds the one observer. Every site in the engine reads it through
 * observer-private.h; the recorder sets it. */
#include "engine/observer-private.h"

const EngObserver *eng_observer;
gpointer eng_observer_data;

/* Watches everything from now on; NULL stops. observer must live until then. */
void
eng_set_observer (const EngObserver *observer, gpointer data)
{
  eng_observer = observer;
  eng_observer_data = data;
}

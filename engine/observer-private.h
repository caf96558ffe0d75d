/* SPDX-License-Identifier: MIT
 *
 * The observer as the engine's own files see it: one global that is NULL when
 * nobody watches, so that each site is one predictable branch. */
#pragma once

#include "observer.h"

extern const EngObserver *eng_observer;
extern gpointer eng_observer_data;

/* eng_observe (seeded, seed): calls that member when somebody watches and has it. */
#define eng_observe(member, ...) \
  G_STMT_START { \
    if (G_UNLIKELY (eng_observer != NULL) && eng_observer->member != NULL) \
      eng_observer->member (eng_observer_data, __VA_ARGS__); \
  } G_STMT_END

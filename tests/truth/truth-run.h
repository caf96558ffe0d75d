/* SPDX-License-Identifier: MIT
 *
 * A real run for the truth tests: a script is run by a runner process and recorded,
 * a player walks through the recording, the finished graph is laid out once and the
 * painter draws any position, as on the stage. */
#pragma once

#include "drawn-text.h"
#include "painter/painter.h"
#include "runner/client.h"

typedef struct
{
  RunnerClient *client;
  Player *player;
  RecRecording *recording;    /* borrowed from the client */
  LayoutResult *layout;
  gboolean growing;           /* lay out the graph at the position, not the finished one */
  LayoutRect bounds;          /* of the picture, margin included, in layout px */
  double value_scale, gradient_scale;
} TruthRun;

/* Runs source to its end in `program` (a runner) and stands at position 0. Fails the
 * test when the run does. */
TruthRun *truth_run_new (const char *program, const char *source);
void truth_run_free (TruthRun *run);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TruthRun, truth_run_free)

/* The demo of resources/examples with another seed; owned by the caller. */
char *truth_demo_source (guint seed);
/* All example scripts of resources/examples: NULL-terminated paths, caller frees. */
char **truth_list_examples (void);

/* The graph whose boxes stand in the layout. */
const PlayerGraph *truth_run_get_laid_out (TruthRun *run);
/* Moves there. A new iteration of a loop has a picture of its own: TRUE when it was laid out anew. */
gboolean truth_run_go_to (TruthRun *run, guint position);
/* Draws the position at rest; texts (may be NULL) receives what was written, with
 * rectangles in layout px. The surface is the caller's. */
cairo_surface_t *truth_run_paint (TruthRun *run, guint position, PaintThemeKind theme, GArray **texts);
/* A copy of the part of the picture inside a rectangle in layout px: RGB bytes. */
GBytes *truth_run_crop (TruthRun *run, cairo_surface_t *surface, const LayoutRect *rect);

/* The runner programs built for these tests (given by the build). */
const char *truth_runner (void);
const char *truth_runner_scaled (void);

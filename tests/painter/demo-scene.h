/* SPDX-License-Identifier: MIT
 *
 * The demo as the painter sees it, at any of its 18 positions: graph and states
 * made by hand, values computed here from a seed and written with the recording's
 * own writer. Used by the painter's tests and for looking at pictures. */
#pragma once

#include "../layout/graph-shapes.h"
#include "painter/painter.h"

#define DEMO_N_STEPS 18

typedef struct
{
  RecRecording *recording;
  LayoutResult *layout;      /* of the finished graph */
  guint64 value[DEMO_N_NODES], gradient[DEMO_N_NODES];  /* shots */
  const char *root;          /* what backward started at; NULL: "loss" */
} DemoScene;

DemoScene *demo_scene_new (guint seed);
void demo_scene_free (DemoScene *demo);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DemoScene, demo_scene_free)

/* The graph at a position, and a scene over it (at rest, whole bounds). */
typedef struct { GraphShape *shape; PlayerGraph *graph; PlayerMotion motion; PlayerPulse pulses[4]; PaintScene scene; } DemoFrame;
DemoFrame *demo_frame_new (DemoScene *demo, guint position, PaintThemeKind theme);
void demo_frame_free (DemoFrame *frame);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DemoFrame, demo_frame_free)
/* Draws layout px (x, y, width, height) of it at a zoom. */
cairo_surface_t *demo_frame_draw (const DemoFrame *frame, LayoutRect view, double zoom, gboolean moving);

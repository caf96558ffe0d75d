/* SPDX-License-Identifier: MIT
 *
 * One plate: the picture of one position with what the window says around it,
 * caption above, phase and timeline below. Films and pictures are made of plates,
 * which the stage's painter draws. */
#pragma once

#include "painter/painter.h"

/* plate = layout × zoom + (x, y), in plate px before `scale`. */
typedef struct
{
  double zoom, x, y;
} ExportCamera;

typedef struct
{
  Player *player; /* stands at the position */
  LayoutResult *layout;
  const PaintTheme *theme;
  double width, height; /* plate px */
  double scale;         /* device px per plate px */
  gboolean scale_per_tensor;
  ExportCamera camera;
} ExportPlate;

/* The room for the graph, between head and foot. */
LayoutRect export_plate_get_room (const ExportPlate *plate);
/* Where the graph is seen whole (however small, or never below the least zoom at which it can be read:
 * then the step's node stands in the middle). */
ExportCamera export_plate_fit (const ExportPlate *plate, gboolean however_small);
/* Whether the step's node is in the room, with all that it takes and makes. */
gboolean export_plate_shows_step (const ExportPlate *plate);
/* cr in device px. `still` depends on position and camera alone; `moving` lies above it, progress 1: at rest. */
void export_plate_still (cairo_t *cr, const ExportPlate *plate);
void export_plate_moving (cairo_t *cr, const ExportPlate *plate, double progress);

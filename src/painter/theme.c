/* SPDX-License-Identifier: MIT
 *
 * All colours of the app, one palette per theme. Text reaches 4.5:1 and lines
 * and marks 3:1 on what they stand on; tests/painter computes every pair. Blue
 * and orange in maps mean sign and nothing else. */
#include "paint-private.h"

#define RGB(hex) { (((hex) >> 16) & 0xff) / 255.0, (((hex) >> 8) & 0xff) / 255.0, ((hex) & 0xff) / 255.0, 1.0 }

static const PaintTheme light = {
  .kind = PAINT_LIGHT,
  .background = RGB (0xf4f4f6),
  .background_edge = RGB (0xfefefe),
  .panel = RGB (0xebebed),
  .panel_edge = RGB (0xd2d2d6),
  .box = RGB (0xf8f9fb),
  .box_border = RGB (0x737b92),
  .box_dim = RGB (0xefeff2),
  .text = RGB (0x1d2027),
  .text_dim = RGB (0x5a6070),
  .edge = RGB (0x6f768c),
  .edge_dim = RGB (0x81879a),
  .frame = RGB (0x7f8594),
  .leaf = RGB (0x1f72d6),
  .output = RGB (0x1f8a53),
  .forward = RGB (0x0b7d6f),
  .backward = RGB (0xb3226b),
  .update = RGB (0x6a3fc4),
  .error = RGB (0xc01c28),
  .accent = RGB (0x186bd2),
  .positive = RGB (0x1467d4),
  .negative = RGB (0xc9570c),
  .zero = RGB (0xdfe2e8),
  .nan = RGB (0x4b505b),
};

static const PaintTheme dark = {
  .kind = PAINT_DARK,
  .background = RGB (0x1e2127), .background_edge = RGB (0x17191d),
  .panel = RGB (0x24272d), .panel_edge = RGB (0x0f1114),
  .box = RGB (0x262a31), .box_border = RGB (0x757f97), .box_dim = RGB (0x1f2228),
  .text = RGB (0xf2f4f7), .text_dim = RGB (0xa6adba),
  .edge = RGB (0x858fa6), .edge_dim = RGB (0x6d7587), .frame = RGB (0x7c8493),
  .leaf = RGB (0x6fb5f6), .output = RGB (0x57d38c),
  .forward = RGB (0x35c9b4), .backward = RGB (0xf472b0), .update = RGB (0xb394f7),
  .error = RGB (0xff6e6e), .accent = RGB (0x4a93ee),
  .positive = RGB (0x4c97ff), .negative = RGB (0xf59433), .zero = RGB (0x363b45), .nan = RGB (0xc9cdd6),
};

const PaintTheme *
paint_theme_get (PaintThemeKind kind)
{
  return kind == PAINT_DARK ? &dark : &light;
}

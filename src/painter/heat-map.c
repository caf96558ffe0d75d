/* SPDX-License-Identifier: MIT
 *
 * Heat maps: entry by entry up to 24×24, larger by square blocks that show their
 * entry of largest magnitude, NaN winning. A single column lies down, so that it
 * reads like its row beside it. Zero is a filled neutral cell; the colour grows
 * with |value| / scale (slightly faster at first, so that small values are not
 * lost). Cells ≥ 12 device px bear their sign, NaN cells a cross. */
#include "paint-private.h"

#include <math.h>

#define MOST_CELLS 24
#define SIGN_PX 12.0
#define GAP_FROM_PX 6.0
#define COLOR_EXPONENT 0.7
#define MOST_CELL_PX 18.0

static void
matrix_of (guint ndim, const gint64 *sizes, gint64 *rows, gint64 *cols)
{
  *rows = *cols = 1;
  if (ndim > 0 && sizes != NULL)
    *cols = sizes[ndim - 1];
  for (guint i = 0; i + 1 < ndim && sizes != NULL; i++)
    *rows *= sizes[i];
}

/* The cells a tensor of these sizes is shown with; 0×0 for an empty one. */
PaintGrid
paint_grid_for (guint ndim, const gint64 *sizes)
{
  PaintGrid grid = { 0 };
  gint64 rows, cols;

  matrix_of (ndim, sizes, &rows, &cols);
  if (rows <= 0 || cols <= 0)
    return grid;
  grid.block = (MAX (rows, cols) + MOST_CELLS - 1) / MOST_CELLS;
  grid.rows = (rows + grid.block - 1) / grid.block;
  grid.cols = (cols + grid.block - 1) / grid.block;
  grid.lying = cols == 1 && rows > 1;
  if (grid.lying)
    {
      grid.cols = grid.rows;
      grid.rows = 1;
    }
  return grid;
}

/* Side of a cell so that the grid fits, whole px where it is 3 or more. */
double
paint_grid_cell (const PaintGrid *grid, double max_width, double max_height, double max_cell)
{
  double cell;

  if (grid->rows == 0)
    return 0;
  cell = MIN (MIN (max_width / grid->cols, max_height / grid->rows), max_cell);
  return cell >= 3 ? floor (cell) : cell;
}

static void
put (double *values, gsize cell, double value)
{
  if (isnan (values[cell]))
    return;
  if (isnan (value) || fabs (value) > fabs (values[cell]))
    values[cell] = value;
}

/* rows × cols of what is shown, grid set to it. NULL: nothing to show. Caller frees. */
double *
paint_grid_values (const RecShot *shot, PaintGrid *grid)
{
  gint64 rows, cols;
  double *values;

  *grid = paint_grid_for (shot->ndim, shot->sizes);
  if (grid->rows == 0)
    return NULL;
  matrix_of (shot->ndim, shot->sizes, &rows, &cols);
  if (!shot->whole)
    {
      if (shot->picture == NULL || shot->rows == 0 || shot->cols == 0)
        return NULL;
      rows = shot->rows;
      cols = shot->cols;
      grid->rows = grid->lying ? 1 : MIN (grid->rows, rows);
      grid->cols = grid->lying ? MIN (grid->cols, rows) : MIN (grid->cols, cols);
    }
  values = g_new0 (double, (gsize) grid->rows * grid->cols);
  for (gint64 r = 0; r < rows; r++)
    for (gint64 c = 0; c < cols; c++)
      {
        gint64 along = grid->lying ? r : c, count = grid->lying ? rows : cols;
        gint64 row = grid->lying ? 0 : shot->whole ? r / grid->block : r * grid->rows / rows;
        gint64 col = shot->whole ? along / grid->block : along * grid->cols / count;

        put (values, row * grid->cols + col,
             shot->whole ? rec_shot_get (shot, r * cols + c) : (double) shot->picture[r * cols + c]);
      }
  return values;
}

PaintColor
paint_value_color (const PaintTheme *theme, double value, double scale)
{
  double part;

  if (isnan (value))
    return theme->zero;
  part = scale > 0 ? MIN (fabs (value) / scale, 1) : value != 0;
  return paint_color_mix (&theme->zero, value > 0 ? &theme->positive : &theme->negative,
                          pow (part, COLOR_EXPONENT));
}

static guint32
pack (const PaintColor *color)
{
  return 0xff000000u | (guint32) lround (color->red * 255) << 16 | (guint32) lround (color->green * 255) << 8
    | (guint32) lround (color->blue * 255);
}

/* One px per cell, to be scaled up without smoothing. */
static cairo_surface_t *
make_image (const double *values, const PaintGrid *grid, double scale, const PaintTheme *theme, gboolean pale)
{
  cairo_surface_t *image = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, grid->cols, grid->rows);
  guint8 *data = cairo_image_surface_get_data (image);
  int stride = cairo_image_surface_get_stride (image);

  for (guint r = 0; r < grid->rows; r++)
    for (guint c = 0; c < grid->cols; c++)
      {
        PaintColor color = paint_value_color (theme, values[r * grid->cols + c], scale);

        if (pale)
          color = paint_color_mix (&color, &theme->box, 0.45);
        ((guint32 *) (data + r * stride))[c] = pack (&color);
      }
  cairo_surface_mark_dirty (image);
  return image;
}

/* Viewers of vector files smooth images, and cells have edges: there each is a rectangle, reaching a little
 * under its neighbours, so that nothing shines through between them. */
static void
draw_cells (cairo_t *cr, const LayoutRect *rect, const PaintGrid *grid, cairo_surface_t *image)
{
  double width = rect->width / grid->cols, height = rect->height / grid->rows;
  const guint8 *data = cairo_image_surface_get_data (image);
  int stride = cairo_image_surface_get_stride (image);

  for (guint r = 0; r < grid->rows; r++)
    for (guint c = 0; c < grid->cols; c++)
      {
        guint32 cell = ((const guint32 *) (gconstpointer) (data + r * stride))[c];

        cairo_set_source_rgb (cr, ((cell >> 16) & 255) / 255.0, ((cell >> 8) & 255) / 255.0, (cell & 255) / 255.0);
        cairo_rectangle (cr, rect->x + c * width, rect->y + r * height, c + 1 < grid->cols ? width * 1.2 : width,
                         r + 1 < grid->rows ? height * 1.2 : height);
        cairo_fill (cr);
      }
}

static void
draw_image (cairo_t *cr, const LayoutRect *rect, const PaintGrid *grid, cairo_surface_t *image)
{
  cairo_save (cr);
  cairo_rectangle (cr, rect->x, rect->y, rect->width, rect->height);
  cairo_clip (cr);
  cairo_translate (cr, rect->x, rect->y);
  cairo_scale (cr, rect->width / grid->cols, rect->height / grid->rows);
  cairo_set_source_surface (cr, image, 0, 0);
  cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_NEAREST);
  cairo_pattern_set_extend (cairo_get_source (cr), CAIRO_EXTEND_PAD);
  cairo_paint (cr);
  cairo_restore (cr);
}

static gboolean
is_vector (cairo_t *cr)
{
  cairo_surface_type_t type = cairo_surface_get_type (cairo_get_target (cr));

  return type == CAIRO_SURFACE_TYPE_SVG || type == CAIRO_SURFACE_TYPE_PDF;
}

static void
draw_gaps (cairo_t *cr, const LayoutRect *rect, const PaintGrid *grid, double device, const PaintTheme *theme)
{
  cairo_set_line_width (cr, 0.7 / device);
  paint_set_color_alpha (cr, &theme->box, 0.55);
  for (guint c = 1; c < grid->cols; c++)
    {
      cairo_move_to (cr, rect->x + c * rect->width / grid->cols, rect->y);
      cairo_rel_line_to (cr, 0, rect->height);
    }
  for (guint r = 1; r < grid->rows; r++)
    {
      cairo_move_to (cr, rect->x, rect->y + r * rect->height / grid->rows);
      cairo_rel_line_to (cr, rect->width, 0);
    }
  cairo_stroke (cr);
}

/* A cross for NaN (at any size), + or − where asked. */
static void
draw_sign (cairo_t *cr, double x, double y, double side, double value, gboolean signs,
           const PaintColor *color, const PaintTheme *theme)
{
  static const PaintColor black = { 0, 0, 0, 1 }, white = { 1, 1, 1, 1 };
  double arm = side * 0.22;

  if (isnan (value))
    {
      paint_set_color (cr, &theme->nan);
      cairo_set_line_width (cr, MAX (side * 0.12, 0.6));
      cairo_move_to (cr, x - side * 0.32, y - side * 0.32);
      cairo_line_to (cr, x + side * 0.32, y + side * 0.32);
      cairo_move_to (cr, x + side * 0.32, y - side * 0.32);
      cairo_line_to (cr, x - side * 0.32, y + side * 0.32);
      cairo_stroke (cr);
      return;
    }
  if (!signs || value == 0)
    return;
  paint_set_color (cr, paint_color_contrast (color, &black) > paint_color_contrast (color, &white) ? &black : &white);
  cairo_set_line_width (cr, side * 0.1);
  cairo_move_to (cr, x - arm, y);
  cairo_line_to (cr, x + arm, y);
  if (value > 0)
    {
      cairo_move_to (cr, x, y - arm);
      cairo_line_to (cr, x, y + arm);
    }
  cairo_stroke (cr);
}

static void
draw_signs (cairo_t *cr, const LayoutRect *rect, const PaintGrid *grid, const double *values, double scale,
            double device, const PaintTheme *theme, gboolean pale)
{
  double width = rect->width / grid->cols, height = rect->height / grid->rows;
  double side = MIN (width, height);
  gboolean signs = side * device >= SIGN_PX;

  for (guint r = 0; r < grid->rows; r++)
    for (guint c = 0; c < grid->cols; c++)
      {
        double value = values[r * grid->cols + c];
        PaintColor color = paint_value_color (theme, value, scale);

        if (pale)
          color = paint_color_mix (&color, &theme->box, 0.45);
        draw_sign (cr, rect->x + (c + 0.5) * width, rect->y + (r + 0.5) * height, side, value, signs, &color, theme);
      }
}

void
paint_heat_map (cairo_t *cr, RecRecording *recording, guint64 shot, const LayoutRect *rect, double scale,
                const PaintTheme *theme, gboolean pale)
{
  RecShot facts;
  PaintGrid grid;
  g_autofree double *values = NULL;
  cairo_surface_t *image;
  double device = 1, unused = 0;

  if (recording == NULL || shot == 0 || !rec_recording_get_shot (recording, shot, &facts))
    return;
  values = paint_grid_values (&facts, &grid);
  if (values == NULL)
    return;
  if (scale <= 0)
    scale = paint_shot_scale (recording, shot);
  cairo_user_to_device_distance (cr, &device, &unused);
  device = MAX (hypot (device, unused), 1e-6);
  image = make_image (values, &grid, scale, theme, pale);
  if (is_vector (cr))
    draw_cells (cr, rect, &grid, image);
  else
    draw_image (cr, rect, &grid, image);
  cairo_surface_destroy (image);
  if (rect->width / grid.cols * device >= GAP_FROM_PX && rect->height / grid.rows * device >= GAP_FROM_PX)
    draw_gaps (cr, rect, &grid, device, theme);
  draw_signs (cr, rect, &grid, values, scale, device, theme, pale);
}

gint64
paint_heat_map_entry_at (RecRecording *recording, guint64 shot, const LayoutRect *rect, double x, double y)
{
  RecShot facts;
  PaintGrid grid;
  gint64 rows, cols, best = -1, row, col;
  double largest = -1;

  if (recording == NULL || !rec_recording_get_shot (recording, shot, &facts) || !facts.whole || x < rect->x
      || y < rect->y || x >= rect->x + rect->width || y >= rect->y + rect->height)
    return -1;
  grid = paint_grid_for (facts.ndim, facts.sizes);
  matrix_of (facts.ndim, facts.sizes, &rows, &cols);
  row = (gint64) ((y - rect->y) / rect->height * grid.rows) * grid.block;
  col = (gint64) ((x - rect->x) / rect->width * grid.cols) * grid.block;
  if (grid.lying)
    {
      row = col;
      col = 0;
    }
  for (gint64 r = row; r < MIN (row + grid.block, rows); r++)
    for (gint64 c = col; c < MIN (col + grid.block, cols); c++)
      {
        double size = fabs (rec_shot_get (&facts, r * cols + c));
        if (isnan (size))
          return r * cols + c;
        if (size > largest)
          {
            largest = size;
            best = r * cols + c;
          }
      }
  return best;
}

void
paint_heat_map_size (RecRecording *recording, guint64 shot, double max_width, double max_height,
                     double *width, double *height)
{
  RecShot facts;
  PaintGrid grid;
  double cell;

  *width = *height = 0;
  if (recording == NULL || shot == 0 || !rec_recording_get_shot (recording, shot, &facts))
    return;
  grid = paint_grid_for (facts.ndim, facts.sizes);
  cell = paint_grid_cell (&grid, max_width, max_height, MOST_CELL_PX);
  *width = cell * grid.cols;
  *height = cell * grid.rows;
}

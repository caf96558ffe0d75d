/* SPDX-License-Identifier: MIT
 *
 * Counts that captions and badges give: entries of a gradient that are almost 0
 * now, entries of a result that stand at a limit. O(entries); reduced pictures
 * are not counted. */
#include "template.h"

#include <math.h>
#include <string.h>

#define ALMOST 1e-3

gboolean
player_get_scalar (RecRecording *recording, guint64 shot, double *value)
{
  RecShot data;

  if (shot == 0 || !rec_recording_get_shot (recording, shot, &data) || data.numel != 1 || !data.whole)
    return FALSE;
  *value = rec_shot_get (&data, 0);
  return TRUE;
}

static double
largest_magnitude (const RecShot *shot)
{
  double largest = 0;
  for (gint64 k = 0; k < shot->numel; k++)
    largest = MAX (largest, fabs (rec_shot_get (shot, k)));
  return largest;
}

char *
player_template_dup_almost0 (const PlayerTemplate *context)
{
  RecShot in, out;
  double limit;
  gint64 n = 0;

  if (context->run == NULL || context->run->n_grad_outputs == 0 || context->run->n_grad_inputs == 0
      || !rec_recording_get_shot (context->index->recording, context->run->grad_outputs[0], &in)
      || !rec_recording_get_shot (context->index->recording, context->run->grad_inputs[0], &out)
      || !in.whole || !out.whole)
    return g_strdup ("");
  limit = ALMOST * largest_magnitude (&in);
  for (gint64 k = 0; k < out.numel; k++)
    n += fabs (rec_shot_get (&out, k)) < limit;
  if (n == 0)
    return g_strdup ("");
  return g_strdup_printf ("; %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " %s now almost 0", n, out.numel,
                          n == 1 ? "is" : "are");
}

/* The numbers a text names: "±1" gives −1 and 1, "0 or 1" gives 0 and 1. */
static guint
read_limits (const char *text, double *limits, guint n_max)
{
  guint n = 0;

  for (const char *c = text; *c != '\0' && n < n_max; c++)
    if (g_ascii_isdigit (*c))
      {
        char *end;
        double limit = g_ascii_strtod (c, &end);
        gboolean both = g_str_has_prefix (c - MIN (c - text, 2), "±");
        limits[n++] = limit;
        if (both && n < n_max)
          limits[n++] = -limit;
        c = end - 1;
      }
  return n;
}

/* Near the limits of a saturating function its local factor is the product of the
 * distances to them: (1 − y)(1 + y) for tanh, y(1 − y) for sigmoid. */
static gboolean
is_at_limit (double y, const double *limits, guint n_limits, gboolean nearly)
{
  double factor = 1;
  for (guint k = 0; k < n_limits; k++)
    factor *= fabs (y - limits[k]);
  return nearly ? factor < ALMOST : factor == 0;
}

char *
player_dup_badge (RecRecording *recording, guint64 shot, const char *saturation)
{
  double limits[4];
  guint n_limits = saturation != NULL ? read_limits (saturation, limits, G_N_ELEMENTS (limits)) : 0;
  RecShot data;
  gint64 n = 0;

  if (n_limits == 0 || shot == 0 || !rec_recording_get_shot (recording, shot, &data) || !data.whole)
    return NULL;
  for (gint64 k = 0; k < data.numel; k++)
    n += is_at_limit (rec_shot_get (&data, k), limits, n_limits, strstr (saturation, "nearly") != NULL);
  if (n == 0)
    return NULL;
  return g_strdup_printf ("%" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " %s", n, data.numel, saturation);
}

/* SPDX-License-Identifier: MIT
 *
 * Where the first NaN came from. Looks at values only when a result holds a NaN;
 * then whether an earlier one did decides on "first". */
#include "captions.h"

#include <math.h>

static gint64
count_nan (PlayerRunIndex *index, guint64 shot, gint64 *numel)
{
  RecShot data;
  RecStats stats;

  if (shot == 0 || !rec_recording_get_shot (index->recording, shot, &data))
    return 0;
  rec_shot_get_stats (&data, &stats);
  *numel = data.numel;
  return stats.n_nan;
}

static gboolean
had_nan_before (PlayerRunIndex *index, guint64 event)
{
  g_autofree RecOp *op = g_new (RecOp, 1);
  const RecOpDef *def;

  for (guint n = 1; n <= player_run_index_get_n_steps (index); n++)
    {
      const PlayerStepInfo *step = player_run_index_get_step (index, n);
      gint64 numel;
      if (step->main >= event)
        return FALSE;
      if ((step->kind == PLAYER_STEP_OP || step->kind == PLAYER_STEP_LEAF || step->kind == PLAYER_STEP_UPDATE)
          && player_read_op (index, step->main, op, &def) && op->n_outputs > 0
          && count_nan (index, op->outputs[0].shot, &numel) > 0)
        return TRUE;
    }
  return FALSE;
}

/* Entry by entry: was every entry that became NaN negative before? */
static gboolean
were_negative (PlayerRunIndex *index, const RecOp *op)
{
  RecShot in, out;
  gboolean any = FALSE;

  if (op->n_inputs != 1 || op->outputs[0].shot == 0 || op->inputs[0].shot == 0
      || !rec_recording_get_shot (index->recording, op->inputs[0].shot, &in)
      || !rec_recording_get_shot (index->recording, op->outputs[0].shot, &out)
      || !in.whole || !out.whole || in.numel != out.numel)
    return FALSE;
  for (gint64 k = 0; k < out.numel; k++)
    if (isnan (rec_shot_get (&out, k)))
      {
        if (!(rec_shot_get (&in, k) < 0))
          return FALSE;
        any = TRUE;
      }
  return any;
}

char *
player_dup_nan_caption (PlayerRunIndex *index, const PlayerStepInfo *step, const RecOp *op, const RecOpDef *def)
{
  gint64 numel = 0, input_numel, n = op->n_outputs > 0 ? count_nan (index, op->outputs[0].shot, &numel) : 0;
  const char *written = op->written != NULL ? op->written : def->name;
  g_autofree char *where = NULL;

  if (n == 0 || def->is_factory)
    return NULL;
  for (guint k = 0; k < op->n_inputs; k++)
    if (count_nan (index, op->inputs[k].shot, &input_numel) > 0)
      return NULL;
  where = player_dup_place (index, step->pub.file, step->pub.line, FALSE);
  return g_strdup_printf ("%s: %s on %s made %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " %s NaN%s.",
                          had_nan_before (index, step->main) ? "A new NaN appeared" : "The first NaN appeared",
                          written, where, n, numel, numel == 1 ? "entry" : "entries",
                          !were_negative (index, op) ? "" : n == 1 ? " because it was negative"
                                                                   : " because they were negative");
}

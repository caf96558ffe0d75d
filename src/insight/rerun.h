/* SPDX-License-Identifier: MIT
 *
 * Runs one recorded operation again from its recorded inputs. Private to this
 * room. Every floating input is a leaf that requires grad, so that anything may
 * be differentiated with respect to any of them. */
#pragma once

#include "engine/engine.h"
#include "recording/recording.h"

#define INSIGHT_ERROR (insight_error_quark ())
GQuark insight_error_quark (void);
typedef enum
{
  INSIGHT_ERROR_QUESTION,     /* there is no such event, input or element */
  INSIGHT_ERROR_NOT_KEPT,     /* values on the path are missing or only a picture */
  INSIGHT_ERROR_NOT_AGAIN,    /* the operation did not give the same numbers again */
} InsightError;

typedef struct
{
  RecOp op;
  const EngOp *card;
  guint n_inputs;
  EngTensor *inputs[REC_MAX_OPERANDS];    /* NULL where None */
  EngTensor *written;                     /* copy of inputs[0] that an operation in place writes to; or NULL */
  EngTensor *outputs[ENG_MAX_OUTPUTS];
} InsightRerun;

/* event: of kind OP_DONE. clear it also after a failure. */
gboolean insight_rerun (InsightRerun *rerun, RecRecording *recording, guint64 event, GError **error);
void insight_rerun_clear (InsightRerun *rerun);
/* The whole values of a shot as a new tensor; what names it in the error. */
EngTensor *insight_tensor_from_shot (RecRecording *recording, guint64 shot, const char *what, GError **error);
/* Source name that a tensor had at an event, or NULL. */
const char *insight_find_name (RecRecording *recording, guint64 tensor, guint64 event);
EngTensor *insight_one_hot (EngTensor *like, gint64 index, GError **error);
EngTensor *insight_zeros (EngTensor *like, GError **error);

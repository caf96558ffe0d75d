/* SPDX-License-Identifier: MIT
 *
 * Answers that need the engine again, from recorded values. Runner side. One
 * element's terms are the vjp of a one-hot output, and for a gradient the vjp of
 * that vjp (DESIGN, Insight): no per-operation tables. */
#pragma once

#include "recording/recording.h"

/* For the grad_fn that ran at `event` (REC_GRAD_FN_DONE), element `index` (flat)
 * of the gradient sent to input `input`; for REC_OP_DONE (input < 0) element
 * `index` of the output in terms of its inputs. JSON, owned by the caller:
 * {"value":1.7496,"index":[11,3],"n_terms":1,
 *  "terms":[{"place":0,"grad_index":[11],"grad":0.8956,"factor":1.9536,
 *            "factor_input":1,"factor_index":[3,0],"product":1.7496}…],   at most 12, largest first
 *  "rest":0.0,"n_rest":0,"linear":true}
 * "place": which of the gradients that arrived. For an output "grad" and "grad_index"
 * are an element of input "place" and "factor" what it is multiplied by; "linear"
 * false: the terms do not add up to the value, the factors are its slopes. A number
 * that is not finite is a text: "nan", "inf", "-inf".
 * factor_input is −1 when the factor is no single input element. Sets error when
 * a tensor on the path was kept only as a picture. */
char *insight_element (RecRecording *recording, guint64 event, int input, gint64 index, GError **error);

/* SPDX-License-Identifier: MIT
 *
 * The legend: each mark of the picture beside its words, and what full colour
 * means in numbers. */
#pragma once

#include <gtk/gtk.h>

#define TD_TYPE_LEGEND (td_legend_get_type ())
G_DECLARE_FINAL_TYPE (TdLegend, td_legend, TD, LEGEND, GtkWidget)

GtkWidget *td_legend_new (void);
/* |value| and |gradient| of full colour; 0: there are none on the stage, no numbers. */
void td_legend_set_scales (TdLegend *legend, double value_scale, double gradient_scale);
/* Each tensor has a scale of its own: the boxes say the numbers, not the legend. */
void td_legend_set_scale_per_tensor (TdLegend *legend, gboolean has_values, gboolean has_gradients);
/* What the scales say, as on the screen: "values −2.148 0 +2.148". Caller frees. */
char *td_legend_dup_text (TdLegend *legend);

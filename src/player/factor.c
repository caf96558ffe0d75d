/* SPDX-License-Identifier: MIT
 *
 * What stands beside a pill in backward: the local factor of each input that
 * receives a gradient, once when they are alike. */
#include "template.h"

char *
player_dup_factor (const PlayerTemplate *context)
{
  g_autoptr (GPtrArray) factors = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) text = g_string_new (NULL);
  gboolean alike = TRUE;

  for (guint k = 0; k < MIN (context->op->n_inputs, G_N_ELEMENTS (context->def->derivative)); k++)
    {
      char *factor = NULL;
      if (context->op->inputs[k].id == 0 || !player_template_receives (context, k))
        continue;
      factor = player_template_expand (context, context->def->derivative[k].factor);
      if (factor == NULL)
        continue;
      alike = alike && (factors->len == 0 || g_str_equal (factor, factors->pdata[0]));
      g_ptr_array_add (factors, factor);
    }
  for (guint k = 0; k < (alike ? MIN (factors->len, 1) : factors->len); k++)
    g_string_append_printf (text, "%s%s", k > 0 ? ", " : "", (const char *) factors->pdata[k]);
  return text->len > 0 ? g_string_free (g_steal_pointer (&text), FALSE) : NULL;
}

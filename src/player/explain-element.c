/* SPDX-License-Identifier: MIT
 *
 * The lines of "One entry": whose entry, the sum as source names with indices, the
 * same with numbers, the value. Indices drop dimensions of size 1; an input that
 * was reached through a transpose is indexed as the source has it. */
#include "explain-private.h"

#include <json-glib/json-glib.h>

#define MAX_SHOWN 3

static char *
dup_index (JsonArray *index, const ExplainShape *shape, gboolean swapped)
{
  GString *text = g_string_new (NULL);
  guint n = index != NULL ? json_array_get_length (index) : 0, n_shown = 0;

  for (guint k = 0; k < n; k++)
    {
      guint d = swapped ? n - 1 - k : k;
      if (shape != NULL && shape->ndim == n && shape->sizes[k] == 1)
        continue;
      g_string_append_printf (text, "%s%" G_GINT64_FORMAT, n_shown++ > 0 ? "," : "[",
                              json_array_get_int_element (index, d));
    }
  if (n_shown > 0)
    g_string_append_c (text, ']');
  return g_string_free (text, FALSE);
}

static JsonArray *
get_array (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);
  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

/* "∂loss/∂i2h[11] × x[3]" */
static char *
dup_term_names (const Explanation *self, JsonObject *term, const char *factor_number)
{
  gint64 input = json_object_get_int_member_with_default (term, "factor_input", -1);
  g_autofree char *grad_index = dup_index (get_array (term, "grad_index"), &self->out, FALSE);
  g_autofree char *grad = self->partial_out != NULL ? g_strconcat (self->partial_out, grad_index, NULL) : NULL;
  g_autofree char *factor = NULL;

  if (input >= 0 && input < (gint64) self->pub.element_inputs->len)
    {
      gboolean known = input < (gint64) G_N_ELEMENTS (self->inputs);
      g_autofree char *index = dup_index (get_array (term, "factor_index"), known ? &self->inputs[input] : NULL,
                                          known && self->pub.element_swapped[input]);
      factor = g_strconcat (self->pub.element_inputs->pdata[input], index, NULL);
    }
  else
    factor = g_strdup (factor_number);
  if (grad == NULL)
    return g_steal_pointer (&factor);
  return g_strdup_printf ("%s × %s", grad, factor);
}

static char *
dup_term_numbers (const Explanation *self, JsonObject *term)
{
  g_autofree char *grad = player_format_term (json_object_get_double_member_with_default (term, "grad", 0));
  g_autofree char *factor = player_format_term (json_object_get_double_member_with_default (term, "factor", 0));

  if (self->partial_out == NULL)
    return player_format_term (json_object_get_double_member_with_default (term, "product", 0));
  return g_strdup_printf ("%s × %s", grad, factor);
}

/* "= a × b + c × d + 18 more" */
static char *
dup_sum (const Explanation *self, JsonArray *terms, gint64 n_terms, gboolean numbers)
{
  GString *text = g_string_new ("=");
  guint n = MIN (json_array_get_length (terms), MAX_SHOWN);

  for (guint k = 0; k < n; k++)
    {
      JsonNode *node = json_array_get_element (terms, k);
      JsonObject *term = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      g_autofree char *factor = NULL, *part = NULL;
      if (term == NULL)
        continue;
      factor = player_format_term (json_object_get_double_member_with_default (term, "factor", 0));
      part = numbers ? dup_term_numbers (self, term) : dup_term_names (self, term, factor);
      g_string_append_printf (text, "%s %s", k > 0 ? " +" : "", part);
    }
  if (n_terms > (gint64) n)
    g_string_append_printf (text, " + %" G_GINT64_FORMAT " more", n_terms - (gint64) n);
  return g_string_free (text, FALSE);
}

static char *
dup_signed_term (double value)
{
  g_autofree char *text = player_format_term (value);
  return value > 0 ? g_strconcat ("+", text, NULL) : g_steal_pointer (&text);
}

char **
player_explain_element (const PlayerExplanation *explanation, const char *element_json)
{
  const Explanation *self = (const Explanation *) explanation;
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GPtrArray) lines = g_ptr_array_new ();
  JsonObject *element;
  JsonArray *terms;

  if (explanation->has_element && element_json != NULL && json_parser_load_from_data (parser, element_json, -1, NULL)
      && JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)))
    {
      double value;
      gint64 n_terms;
      g_autofree char *index = NULL;
      g_autofree char *number = NULL;

      element = json_node_get_object (json_parser_get_root (parser));
      terms = get_array (element, "terms");
      value = json_object_get_double_member_with_default (element, "value", 0);
      n_terms = json_object_get_int_member_with_default (element, "n_terms", 0);
      index = dup_index (get_array (element, "index"), &self->target, self->target_swapped);
      g_ptr_array_add (lines, g_strconcat (self->partial_target, index, NULL));
      if (terms != NULL && json_array_get_length (terms) > 0)
        {
          g_ptr_array_add (lines, dup_sum (self, terms, n_terms, FALSE));
          g_ptr_array_add (lines, dup_sum (self, terms, n_terms, TRUE));
        }
      number = dup_signed_term (value);
      g_ptr_array_add (lines, g_strdup_printf ("= %s", number));
    }
  g_ptr_array_add (lines, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&lines), FALSE);
}

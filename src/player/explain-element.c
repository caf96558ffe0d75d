/* SPDX-License-Identifier: MIT
 *
 * The lines of "One entry": whose entry, the sum as source names with indices, the
 * same with numbers, the value. Indices drop dimensions of size 1; an element of
 * a view is named as the element of its base, as the source has it. What works entry
 * by entry has its operands, a sum its terms; anything else just its value. */
#include "explain-private.h"

#include <math.h>
#include <string.h>

#define MAX_SHOWN 3
#define MOST_SEARCHED (1 << 20)   /* entries of a view among which a picked one is looked for */

/* The element of the base that an element of the view is. */
static void
step_through (const ExplainGrid *grid, const gint64 *own, gint64 *base)
{
  gint64 at = grid->own.offset - grid->base.offset;

  for (guint d = 0; d < grid->own.ndim; d++)
    at += own[d] * grid->own.strides[d];
  for (guint d = 0; d < grid->base.ndim; d++)
    {
      base[d] = grid->base.strides[d] > 0 ? at / grid->base.strides[d] : 0;
      at -= base[d] * grid->base.strides[d];
    }
}

char *
player_explain_dup_place (const gint64 *place, guint ndim, const ExplainGrid *grid)
{
  GString *text = g_string_new (NULL);
  gint64 base[8] = { 0 };
  const ExplainShape *shape = grid != NULL && grid->through ? &grid->base : grid != NULL ? &grid->own : NULL;
  guint n = MIN (ndim, G_N_ELEMENTS (base)), n_shown = 0;

  memcpy (base, place, n * sizeof *base);
  if (grid != NULL && grid->through && n == grid->own.ndim)
    step_through (grid, place, base);
  for (guint d = 0; d < (shape != NULL ? shape->ndim : n); d++)
    if (shape == NULL || shape->sizes[d] != 1)
      g_string_append_printf (text, "%s%" G_GINT64_FORMAT, n_shown++ > 0 ? "," : "[", base[d]);
  if (n_shown > 0)
    g_string_append_c (text, ']');
  return g_string_free (text, FALSE);
}

/* "[11,3]", "[5]" of a 20×1, "" of a scalar. */
char *
player_explain_dup_index (JsonArray *index, const ExplainGrid *grid)
{
  gint64 place[8] = { 0 };
  guint n = MIN (index != NULL ? json_array_get_length (index) : 0, G_N_ELEMENTS (place));

  for (guint d = 0; d < n; d++)
    place[d] = json_array_get_int_element (index, d);
  return player_explain_dup_place (place, n, grid);
}

gint64
player_explain_find_spot (const gint64 *own, guint ndim, const ExplainGrid *grid)
{
  gint64 base[8] = { 0 }, place = 0;
  const ExplainShape *shape = grid->through ? &grid->base : &grid->own;
  const gint64 *at = grid->through ? base : own;

  if (ndim != grid->own.ndim)
    return -1;
  if (grid->through)
    step_through (grid, own, base);
  for (guint d = 0; d < shape->ndim; d++)
    place = place * shape->sizes[d] + at[d];
  return place;
}

gint64
player_explain_find_place (JsonArray *index, const ExplainGrid *grid)
{
  gint64 own[8] = { 0 };
  guint n = index != NULL ? json_array_get_length (index) : 0;

  if (index == NULL || n != grid->own.ndim)
    return -1;
  for (guint d = 0; d < n; d++)
    own[d] = json_array_get_int_element (index, d);
  return player_explain_find_spot (own, n, grid);
}

gint64
player_explain_from_place (const ExplainGrid *grid, gint64 place)
{
  gint64 numel = 1, own[8] = { 0 }, base[8];

  for (guint d = 0; d < grid->own.ndim; d++)
    numel *= grid->own.sizes[d];
  for (gint64 flat = 0; flat < MIN (numel, MOST_SEARCHED); flat++)
    {
      gint64 found = 0, rest = flat;

      for (guint d = grid->own.ndim; d-- > 0; rest /= MAX (grid->own.sizes[d], 1))
        own[d] = rest % MAX (grid->own.sizes[d], 1);
      step_through (grid, own, base);
      for (guint d = 0; d < grid->base.ndim; d++)
        found = found * grid->base.sizes[d] + base[d];
      if (found == place)
        return flat;
    }
  return -1;
}

JsonArray *
player_explain_get_array (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);
  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

double
player_explain_get_number (JsonObject *term, const char *name)
{
  JsonNode *node = json_object_get_member (term, name);

  if (node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    return g_ascii_strtod (json_node_get_string (node), NULL); /* "nan", "inf", "-inf" */
  return json_object_get_double_member_with_default (term, name, NAN);
}

/* "x[3]" of an input of the operation, "" when there is no such input. */
static char *
dup_input_element (const Explanation *self, gint64 input, JsonArray *index)
{
  gboolean known = input >= 0 && input < (gint64) G_N_ELEMENTS (self->inputs);
  g_autofree char *place = player_explain_dup_index (index, known ? &self->inputs[input] : NULL);

  if (input < 0 || input >= (gint64) self->pub.element_inputs->len)
    return g_strdup ("");
  return g_strconcat (self->pub.element_inputs->pdata[input], place, NULL);
}

/* What is multiplied: an element of the gradient that came in, or of an input. */
static char *
dup_value_name (const Explanation *self, JsonObject *term)
{
  JsonArray *index = player_explain_get_array (term, "grad_index");
  g_autofree char *place = NULL;

  if (self->partial_out == NULL)
    return dup_input_element (self, json_object_get_int_member_with_default (term, "place", -1), index);
  place = player_explain_dup_index (index, &self->out);
  return g_strconcat (self->partial_out, place, NULL);
}

/* "∂loss/∂i2h[11] × x[3]", "W_h[11,5] × prev_h[5]", "0.5 × x[3]", or the element alone where the factor is ±1. */
ExplainPart
player_explain_name_term (const Explanation *self, JsonObject *term)
{
  gint64 input = json_object_get_int_member_with_default (term, "factor_input", -1);
  gint64 place = json_object_get_int_member_with_default (term, "place", -1);
  double factor = player_explain_get_number (term, "factor");
  g_autofree char *value = dup_value_name (self, term);
  g_autofree char *other = NULL;

  if (input >= 0)
    {
      other = dup_input_element (self, input, player_explain_get_array (term, "factor_index"));
      if (self->partial_out == NULL && input < place)
        return (ExplainPart) { FALSE, g_strdup_printf ("%s × %s", other, value) };
      return (ExplainPart) { FALSE, g_strdup_printf ("%s × %s", value, other) };
    }
  if (fabs (factor) == 1)
    return (ExplainPart) { factor < 0, g_steal_pointer (&value) };
  other = player_format_term (fabs (factor));
  if (self->partial_out == NULL)
    return (ExplainPart) { factor < 0, g_strdup_printf ("%s × %s", other, value) };
  return (ExplainPart) { factor < 0, g_strdup_printf ("%s × %s", value, other) };
}

/* Numbers of one line look alike: whole only if all of them are. */
static char *
format_alike (double value, gboolean whole)
{
  char text[64];

  if (!whole && isfinite (value) && fabs (value) < 1e5 && value == trunc (value))
    {
      g_ascii_formatd (text, sizeof text, "%.4f", fabs (value));
      return value < 0 ? g_strconcat ("−", text, NULL) : g_strdup (text);
    }
  return player_format_term (value);
}

static char *
dup_product (double first, double second, gboolean whole)
{
  g_autofree char *left = format_alike (first, whole);
  g_autofree char *right = format_alike (second, whole);

  return g_strdup_printf (second < 0 ? "%s × (%s)" : "%s × %s", left, right);
}

ExplainPart
player_explain_number_term (const Explanation *self, JsonObject *term, gboolean whole)
{
  gint64 input = json_object_get_int_member_with_default (term, "factor_input", -1);
  gint64 place = json_object_get_int_member_with_default (term, "place", -1);
  double value = player_explain_get_number (term, "grad"), factor = player_explain_get_number (term, "factor");
  gboolean factor_first = self->partial_out == NULL && (input < 0 || input < place);
  double first = factor_first ? factor : value, second = factor_first ? value : factor;

  if (input < 0 && fabs (factor) == 1)
    return (ExplainPart) { value * factor < 0, format_alike (fabs (value), whole) };
  if (input < 0 && !factor_first && second < 0)
    {
      first = -first;
      second = -second;
    }
  return (ExplainPart) { first < 0, dup_product (fabs (first), second, whole) };
}

JsonObject *
player_explain_get_term (JsonArray *terms, guint k)
{
  JsonNode *node = json_array_get_element (terms, k);
  return JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static gboolean
are_whole (JsonArray *terms, guint n)
{
  for (guint k = 0; k < n; k++)
    {
      JsonObject *term = player_explain_get_term (terms, k);
      double value = term != NULL ? player_explain_get_number (term, "grad") : 0;
      double factor = term != NULL ? player_explain_get_number (term, "factor") : 0;
      if (value != trunc (value) || factor != trunc (factor))
        return FALSE;
    }
  return TRUE;
}

/* "= a × b − c × d + 18 more" */
static char *
dup_sum (const Explanation *self, JsonArray *terms, gint64 n_terms, gboolean numbers)
{
  GString *text = g_string_new ("=");
  guint n = MIN (json_array_get_length (terms), MAX_SHOWN);
  gboolean whole = are_whole (terms, n);

  for (guint k = 0; k < n; k++)
    {
      JsonObject *term = player_explain_get_term (terms, k);
      ExplainPart part;
      if (term == NULL)
        continue;
      part = numbers ? player_explain_number_term (self, term, whole) : player_explain_name_term (self, term);
      g_string_append (text, k > 0 ? part.negative ? " − " : " + " : part.negative ? " −" : " ");
      g_string_append (text, part.text);
      g_free (part.text);
    }
  if (n_terms > (gint64) n)
    g_string_append_printf (text, numbers ? " + … %" G_GINT64_FORMAT " more" : " + %" G_GINT64_FORMAT " more",
                            n_terms - (gint64) n);
  return g_string_free (text, FALSE);
}

/* "= tanh(h[3])" and "= tanh(0.9123)": written entry by entry, not as a sum of terms. */
static gboolean
add_function (const Explanation *self, gint64 n_terms, GPtrArray *lines)
{
  g_autofree char *names = NULL, *numbers = NULL;

  if (!player_explain_dup_function (self, n_terms, &names, &numbers))
    return FALSE;
  g_ptr_array_add (lines, g_strdup_printf ("= %s", names));
  g_ptr_array_add (lines, g_strdup_printf ("= %s", numbers));
  return TRUE;
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
      terms = player_explain_get_array (element, "terms");
      value = player_explain_get_number (element, "value");
      n_terms = json_object_get_int_member_with_default (element, "n_terms", 0);
      index = player_explain_dup_index (player_explain_get_array (element, "index"), &self->target);
      g_ptr_array_add (lines, g_strconcat (self->partial_target, index, NULL));
      if (!add_function (self, n_terms, lines) && terms != NULL && json_array_get_length (terms) > 0
          && json_object_get_boolean_member_with_default (element, "linear", TRUE))
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

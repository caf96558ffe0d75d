/* SPDX-License-Identifier: MIT
 *
 * One entry term by term: reads the engine's answer into terms with names, numbers
 * and the entries they come from, and says what adding each of them did. A function
 * of one entry counts as one term; what is neither says so in one step. */
#include "explain-private.h"
#include "numbers.h"

#include <math.h>

static PlayerSpot
make_spot (guint64 tensor, gboolean gradient, JsonArray *index, const ExplainGrid *grid)
{
  gint64 place = tensor != 0 && index != NULL ? player_explain_find_place (index, grid) : -1;

  return place >= 0 ? (PlayerSpot) { tensor, place, gradient } : (PlayerSpot) { 0 };
}

static PlayerSpot
input_spot (const Explanation *self, gint64 input, JsonArray *index)
{
  if (input < 0 || input >= (gint64) G_N_ELEMENTS (self->inputs))
    return (PlayerSpot) { 0 };
  return make_spot (self->input_tensors[input], FALSE, index, &self->inputs[input]);
}

static PlayerSpot
operand_spot (const Explanation *self, guint k)
{
  const ExplainOperand *operand = &self->operands[k];
  gint64 place = player_explain_find_spot (operand->place, operand->ndim, &self->inputs[k]);

  return self->input_tensors[k] != 0 && place >= 0 ? (PlayerSpot) { self->input_tensors[k], place, FALSE }
                                                   : (PlayerSpot) { 0 };
}

static char *
dup_signed_part (ExplainPart part)
{
  char *text = part.negative ? g_strconcat ("−", part.text, NULL) : g_strdup (part.text);

  g_free (part.text);
  return text;
}

static void
read_term (const Explanation *self, JsonObject *object, PlayerTerm *term)
{
  gint64 factor_input = json_object_get_int_member_with_default (object, "factor_input", -1);
  JsonArray *index = player_explain_get_array (object, "grad_index");

  term->names = dup_signed_part (player_explain_name_term (self, object));
  term->numbers = dup_signed_part (player_explain_number_term (self, object, FALSE));
  term->product = player_explain_get_number (object, "product");
  term->single = factor_input < 0 && fabs (player_explain_get_number (object, "factor")) == 1;
  term->spots[0] = self->partial_out != NULL
    ? make_spot (self->out_tensor, TRUE, index, &self->out)
    : input_spot (self, json_object_get_int_member_with_default (object, "place", -1), index);
  term->spots[1] = input_spot (self, factor_input, player_explain_get_array (object, "factor_index"));
}

/* What works entry by entry: one term, and the entries it is made from. */
static gboolean
read_function (const Explanation *self, PlayerTerms *terms)
{
  PlayerTerm *term = &terms->terms[0];

  if ((terms->is_sum && !self->is_operator)
      || !player_explain_dup_function (self, terms->n_terms, &term->names, &term->numbers))
    return FALSE;
  terms->is_sum = FALSE;
  term->product = terms->value;
  for (guint k = 0; k < self->n_operands; k++)
    term->spots[k] = operand_spot (self, k);
  terms->n_listed = 1;
  return TRUE;
}

static gint64
get_place (JsonArray *list, guint k)
{
  JsonObject *object = player_explain_get_term (list, k);

  return object != NULL ? json_object_get_int_member_with_default (object, "place", -1) : -1;
}

static void
read_answer (const Explanation *self, JsonObject *element, PlayerTerms *terms)
{
  JsonArray *index = player_explain_get_array (element, "index"), *list = player_explain_get_array (element, "terms");
  g_autofree char *place = player_explain_dup_index (index, &self->target);

  terms->target = g_strconcat (self->partial_target, place, NULL);
  terms->spot = make_spot (self->target_tensor, self->partial_out != NULL, index, &self->target);
  terms->value = player_explain_get_number (element, "value");
  terms->is_sum = json_object_get_boolean_member_with_default (element, "linear", TRUE);
  terms->n_terms = json_object_get_int_member_with_default (element, "n_terms", 0);
  if (list == NULL)
    return;
  if (read_function (self, terms) || !terms->is_sum)
    return;
  terms->rest = player_explain_get_number (element, "rest");
  for (guint k = 0; k < json_array_get_length (list) && terms->n_listed < PLAYER_MAX_TERMS; k++)
    {
      JsonObject *object = player_explain_get_term (list, k);
      if (object != NULL)
        read_term (self, object, &terms->terms[terms->n_listed++]);
    }
  /* Two operands of one entry: in the order in which they are written. */
  if (self->pair_sign != NULL && terms->n_terms == 2 && terms->n_listed == 2
      && get_place (list, 0) > get_place (list, 1))
    {
      PlayerTerm first = terms->terms[0];
      terms->terms[0] = terms->terms[1];
      terms->terms[1] = first;
    }
  terms->n_rest = MAX (terms->n_terms - (gint64) terms->n_listed, 0);
}

PlayerTerms *
player_explain_terms (const PlayerExplanation *explanation, const char *element_json)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  PlayerTerms *terms;

  if (!explanation->has_element || element_json == NULL
      || !json_parser_load_from_data (parser, element_json, -1, NULL)
      || !JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)))
    return NULL;
  terms = g_new0 (PlayerTerms, 1);
  read_answer ((const Explanation *) explanation, json_node_get_object (json_parser_get_root (parser)), terms);
  return terms;
}

void
player_terms_free (PlayerTerms *terms)
{
  for (guint k = 0; k < terms->n_listed; k++)
    {
      g_free (terms->terms[k].names);
      g_free (terms->terms[k].numbers);
    }
  g_free (terms->target);
  g_free (terms);
}

guint
player_terms_get_n_steps (const PlayerTerms *terms)
{
  return MAX (terms->n_listed + (terms->n_rest > 0 ? 1 : 0), 1);
}

/* "2.3022 × 2.4966 = 5.7478", or the number alone. */
static char *
dup_numbers (const PlayerTerm *term)
{
  g_autofree char *product = NULL;

  if (term->single)
    return g_strdup (term->numbers);
  product = player_format_term (term->product);
  return g_strdup_printf ("%s = %s", term->numbers, product);
}

static double
sum_after (const PlayerTerms *terms, guint n)
{
  double sum = 0;

  if (n >= player_terms_get_n_steps (terms))
    return terms->value;
  for (guint k = 0; k < MIN (n, terms->n_listed); k++)
    sum += terms->terms[k].product;
  return sum;
}

/* "; the sum so far is 7.8590." — at the end the whole entry. */
static char *
dup_sum_clause (const PlayerTerms *terms, guint k)
{
  g_autofree char *sum = player_format_term (sum_after (terms, k));

  if (k >= player_terms_get_n_steps (terms))
    return g_strdup_printf ("; the sum is %s = %s.", terms->target, sum);
  return k > 1 ? g_strdup_printf ("; the sum so far is %s.", sum) : g_strdup (".");
}

/* An entry that no terms add up to. */
static char *
dup_no_terms (const PlayerTerms *terms)
{
  g_autofree char *value = player_format_term (terms->value);

  if (terms->is_sum)
    return g_strdup_printf ("Every term of %s is 0, so it is %s.", terms->target, value);
  return g_strdup_printf ("%s = %s was made from %" G_GINT64_FORMAT " entr%s at once: it is no sum of terms.",
                          terms->target, value, terms->n_terms, terms->n_terms == 1 ? "y" : "ies");
}

char *
player_terms_dup_caption (const PlayerTerms *terms, guint k)
{
  g_autofree char *sum = dup_sum_clause (terms, k);
  g_autofree char *numbers = NULL;

  if (terms->n_listed == 0)
    return dup_no_terms (terms);
  if (k > terms->n_listed)
    {
      numbers = player_format_term (terms->rest);
      return g_strdup_printf ("The other %" G_GINT64_FORMAT " term%s added %s at once%s", terms->n_rest,
                              terms->n_rest == 1 ? "" : "s", numbers, sum);
    }
  numbers = dup_numbers (&terms->terms[k - 1]);
  if (!terms->is_sum)
    return g_strdup_printf ("%s was made from one entry: %s = %s.", terms->target, terms->terms[0].names, numbers);
  if (terms->n_terms == 1)
    return g_strdup_printf ("%s got its only term: %s = %s.", terms->target, terms->terms[0].names, numbers);
  return g_strdup_printf ("Term %u of %" G_GINT64_FORMAT " %s %s: %s = %s%s", k, terms->n_terms,
                          k == 1 ? "began" : "was added to", terms->target, terms->terms[k - 1].names, numbers, sum);
}

char *
player_terms_dup_next (const PlayerTerms *terms, guint k)
{
  if (terms->n_listed == 0 || !terms->is_sum)
    return g_strdup_printf ("Next: how %s was made", terms->target);
  if (k > terms->n_listed)
    return g_strdup_printf ("Next: the other %" G_GINT64_FORMAT " term%s of %s", terms->n_rest,
                            terms->n_rest == 1 ? "" : "s", terms->target);
  return g_strdup_printf ("Next: term %u of %" G_GINT64_FORMAT " of %s", k, terms->n_terms, terms->target);
}

static void
add_term_line (GPtrArray *lines, const PlayerTerm *term, guint k)
{
  g_autofree char *numbers = dup_numbers (term);

  g_ptr_array_add (lines, g_strdup_printf ("%s %s = %s", k == 0 ? "=" : "+", term->names, numbers));
}

char **
player_terms_dup_lines (const PlayerTerms *terms, guint n)
{
  GPtrArray *lines = g_ptr_array_new ();
  guint n_steps = player_terms_get_n_steps (terms);
  double value = sum_after (terms, n);
  g_autofree char *number = player_format_term (value), *sum = g_strconcat (value > 0 ? "+" : "", number, NULL);

  g_ptr_array_add (lines, g_strdup (terms->target));
  for (guint k = 0; k < MIN (n, terms->n_listed); k++)
    add_term_line (lines, &terms->terms[k], k);
  if (n > terms->n_listed && terms->n_rest > 0)
    {
      g_autofree char *rest = player_format_term (terms->rest);
      g_ptr_array_add (lines, g_strdup_printf ("+ %" G_GINT64_FORMAT " more = %s", terms->n_rest, rest));
    }
  if (n >= n_steps)
    g_ptr_array_add (lines, g_strdup_printf ("= %s", sum));
  else if (n == 0 && !terms->is_sum)
    g_ptr_array_add (lines, g_strdup ("press Step to see how it was made"));
  else if (n == 0)
    g_ptr_array_add (lines, g_strdup_printf ("%" G_GINT64_FORMAT " term%s: press Step to add the first",
                                             terms->n_terms, terms->n_terms == 1 ? "" : "s"));
  else
    g_ptr_array_add (lines, g_strdup_printf ("%s so far, %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " terms", sum,
                                             (gint64) MIN (n, terms->n_listed), terms->n_terms));
  g_ptr_array_add (lines, NULL);
  return (char **) g_ptr_array_free (lines, FALSE);
}

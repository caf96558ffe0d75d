/* SPDX-License-Identifier: MIT
 *
 * The template language: literal text and names in braces. A name that cannot be
 * filled makes the whole sentence unknown, so that the caller says something
 * simpler instead of something wrong. */
#include "template.h"

#include <stdlib.h>
#include <string.h>

static const char *
label_of (const PlayerTemplate *context, guint64 tensor)
{
  for (guint k = context->graph != NULL ? player_graph_get_n_nodes (context->graph) : 0; k > 0; k--)
    {
      const PlayerNode *node = player_graph_get_node (context->graph, k - 1);
      if (node->kind == PLAYER_BOX && node->tensor == tensor && !node->outline)
        return node->label;
    }
  return NULL;
}

static char *
dup_name (const PlayerTemplate *context, guint64 tensor)
{
  const char *label = label_of (context, tensor);
  return label != NULL ? g_strdup (label) : player_dup_display_name (context->index, tensor, context->op_event);
}

char *
player_template_dup_input (const PlayerTemplate *context, guint input)
{
  guint64 tensor = context->op->inputs[input].id;
  guint64 base = player_get_base (context->index, tensor, context->op_event);
  const char *label = label_of (context, base);
  g_autofree char *name = NULL, *base_name = NULL;

  if (label == NULL || base == tensor)
    return dup_name (context, tensor);
  name = player_dup_display_name (context->index, tensor, context->op_event);
  base_name = player_dup_display_name (context->index, base, context->op_event);
  return g_strconcat (label, g_str_has_prefix (name, base_name) ? name + strlen (base_name) : "", NULL);
}

char *
player_template_dup_input_base (const PlayerTemplate *context, guint input)
{
  return dup_name (context, player_get_base (context->index, context->op->inputs[input].id, context->op_event));
}

char *
player_template_dup_output (const PlayerTemplate *context)
{
  return context->op->n_outputs > 0 ? dup_name (context, context->op->outputs[0].id) : NULL;
}

char *
player_template_dup_partial (const PlayerTemplate *context, const char *of)
{
  g_autofree char *name = player_dup_root_name (context->index,
                                                context->run != NULL ? context->run_event : G_MAXUINT64);

  return g_strdup_printf ("∂%s/∂%s", name != NULL ? name : "result", of);
}

char *
player_template_dup_grad (const PlayerTemplate *context)
{
  g_autofree char *out = player_template_dup_output (context);
  return out != NULL ? player_template_dup_partial (context, out) : NULL;
}

gboolean
player_template_receives (const PlayerTemplate *context, guint input)
{
  if (input >= context->op->n_next || context->op->next[input].grad_fn == 0)
    return FALSE;
  return context->run == NULL || input >= context->run->n_grad_inputs || context->run->grad_inputs[input] != 0;
}

/* Names of inputs that receive (or that need none), each once. */
static GPtrArray *
list_inputs (const PlayerTemplate *context, gboolean receiving)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);

  for (guint k = 0; k < context->op->n_inputs; k++)
    {
      g_autofree char *name = NULL;
      if (context->op->inputs[k].id == 0 || player_template_receives (context, k) != receiving)
        continue;
      name = player_template_dup_input_base (context, k);
      if (!g_ptr_array_find_with_equal_func (names, name, g_str_equal, NULL))
        g_ptr_array_add (names, g_steal_pointer (&name));
    }
  return names;
}

/* "a", "a{and}b", "a, b{and}c" */
static char *
join (GPtrArray *names, const char *and)
{
  GString *text = g_string_new (NULL);

  for (guint k = 0; k < names->len; k++)
    {
      if (k > 0)
        g_string_append (text, k + 1 < names->len ? ", " : and);
      g_string_append (text, names->pdata[k]);
    }
  return g_string_free (text, FALSE);
}

char *
player_template_dup_receivers (const PlayerTemplate *context)
{
  g_autoptr (GPtrArray) names = list_inputs (context, TRUE);
  return join (names, " and to ");
}

static char *
dup_none (const PlayerTemplate *context)
{
  g_autoptr (GPtrArray) names = list_inputs (context, FALSE);
  g_autofree char *joined = join (names, " and ");

  return names->len == 0 ? g_strdup ("") : g_strdup_printf ("; %s need%s none", joined, names->len == 1 ? "s" : "");
}

static char *
dup_scalar (const RecOp *op, guint place)
{
  for (guint k = 0; k < op->n_scalars; k++)
    if (op->scalar_places[k] == place)
      return player_format_written (op->scalars[k]);
  return NULL;
}

/* What stands after a base raised to one less than that exponent: "" for 2, "²" for 3, "^−0.5". */
static char *
dup_power_less_one (const char *exponent)
{
  static const char *const raised[] = { "⁰", "", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹" };
  g_autofree char *plain = NULL, *power = NULL;
  char digits[G_ASCII_DTOSTR_BUF_SIZE];
  double value;

  if (g_str_has_prefix (exponent, "−"))
    plain = g_strconcat ("-", exponent + strlen ("−"), NULL);
  value = g_ascii_strtod (plain != NULL ? plain : exponent, NULL) - 1;
  if (value >= 0 && value < G_N_ELEMENTS (raised) && value == (guint) value)
    return g_strdup (raised[(guint) value]);
  power = player_format_written (g_ascii_formatd (digits, sizeof digits, "%.12g", value));
  return g_strconcat ("^", power, NULL);
}

/* Which tensor input {place} is: numbers before it are no tensors. */
static guint
place_to_input (const RecOp *op, guint place)
{
  guint input = place;
  for (guint k = 0; k < op->n_scalars; k++)
    if (op->scalar_places[k] < place)
      input--;
  return input;
}

/* The other operand of the one that receives a gradient. */
static char *
dup_by (const PlayerTemplate *context)
{
  guint n_receivers = 0, other = G_MAXUINT;

  for (guint k = 0; k < context->op->n_inputs; k++)
    {
      if (context->op->inputs[k].id == 0)
        continue;
      if (player_template_receives (context, k))
        n_receivers++;
      else
        other = k;
    }
  if (n_receivers == 1 && other != G_MAXUINT)
    return player_template_dup_input_base (context, other);
  if (n_receivers == 1 && context->op->n_scalars > 0)
    return dup_scalar (context->op, context->op->scalar_places[0]);
  return g_strdup ("the other input");
}

static gint64
count_elements (const RecTensor *tensor)
{
  gint64 n = 1;
  for (guint d = 0; d < tensor->ndim; d++)
    n *= tensor->sizes[d];
  return n;
}

/* "20 entries", "one entry". */
static char *
dup_counted (gint64 n, const char *one, const char *many)
{
  return n == 1 ? g_strdup_printf ("one %s", one) : g_strdup_printf ("%" G_GINT64_FORMAT " %s", n, many);
}

/* ".entries", ".all_entries", ".numbers" of a tensor, or NULL. */
static char *
dup_count (const RecTensor *tensor, const char *property)
{
  gint64 n = count_elements (tensor);

  if (strcmp (property, "entries") == 0)
    return dup_counted (n, "entry", "entries");
  if (strcmp (property, "numbers") == 0)
    return dup_counted (n, "number", "numbers");
  if (strcmp (property, "all_entries") == 0)
    return n == 1 ? g_strdup ("the one entry") : g_strdup_printf ("all %" G_GINT64_FORMAT " entries", n);
  return NULL;
}

/* ".size", ".numel", ".entries", ".dim1", ".value" of a tensor. */
static char *
dup_property (const PlayerTemplate *context, const RecTensor *tensor, const char *property)
{
  double value;

  if (strcmp (property, "size") == 0)
    return player_format_size (tensor->ndim, tensor->sizes);
  if (strcmp (property, "numel") == 0)
    return g_strdup_printf ("%" G_GINT64_FORMAT, count_elements (tensor));
  if (g_str_has_prefix (property, "dim"))
    {
      guint d = (guint) strtoul (property + 3, NULL, 10);
      return d < tensor->ndim ? g_strdup_printf ("%" G_GINT64_FORMAT, tensor->sizes[d]) : NULL;
    }
  if (strcmp (property, "value") == 0 && player_get_scalar (context->index->recording, tensor->shot, &value))
    return player_format_number (value);
  return dup_count (tensor, property);
}

char *
player_dup_param (const RecOp *op, const char *name)
{
  const char *text = op->params != NULL ? op->params : "";
  gsize length = strlen (name);

  while (*text != '\0')
    {
      const char *end = text;
      gint depth = 0;
      for (; *end != '\0' && (depth > 0 || *end != ','); end++)
        depth += strchr ("([", *end) != NULL ? 1 : strchr (")]", *end) != NULL ? -1 : 0;
      if (strncmp (text, name, length) == 0 && text[length] == '=')
        return g_strndup (text + length + 1, (gsize) (end - text) - length - 1);
      text = end;
      while (*text == ',' || *text == ' ')
        text++;
    }
  return NULL;
}

static char *
resolve_operand (const PlayerTemplate *context, const char *key)
{
  char *rest;
  guint place = (guint) strtoul (key, &rest, 10);
  guint input = place_to_input (context->op, place);
  g_autofree char *scalar = dup_scalar (context->op, place);

  if (scalar != NULL)
    return strcmp (rest, ".less_one") == 0 ? dup_power_less_one (scalar) : g_steal_pointer (&scalar);
  if (input >= context->op->n_inputs || context->op->inputs[input].id == 0)
    return NULL;
  if (*rest == '.')
    return dup_property (context, &context->op->inputs[input], rest + 1);
  return *rest == '\0' ? player_template_dup_input (context, input) : NULL;
}

/* "left", "right.each": an operand where the student wrote it; NULL: no such key. */
static char *
resolve_side (const PlayerTemplate *context, const char *key)
{
  gboolean right = g_str_has_prefix (key, "right");
  const char *rest = key + strlen (right ? "right" : "left");
  guint place = right == !context->op->swapped ? 1 : 0;
  g_autofree char *number = g_strdup_printf ("%u", place);
  g_autofree char *operand = resolve_operand (context, number);
  g_autofree char *scalar = dup_scalar (context->op, place);

  if (strcmp (rest, ".each") == 0 && operand != NULL && scalar == NULL)
    return g_strdup_printf ("every entry of %s", operand);
  return g_steal_pointer (&operand);
}

static char *
resolve_grad_value (const PlayerTemplate *context)
{
  double value;

  if (context->run != NULL && context->run->n_grad_outputs > 0
      && player_get_scalar (context->index->recording, context->run->grad_outputs[0], &value))
    return player_format_number (value);
  return NULL;
}

/* "2" and "−2" of alpha=2. */
static char *
dup_negative (const char *number)
{
  g_autofree char *turned = *number == '-' ? g_strdup (number + 1) : g_strconcat ("-", number, NULL);
  return player_format_written (turned);
}

/* An argument that is no tensor and not its default. */
static char *
resolve_argument (const RecOp *op, const char *key)
{
  const char *name = strchr (key, '.');
  g_autofree char *argument = name != NULL ? player_dup_param (op, name + 1) : NULL;

  if (argument == NULL)
    return NULL;
  if (g_str_has_prefix (key, "given."))
    return g_strdup ("");
  if (g_str_has_prefix (key, "number."))
    return player_format_written (argument);
  if (g_str_has_prefix (key, "negative."))
    return dup_negative (argument);
  return g_str_has_prefix (key, "param.") ? g_steal_pointer (&argument) : NULL;
}

/* "a, unchanged, and to b, times 2": receivers with their factors. */
static char *
dup_shares (const PlayerTemplate *context)
{
  g_autoptr (GPtrArray) shares = g_ptr_array_new_with_free_func (g_free);
  GString *text;

  for (guint k = 0; k < MIN (context->op->n_inputs, G_N_ELEMENTS (context->def->derivative)); k++)
    {
      g_autofree char *factor = NULL, *name = NULL;
      if (context->op->inputs[k].id == 0 || !player_template_receives (context, k))
        continue;
      factor = player_template_expand (context, context->def->derivative[k].factor);
      name = player_template_dup_input_base (context, k);
      if (factor == NULL || !g_str_has_prefix (factor, "× "))
        return NULL;
      g_ptr_array_add (shares, g_str_equal (factor, "× 1")
                                 ? g_strdup_printf ("%s, unchanged", name)
                                 : g_strdup_printf ("%s, times %s", name, factor + strlen ("× ")));
    }
  text = g_string_new (NULL);
  for (guint k = 0; k < shares->len; k++)
    g_string_append_printf (text, "%s%s", k > 0 ? ", and to " : "", (const char *) shares->pdata[k]);
  return g_string_free (text, FALSE);
}

static char *
resolve (const PlayerTemplate *context, const char *key)
{
  const RecOp *op = context->op;

  if (g_ascii_isdigit (*key))
    return resolve_operand (context, key);
  if (strcmp (key, "out") == 0)
    return player_template_dup_output (context);
  if (g_str_has_prefix (key, "out."))
    return op->n_outputs > 0 ? dup_property (context, &op->outputs[0], key + 4) : NULL;
  if (g_str_has_prefix (key, "left") || g_str_has_prefix (key, "right"))
    return resolve_side (context, key);
  if (strcmp (key, "op") == 0)
    return g_strdup (op->written != NULL ? op->written : context->def->symbol);
  if (strcmp (key, "grad_fn") == 0)
    return g_strdup (context->def->grad_fn_name);
  if (strcmp (key, "grad") == 0)
    return player_template_dup_grad (context);
  if (strcmp (key, "grad.value") == 0)
    return resolve_grad_value (context);
  if (strcmp (key, "in") == 0)
    return op->n_inputs > 0 ? player_template_dup_input_base (context, 0) : NULL;
  if (strcmp (key, "to") == 0)
    return player_template_dup_receivers (context);
  if (strcmp (key, "by") == 0)
    return dup_by (context);
  if (strcmp (key, "none") == 0)
    return dup_none (context);
  if (strcmp (key, "almost0") == 0)
    return player_template_dup_almost0 (context);
  if (strcmp (key, "shares") == 0)
    return dup_shares (context);
  return resolve_argument (op, key);
}

static char *
expand (const PlayerTemplate *context, const char *template)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (const char *c = template; *c != '\0';)
    {
      const char *end = *c == '{' ? strchr (c, '}') : NULL;
      g_autofree char *key = NULL;
      g_autofree char *value = NULL;
      if (end == NULL)
        {
          /* A name's own transpose and the template's cancel: (xᵀ)ᵀ is x. */
          if (g_str_has_prefix (c, "ᵀ") && c > template && c[-1] == '}')
            {
              player_append_tag (text, "ᵀ");
              c += strlen ("ᵀ");
              continue;
            }
          g_string_append_c (text, *c++);
          continue;
        }
      key = g_strndup (c + 1, (gsize) (end - c - 1));
      value = resolve (context, key);
      if (value == NULL)
        return NULL;
      g_string_append (text, value);
      c = end + 1;
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

char *
player_template_expand (const PlayerTemplate *context, const char *template)
{
  g_auto (GStrv) sentences = NULL;
  char *text = NULL;

  if (template == NULL || strchr (template, '\n') == NULL)
    return template != NULL ? expand (context, template) : NULL;
  sentences = g_strsplit (template, "\n", -1);
  for (guint k = 0; sentences[k] != NULL && text == NULL; k++)
    text = expand (context, sentences[k]);
  return text;
}

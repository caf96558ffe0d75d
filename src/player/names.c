/* SPDX-License-Identifier: MIT
 *
 * Finds what to call a tensor, from the names the run gave it. Cost: a few
 * look-ups; an unnamed result decodes the operation that made it. */
#include "names.h"

#include <string.h>

#define MAX_DEPTH 3
#define MAX_EXPRESSION 32

/* The best name that comes from the k-th naming on, still in the step of an event; NULL: none. */
static const char *
get_coming_name (PlayerRunIndex *index, const GArray *namings, guint k, guint64 at)
{
  const PlayerStepInfo *step = player_run_index_get_step (index, player_run_index_find_step (index, at));
  guint64 end = step != NULL ? step->pub.end_event : G_MAXUINT64;
  const PlayerNaming *best = NULL;

  for (; k < namings->len; k++)
    {
      const PlayerNaming *naming = &g_array_index (namings, PlayerNaming, k);
      if (naming->event >= end)
        break;
      if (best == NULL || naming->rank < best->rank)
        best = naming;
    }
  return best != NULL ? best->name : NULL;
}

const char *
player_name_of (PlayerRunIndex *index, guint64 tensor, guint64 at)
{
  PlayerTensorInfo *info = player_run_index_get_tensor (index, tensor);
  const PlayerNaming *last = NULL, *best = NULL;
  const char *coming = NULL;
  guint k = 0;

  if (info == NULL || info->namings == NULL)
    return NULL;
  for (; k < info->namings->len; k++)
    {
      const PlayerNaming *naming = &g_array_index (info->namings, PlayerNaming, k);
      if (naming->event > at)
        break;
      if (!player_run_index_is_bound (index, naming->name, tensor, at))
        last = naming;
      else if (best == NULL || naming->rank < best->rank)
        best = naming;
    }
  if (best != NULL)
    return best->name;
  coming = get_coming_name (index, info->namings, k, at);
  if (coming != NULL)
    return coming;
  return last != NULL ? last->name : NULL;
}

guint64
player_get_grad_owner (PlayerRunIndex *index, guint64 tensor)
{
  PlayerTensorInfo *info = player_run_index_get_tensor (index, tensor);
  return info != NULL && info->grad_of != tensor ? info->grad_of : 0;
}

char *
player_dup_place (PlayerRunIndex *index, guint file, guint line, gboolean begins)
{
  const char *name = g_hash_table_lookup (index->files, GUINT_TO_POINTER (file));

  if (file == 0)
    return g_strdup_printf ("%s %u", begins ? "Line" : "line", line);
  return g_strdup_printf ("%s, line %u", name != NULL ? name : begins ? "A module" : "a module", line);
}

void
player_append_tag (GString *text, const char *tag)
{
  if (tag == NULL)
    return;
  if (strcmp (tag, "ᵀ") == 0 && g_str_has_suffix (text->str, "ᵀ"))
    g_string_truncate (text, text->len - strlen ("ᵀ"));
  else
    g_string_append_printf (text, "%s%s", text->len > 0 && g_ascii_isalpha (*tag) ? " " : "", tag);
}

static gboolean
is_symbol (const char *tag)
{
  return tag != NULL && !g_ascii_isalpha (*tag) && strchr (tag, '{') == NULL;
}

char *
player_dup_view_tag (const RecOp *op, const RecOpDef *def)
{
  if (def->view_tag != NULL && strchr (def->view_tag, '{') == NULL)
    return g_strdup (def->view_tag);
  return g_strdup (op->written != NULL ? op->written : def->name);
}

/* One step of x[…]: "[2]", "[:, 2]", "[1:3]", from dim, index, start, end and step. */
static char *
dup_index_suffix (const RecOp *op)
{
  g_autofree char *dim = player_dup_param (op, "dim"), *index = player_dup_param (op, "index");
  g_autofree char *start = player_dup_param (op, "start"), *end = player_dup_param (op, "end");
  g_autofree char *step = player_dup_param (op, "step");
  g_autoptr (GString) text = g_string_new ("[");
  gboolean open_start = start == NULL || g_str_equal (start, "None") || g_str_equal (start, "0");
  gboolean open_end = end == NULL || g_str_equal (end, "None") || g_ascii_strtoll (end, NULL, 10) == G_MAXINT64;
  guint64 before = dim != NULL ? g_ascii_strtoull (dim, NULL, 10) : 0;

  if (index == NULL && start == NULL && end == NULL)
    return g_strdup ("[…]");
  for (guint64 k = 0; k < MIN (before, 8); k++)
    g_string_append (text, ":, ");
  if (index != NULL)
    g_string_append (text, index);
  else
    g_string_append_printf (text, "%s:%s", open_start ? "" : start, open_end ? "" : end);
  if (step != NULL && !g_str_equal (step, "1"))
    g_string_append_printf (text, ":%s", step);
  g_string_append_c (text, ']');
  return g_string_free (g_steal_pointer (&text), FALSE);
}

char *
player_dup_view_suffix (const RecOp *op, const RecOpDef *def)
{
  if (g_strcmp0 (op->written, "[ ]") == 0)
    return dup_index_suffix (op);
  if (is_symbol (def->view_tag))
    return g_strdup (def->view_tag);
  return g_strdup_printf (".%s(%s)", op->written != NULL ? op->written : def->name,
                          op->params != NULL ? op->params : "");
}

/* The operation that made a tensor. */
static gboolean
get_maker (PlayerRunIndex *index, guint64 tensor, RecOp *op, const RecOpDef **def)
{
  PlayerTensorInfo *info = player_run_index_get_tensor (index, tensor);
  RecEvent record;

  if (info == NULL || info->op_event == G_MAXUINT64
      || !rec_recording_get_event (index->recording, info->op_event, &record)
      || !rec_recording_get_op (index->recording, &record, op))
    return FALSE;
  *def = player_run_index_get_op_def (index, op->op);
  return *def != NULL;
}

static char *dup_name (PlayerRunIndex *index, guint64 tensor, guint64 at, guint depth);

/* "(a * b)" for operators, "mm(…)" for functions. */
static char *
dup_expression (PlayerRunIndex *index, const RecOp *op, const RecOpDef *def, guint64 at, guint depth)
{
  const char *written = op->written != NULL ? op->written : def->symbol != NULL ? def->symbol : def->name;

  if (!g_ascii_isalpha (*written) && *written != '_' && op->n_inputs == 1 && op->n_scalars == 0)
    {
      g_autofree char *inner = dup_name (index, op->inputs[0].id, at, depth + 1);
      return g_strdup_printf ("(%s%s%s)", strcmp (written, "-") == 0 ? "−" : written,
                              strchr (written, ' ') != NULL ? " " : "", inner);
    }
  if (!g_ascii_isalpha (*written) && *written != '_'
      && (op->n_inputs == 2 || (op->n_inputs == 1 && op->n_scalars > 0)))
    {
      gboolean turned = (op->n_inputs == 1 && op->scalar_places[0] == 0) != (op->swapped != FALSE);
      g_autofree char *first = dup_name (index, op->inputs[0].id, at, depth + 1);
      g_autofree char *second = op->n_inputs == 1 ? player_format_written (op->scalars[0])
                                                  : dup_name (index, op->inputs[1].id, at, depth + 1);
      g_autofree char *text = g_strdup_printf ("(%s %s %s)", turned ? second : first, written,
                                               turned ? first : second);

      return g_utf8_strlen (text, -1) <= MAX_EXPRESSION ? g_steal_pointer (&text)
                                                         : g_strdup_printf ("(… %s …)", written);
    }
  if (op->n_inputs == 1 && depth + 1 < MAX_DEPTH)
    {
      g_autofree char *inner = dup_name (index, op->inputs[0].id, at, depth + 1);
      gboolean bracketed = *inner == '(' && g_str_has_suffix (inner, ")") && strchr (inner + 1, '(') == NULL;
      g_autofree char *text = g_strdup_printf (bracketed ? "%s%s" : "%s(%s)", written, inner);
      if (g_utf8_strlen (text, -1) <= MAX_EXPRESSION)
        return g_steal_pointer (&text);
    }
  if (op->n_inputs == 2 && op->n_scalars == 0 && depth + 1 < MAX_DEPTH)
    {
      g_autofree char *first = dup_name (index, op->inputs[0].id, at, depth + 1);
      g_autofree char *second = dup_name (index, op->inputs[1].id, at, depth + 1);
      g_autofree char *text = g_strdup_printf ("%s(%s, %s)", written, first, second);
      if (op->inputs[1].id != 0 && g_utf8_strlen (text, -1) <= MAX_EXPRESSION)
        return g_steal_pointer (&text);
    }
  return g_strdup_printf ("%s(…)", written);
}

static char *
dup_name (PlayerRunIndex *index, guint64 tensor, guint64 at, guint depth)
{
  const char *name = player_name_of (index, tensor, at);
  g_autofree RecOp *op = NULL;
  const RecOpDef *def;

  if (name != NULL)
    return g_strdup (name);
  if (depth >= MAX_DEPTH)
    return g_strdup ("…");
  if (player_get_grad_owner (index, tensor) != 0)
    {
      g_autofree char *owner = dup_name (index, player_get_grad_owner (index, tensor), at, depth + 1);
      return g_strconcat (owner, ".grad", NULL);
    }
  op = g_new (RecOp, 1);
  if (!get_maker (index, tensor, op, &def))
    {
      PlayerTensorInfo *info = player_run_index_get_tensor (index, tensor);
      return info != NULL && info->base != 0 ? dup_name (index, info->base, at, depth + 1) : g_strdup ("tensor");
    }
  if (def->is_view && op->n_inputs > 0)
    {
      g_autofree char *base = dup_name (index, op->inputs[0].id, at, depth + 1);
      g_autofree char *tag = player_dup_view_suffix (op, def);
      GString *text = g_string_new (base);
      player_append_tag (text, tag);
      return g_string_free (text, FALSE);
    }
  return dup_expression (index, op, def, at, depth);
}

char *
player_dup_display_name (PlayerRunIndex *index, guint64 tensor, guint64 at)
{
  return dup_name (index, tensor, at, 0);
}

/* A base is older than its views; in a damaged recording it may not be. */
static gboolean
is_older (PlayerRunIndex *index, guint64 tensor, guint64 *event)
{
  guint64 made = player_run_index_get_tensor (index, tensor)->op_event;
  gboolean older = made < *event;

  *event = made;
  return older;
}

guint64
player_get_base (PlayerRunIndex *index, guint64 tensor, guint64 at)
{
  g_autofree RecOp *op = NULL;
  const RecOpDef *def;
  guint64 made = G_MAXUINT64;

  if (player_name_of (index, tensor, at) != NULL)
    return tensor;
  op = g_new (RecOp, 1);
  while (player_name_of (index, tensor, at) == NULL && player_get_grad_owner (index, tensor) == 0
         && get_maker (index, tensor, op, &def) && is_older (index, tensor, &made)
         && def->is_view && op->n_inputs > 0)
    tensor = op->inputs[0].id;
  return tensor;
}

char *
player_dup_root_name (PlayerRunIndex *index, guint64 before)
{
  const PlayerPass *pass = player_run_index_get_pass (index, before);

  return pass != NULL && pass->root != 0 ? player_dup_display_name (index, pass->root, pass->event) : NULL;
}

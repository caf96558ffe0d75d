/* SPDX-License-Identifier: MIT
 *
 * Names are told only when they hold a tensor, or held one until now. Each belongs to a
 * scope: the script, a function, or the object whose attribute it is. A name that another
 * scope holds is not taken from it: a function's is then told as "h (in f)". What an
 * object or a list holds is named after it (adopt.c) as soon as it has a name itself. */
#include "adopt.h"
#include "names.h"

#include "probe.h"
#include "tensor-object.h"

typedef struct
{
  guint64 tensor;
  gsize scope; /* 0: the script; a function's number + 1; an object's address */
  RecNameRank rank;
  gboolean waits; /* "self.W" of an object that has no name yet */
} Bound;

static GHashTable *bound; /* interned names that hold a tensor → Bound */

void
script_names_start (void)
{
  bound = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  script_adopt_start ();
}

void
script_names_finish (void)
{
  g_clear_pointer (&bound, g_hash_table_unref);
  script_adopt_finish ();
}

static void
lose (RecRecorder *recorder, const char *text)
{
  if (!g_hash_table_remove (bound, text))
    return;
  script_probe_touch ();
  rec_recorder_name (recorder, text, NULL, REC_NAME_OWN);
}

static void
bind (RecRecorder *recorder, const char *text, PyObject *value, const Bound *facts)
{
  Bound *held = g_hash_table_lookup (bound, text);

  script_probe_touch ();
  if (held == NULL)
    g_hash_table_insert (bound, (gpointer) text, held = g_new (Bound, 1));
  *held = *facts;
  rec_recorder_name (recorder, text, script_tensor_get (value), facts->rank);
}

/* "h (in f)", interned. */
static const char *
get_inner_text (const char *name, gsize scope)
{
  const ScriptStatement *function = script_statement_get ((guint) scope - 1);
  g_autofree char *text = g_strdup_printf ("%s (in %s)", name,
                                           function != NULL ? function->label : "a function");

  return g_intern_string (text);
}

static gboolean
is_held_by (const char *text, gsize scope)
{
  const Bound *held = g_hash_table_lookup (bound, text);
  return held != NULL && held->scope == scope;
}

/* The name that a scope's own name is told by now; what it took from a scope that is over is lost there. */
static const char *
choose_text (RecRecorder *recorder, const char *name, gsize scope)
{
  const Bound *held = g_hash_table_lookup (bound, name);

  if (held == NULL || held->scope == scope)
    return name;
  if (scope != 0 && (held->scope == 0 || script_probe_is_open ((guint) held->scope - 1)))
    return get_inner_text (name, scope);
  lose (recorder, name);
  return name;
}

/* A name of the script or of a function. */
static void
tell (RecRecorder *recorder, gsize scope, const char *name, PyObject *value, RecNameRank rank)
{
  const Bound *held = g_hash_table_lookup (bound, name);
  const char *inner = scope != 0 && held != NULL && held->scope != scope ? get_inner_text (name, scope)
                                                                         : NULL;

  if (value != NULL && script_tensor_check (value))
    {
      Bound facts = { eng_tensor_get_id (script_tensor_get (value)), scope, rank, FALSE };

      if (inner != NULL && held->tensor == facts.tensor)
        return;
      bind (recorder, choose_text (recorder, name, scope), value, &facts);
      return;
    }
  if (is_held_by (name, scope))
    lose (recorder, name);
  if (inner != NULL && is_held_by (inner, scope))
    lose (recorder, inner);
}

static RecNameRank
get_best_rank (guint64 tensor)
{
  RecNameRank best = REC_NAME_NONE;
  GHashTableIter iter;
  gpointer facts;

  g_hash_table_iter_init (&iter, bound);
  while (g_hash_table_iter_next (&iter, NULL, &facts))
    if (((Bound *) facts)->tensor == tensor)
      best = MIN (best, ((Bound *) facts)->rank);
  return best;
}

/* The names that its object's attribute had while the object had none. */
static void
lose_waiting (RecRecorder *recorder, guint64 tensor)
{
  GHashTableIter iter;
  gpointer text, facts, found = NULL;

  g_hash_table_iter_init (&iter, bound);
  while (found == NULL && g_hash_table_iter_next (&iter, &text, &facts))
    if (((Bound *) facts)->tensor == tensor && ((Bound *) facts)->waits)
      found = text;
  if (found != NULL)
    lose (recorder, found);
}

/* A tensor that was found in a named object, unless it has as good a name. */
static void
adopted_cb (const char *path, gboolean is_item, PyObject *tensor, gpointer data)
{
  guint64 id = eng_tensor_get_id (script_tensor_get (tensor));
  RecNameRank rank = is_item ? REC_NAME_ITEM : REC_NAME_OWN;
  const char *text = g_intern_string (path);
  Bound facts = { id, 0, rank, FALSE };
  const Bound *held = g_hash_table_lookup (bound, text);

  if (get_best_rank (id) <= rank || (held != NULL && held->tensor == id))
    return;
  bind (data, text, tensor, &facts);
  lose_waiting (data, id);
}

/* "self.W" of an object without a name, apart from those of other objects: "self.W (2)". */
static void
tell_waiting (RecRecorder *recorder, const char *name, PyObject *object, PyObject *value)
{
  const char *text = name;
  Bound facts = { 0, (gsize) object, REC_NAME_PASSING, TRUE };

  for (guint k = 2; k < 100 && g_hash_table_contains (bound, text) && !is_held_by (text, facts.scope); k++)
    {
      g_autofree char *other = g_strdup_printf ("%s (%u)", name, k);
      text = g_intern_string (other);
    }
  if (value != NULL && script_tensor_check (value))
    {
      facts.tensor = eng_tensor_get_id (script_tensor_get (value));
      bind (recorder, text, value, &facts);
    }
  else if (is_held_by (text, facts.scope))
    lose (recorder, text);
}

static void
tell_attribute (RecRecorder *recorder, const ScriptStatement *statement, const ScriptTarget *target,
                PyObject *object)
{
  PyObject *value = script_adopt_get_attribute (object, target->attribute);
  const char *owner = script_adopt_get_name (object);
  g_autofree char *path = owner != NULL ? g_strdup_printf ("%s.%s", owner, target->attribute) : NULL;

  if (path == NULL && statement->function != 0)
    {
      tell_waiting (recorder, target->name, object, value);
      return;
    }
  const char *text = path != NULL ? g_intern_string (path) : target->name;
  tell (recorder, 0, text, value, strchr (text, '[') != NULL ? REC_NAME_ITEM : REC_NAME_OWN);
  if (value != NULL && !script_tensor_check (value))
    script_adopt (value, text, adopted_cb, recorder);
}

static void
tell_item (RecRecorder *recorder, const char *name, PyObject *container, PyObject *index)
{
  PyObject *value = NULL;

  if (PyDict_CheckExact (container))
    value = PyDict_GetItemWithError (container, index);
  else if (PyList_CheckExact (container) && PyLong_Check (index))
    {
      Py_ssize_t i = PyLong_AsSsize_t (index);
      i += i < 0 ? PyList_GET_SIZE (container) : 0;
      value = i >= 0 && i < PyList_GET_SIZE (container) ? PyList_GET_ITEM (container, i) : NULL;
    }
  PyErr_Clear ();
  if (value == NULL || (!PyUnicode_Check (index) && !PyLong_Check (index)))
    return;
  PyObject *text = PyUnicode_FromFormat ("%s[%R]", name, index);
  if (text != NULL && PyUnicode_AsUTF8 (text) != NULL)
    tell (recorder, 0, g_intern_string (PyUnicode_AsUTF8 (text)), value, REC_NAME_ITEM);
  PyErr_Clear ();
  Py_XDECREF (text);
}

static gboolean
has_tensor (gpointer name, gpointer facts, gpointer wanted)
{
  return ((Bound *) facts)->tensor == *(guint64 *) wanted;
}

void
script_names_tell_arguments (RecRecorder *recorder, const ScriptStatement *statement, PyObject *const *values, guint n)
{
  gsize scope = statement->number + 1;

  for (guint i = 0; i < MIN (statement->n_targets, n); i++)
    {
      const char *name = statement->targets[i].name;
      const Bound *held = g_hash_table_lookup (bound, name);
      guint64 id;

      if (!script_tensor_check (values[i]))
        continue;
      id = eng_tensor_get_id (script_tensor_get (values[i]));
      if ((held == NULL || held->scope == scope) && g_hash_table_find (bound, has_tensor, &id) == NULL)
        tell (recorder, scope, name, values[i], REC_NAME_PASSING);
    }
}

/* What a function returned keeps the name it had there: the first one stays. */
static RecNameRank
get_rank (gsize scope, PyObject *value, gboolean passing)
{
  if (passing)
    return REC_NAME_PASSING;
  if (scope != 0 || value == NULL || !script_tensor_check (value))
    return REC_NAME_LOCAL;
  return get_best_rank (eng_tensor_get_id (script_tensor_get (value))) == REC_NAME_LOCAL ? REC_NAME_LOCAL
                                                                                         : REC_NAME_OWN;
}

static void
tell_name (RecRecorder *recorder, const ScriptStatement *statement, const ScriptTarget *target,
           PyObject *value, gboolean passing)
{
  gsize scope = target->kind == SCRIPT_TARGET_GLOBAL ? 0 : statement->function;

  tell (recorder, scope, target->name, value, get_rank (scope, value, passing));
  if (value != NULL && !passing && !script_tensor_check (value))
    script_adopt (value, target->name, adopted_cb, recorder);
}

void
script_names_tell (RecRecorder *recorder, const ScriptStatement *statement, PyObject *const *values, guint n,
                   gboolean passing)
{
  guint used = 0;

  for (guint i = 0; i < statement->n_targets; i++)
    {
      const ScriptTarget *target = &statement->targets[i];
      guint takes = target->kind == SCRIPT_TARGET_DELETED ? 0 : target->kind == SCRIPT_TARGET_ITEM ? 2 : 1;
      if (used + takes > n)
        return;
      if (target->kind == SCRIPT_TARGET_NAME || target->kind == SCRIPT_TARGET_GLOBAL)
        tell_name (recorder, statement, target, values[used], passing);
      else if (target->kind == SCRIPT_TARGET_ATTRIBUTE)
        tell_attribute (recorder, statement, target, values[used]);
      else if (target->kind == SCRIPT_TARGET_ITEM)
        tell_item (recorder, target->name, values[used], values[used + 1]);
      else
        tell (recorder, statement->function, target->name, NULL, REC_NAME_OWN);
      used += takes;
    }
}

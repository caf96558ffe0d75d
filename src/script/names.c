/* SPDX-License-Identifier: MIT
 *
 * Names are told only when they hold a tensor, or held one until now. */
#include "names.h"

#include "probe.h"
#include "tensor-object.h"

static GHashTable *bound;              /* interned names that hold a tensor → its id */

void
script_names_start (void)
{
  bound = g_hash_table_new (NULL, NULL);
}

void
script_names_finish (void)
{
  g_clear_pointer (&bound, g_hash_table_unref);
}

static void
tell (RecRecorder *recorder, const char *name, PyObject *value)
{
  if (value != NULL && script_tensor_check (value))
    {
      script_probe_touch ();
      g_hash_table_insert (bound, (gpointer) name, GSIZE_TO_POINTER (eng_tensor_get_id (script_tensor_get (value))));
      rec_recorder_name (recorder, name, script_tensor_get (value));
    }
  else if (g_hash_table_remove (bound, name))
    {
      script_probe_touch ();
      rec_recorder_name (recorder, name, NULL);
    }
}

/* obj.__dict__[attribute], or a parameter of a module; borrowed, NULL if neither. */
static PyObject *
attribute_of (PyObject *object, const char *attribute)
{
  PyObject *value = NULL;

  if (script_tensor_check (object) || PyType_Check (object) || PyModule_Check (object))
    return NULL;
  PyObject *dict = PyObject_GenericGetDict (object, NULL);
  if (dict != NULL && PyDict_Check (dict))
    {
      value = PyDict_GetItemString (dict, attribute);
      PyObject *parameters = value == NULL ? PyDict_GetItemString (dict, "_parameters") : NULL;
      if (parameters != NULL && PyDict_Check (parameters))
        value = PyDict_GetItemString (parameters, attribute);
    }
  PyErr_Clear ();
  Py_XDECREF (dict);
  return value;
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
    tell (recorder, g_intern_string (PyUnicode_AsUTF8 (text)), value);
  PyErr_Clear ();
  Py_XDECREF (text);
}

static gboolean
has_id (gpointer name, gpointer id, gpointer wanted)
{
  return id == wanted;
}

void
script_names_tell_arguments (RecRecorder *recorder, const ScriptStatement *statement, PyObject *const *values, guint n)
{
  for (guint i = 0; i < MIN (statement->n_targets, n); i++)
    {
      if (!script_tensor_check (values[i]))
        continue;
      gpointer id = GSIZE_TO_POINTER (eng_tensor_get_id (script_tensor_get (values[i])));
      if (g_hash_table_find (bound, has_id, id) == NULL)
        tell (recorder, statement->targets[i].name, values[i]);
    }
}

void
script_names_tell (RecRecorder *recorder, const ScriptStatement *statement, PyObject *const *values, guint n)
{
  guint used = 0;

  for (guint i = 0; i < statement->n_targets; i++)
    {
      const ScriptTarget *target = &statement->targets[i];
      guint takes = target->kind == SCRIPT_TARGET_DELETED ? 0 : target->kind == SCRIPT_TARGET_ITEM ? 2 : 1;
      if (used + takes > n)
        return;
      if (target->kind == SCRIPT_TARGET_NAME)
        tell (recorder, target->name, values[used]);
      else if (target->kind == SCRIPT_TARGET_ATTRIBUTE)
        tell (recorder, target->name, attribute_of (values[used], target->attribute));
      else if (target->kind == SCRIPT_TARGET_ITEM)
        tell_item (recorder, target->name, values[used], values[used + 1]);
      else
        tell (recorder, target->name, NULL);
      used += takes;
    }
}

/* SPDX-License-Identifier: MIT
 *
 * Objects are remembered by weak references, so that another one at the same address
 * never takes over a name. */
#include "adopt.h"

#include "tensor-object.h"

#include <string.h>

#define MOST_DEPTH 4
#define MOST_ITEMS 64
#define MOST_VISITS 256
#define LONGEST_PATH 64

typedef struct { PyObject *reference; const char *name; } Owner;
typedef struct { ScriptAdoptFunc func; gpointer data; guint n_visits; } Search;

static GHashTable *owners;             /* PyObject → Owner */

static void
free_owner (gpointer data)
{
  Owner *owner = data;
  Py_DECREF (owner->reference);
  g_free (owner);
}

void
script_adopt_start (void)
{
  owners = g_hash_table_new_full (NULL, NULL, NULL, free_owner);
}

void
script_adopt_finish (void)
{
  g_clear_pointer (&owners, g_hash_table_unref);
}

const char *
script_adopt_get_name (PyObject *object)
{
  const Owner *owner = g_hash_table_lookup (owners, object);
  return owner != NULL && PyWeakref_GetObject (owner->reference) == object ? owner->name : NULL;
}

/* The first name stays. */
static void
remember (PyObject *object, const char *path)
{
  PyObject *reference = script_adopt_get_name (object) == NULL ? PyWeakref_NewRef (object, NULL) : NULL;

  if (reference == NULL)
    {
      PyErr_Clear ();
      return;
    }
  Owner *owner = g_new (Owner, 1);
  *owner = (Owner) { reference, g_intern_string (path) };
  g_hash_table_insert (owners, object, owner);
}

/* A new reference to the __dict__ of an instance; NULL: nothing to be looked into. */
static PyObject *
get_dict (PyObject *object)
{
  PyObject *dict = NULL;

  if (!script_tensor_check (object) && !PyType_Check (object) && !PyModule_Check (object) && !PyFunction_Check (object))
    dict = PyObject_GenericGetDict (object, NULL);
  PyErr_Clear ();
  if (dict != NULL && !PyDict_Check (dict))
    Py_CLEAR (dict);
  return dict;
}

PyObject *
script_adopt_get_attribute (PyObject *object, const char *attribute)
{
  PyObject *dict = get_dict (object), *value = NULL;

  if (dict != NULL)
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

/* Of things that hold no tensors there are many. */
static gboolean
is_plain (PyObject *value)
{
  return value == Py_None || PyLong_Check (value) || PyFloat_Check (value) || PyUnicode_Check (value)
         || PyBytes_Check (value) || PyFunction_Check (value) || PyCFunction_Check (value);
}

static void visit (Search *search, PyObject *value, const char *path, gboolean is_item, guint depth);

static void
visit_sequence (Search *search, PyObject *list, const char *path, guint depth)
{
  Py_ssize_t n = MIN (PySequence_Fast_GET_SIZE (list), MOST_ITEMS);

  for (Py_ssize_t k = 0; k < n && k < PySequence_Fast_GET_SIZE (list); k++)
    {
      PyObject *item = PySequence_Fast_GET_ITEM (list, k);
      if (is_plain (item))
        continue;
      g_autofree char *inner = g_strdup_printf ("%s[%zd]", path, k);
      visit (search, item, inner, TRUE, depth);
    }
}

static void
visit_dict (Search *search, PyObject *dict, const char *path, guint depth)
{
  PyObject *key, *item;
  Py_ssize_t at = 0;

  for (guint k = 0; k < MOST_ITEMS && PyDict_Next (dict, &at, &key, &item); k++)
    {
      if (is_plain (item) || (!PyUnicode_CheckExact (key) && !PyLong_CheckExact (key)))
        continue;
      PyObject *text = PyUnicode_FromFormat ("%s[%R]", path, key);
      const char *inner = text != NULL ? PyUnicode_AsUTF8 (text) : NULL;
      if (inner != NULL)
        visit (search, item, inner, TRUE, depth);
      PyErr_Clear ();
      Py_XDECREF (text);
    }
}

/* Attributes; those of a module's parameters, buffers and modules as if they were its own. */
static void
visit_attributes (Search *search, PyObject *dict, const char *path, gboolean is_item, guint depth)
{
  PyObject *key, *item;
  Py_ssize_t at = 0;

  while (search->n_visits < MOST_VISITS && PyDict_Next (dict, &at, &key, &item))
    {
      const char *name = PyUnicode_CheckExact (key) ? PyUnicode_AsUTF8 (key) : NULL;
      if (name == NULL || is_plain (item))
        {
          PyErr_Clear ();
          continue;
        }
      if (PyDict_Check (item) && (g_str_equal (name, "_parameters") || g_str_equal (name, "_buffers")
                                  || g_str_equal (name, "_modules")))
        visit_attributes (search, item, path, is_item, depth);
      else if (*name != '_')
        {
          g_autofree char *inner = g_strdup_printf ("%s.%s", path, name);
          visit (search, item, inner, is_item, depth);
        }
    }
}

static void
visit (Search *search, PyObject *value, const char *path, gboolean is_item, guint depth)
{
  if (search->n_visits++ >= MOST_VISITS || depth > MOST_DEPTH || strlen (path) > LONGEST_PATH)
    return;
  if (script_tensor_check (value))
    {
      search->func (path, is_item, value, search->data);
      return;
    }
  if (PyList_CheckExact (value) || PyTuple_CheckExact (value))
    visit_sequence (search, value, path, depth + 1);
  else if (PyDict_CheckExact (value))
    visit_dict (search, value, path, depth + 1);
  else
    {
      PyObject *dict = get_dict (value);
      if (dict == NULL)
        return;
      remember (value, path);
      visit_attributes (search, dict, path, is_item, depth + 1);
      Py_DECREF (dict);
    }
}

void
script_adopt (PyObject *value, const char *name, ScriptAdoptFunc func, gpointer data)
{
  Search search = { func, data, 0 };

  if (!is_plain (value))
    visit (&search, value, name, FALSE, 0);
}

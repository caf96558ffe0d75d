/* SPDX-License-Identifier: MIT
 *
 * Named tuples made on first use, one type per operation name, kept for good. */
#include "named-result.h"

static GHashTable *types;              /* name → PyTypeObject */

/* The names after "Tensor" in the schema's result list; FALSE when some are missing. */
static gboolean
read_field_names (const char *schema, PyStructSequence_Field *fields, guint n)
{
  const char *arrow = strstr (schema, "-> (");

  if (arrow == NULL)
    return FALSE;
  g_auto (GStrv) parts = g_strsplit_set (arrow + 4, ",)", -1);
  for (guint i = 0; i < n; i++)
    {
      if (parts[i] == NULL)
        return FALSE;
      const char *space = strrchr (g_strstrip (parts[i]), ' ');
      if (space == NULL)
        return FALSE;
      fields[i].name = g_intern_string (space + 1);
    }
  return TRUE;
}

/* torch.return_types.max(\nvalues=…,\nindices=…) */
static PyObject *
named_result_repr (PyObject *self)
{
  PyObject *fields = PyObject_GetAttrString ((PyObject *) Py_TYPE (self), "__match_args__");
  PyObject *text = fields != NULL ? PyUnicode_FromFormat ("%s(\n", Py_TYPE (self)->tp_name) : NULL;

  for (Py_ssize_t i = 0; text != NULL && i < PyTuple_GET_SIZE (fields); i++)
    {
      gboolean last = i + 1 == PyTuple_GET_SIZE (fields);
      PyObject *longer = PyUnicode_FromFormat ("%U%U=%R%s", text, PyTuple_GET_ITEM (fields, i),
                                               PyStructSequence_GetItem (self, i), last ? ")" : ",\n");
      Py_SETREF (text, longer);
    }
  Py_XDECREF (fields);
  return text;
}

static PyTypeObject *
type_for (const char *name, const char *schema, guint n)
{
  if (types == NULL)
    types = g_hash_table_new (g_str_hash, g_str_equal);
  PyTypeObject *type = g_hash_table_lookup (types, name);
  if (type != NULL)
    return type;
  PyStructSequence_Field fields[ENG_MAX_OUTPUTS + 1] = { { NULL } };
  if (!read_field_names (schema, fields, n))
    return NULL;
  char *full_name = g_strconcat ("torch.return_types.", name, NULL);
  PyStructSequence_Desc desc = { full_name, NULL, fields, (int) n };
  type = PyStructSequence_NewType (&desc);
  g_free (full_name);
  if (type != NULL)
    type->tp_repr = named_result_repr;
  if (type != NULL)
    g_hash_table_insert (types, (gpointer) g_intern_string (name), type);
  return type;
}

PyObject *
script_named_result_new (const char *name, const char *schema, PyObject *const *items, guint n)
{
  PyTypeObject *type = type_for (name, schema, n);
  PyObject *result = type != NULL ? PyStructSequence_New (type) : PyErr_Occurred () ? NULL : PyTuple_New (n);

  if (result == NULL)
    return NULL;
  for (guint i = 0; i < n; i++)
    if (type != NULL)
      PyStructSequence_SetItem (result, i, Py_NewRef (items[i]));
    else
      PyTuple_SET_ITEM (result, i, Py_NewRef (items[i]));
  return result;
}

/* SPDX-License-Identifier: MIT
 *
 * See statements.h. Strings are interned, because names repeat at every statement
 * of a loop and are compared by address. */
#include "statements.h"

#include "script.h"

static GPtrArray *statements;          /* of ScriptStatement, each at its own place for the whole run: open
                                        * probes point to them while an import registers more */
static GPtrArray *files;               /* interned paths; 0 is the script itself */

const ScriptStatement *
script_statement_get (guint number)
{
  if (statements == NULL || number >= statements->len)
    return NULL;
  return g_ptr_array_index (statements, number);
}

const char *
script_statements_get_file (guint file)
{
  return files != NULL && file < files->len ? g_ptr_array_index (files, file) : NULL;
}

static void
free_statement (gpointer data)
{
  ScriptStatement *statement = data;
  g_free (statement->targets);
  g_free (statement);
}

guint
script_find_line (guint line)
{
  guint holding = 0, next = 0;

  for (guint i = 0; statements != NULL && i < statements->len; i++)
    {
      const ScriptStatement *statement = g_ptr_array_index (statements, i);

      if (statement->file != 0)
        continue;
      if (statement->line <= line && line <= statement->end_line)
        holding = MAX (holding, statement->line);
      else if (statement->line > line && (next == 0 || statement->line < next))
        next = statement->line;
    }
  return holding != 0 ? holding : next;
}

void
script_statements_clear (void)
{
  g_clear_pointer (&statements, g_ptr_array_unref);
  g_clear_pointer (&files, g_ptr_array_unref);
}

PyObject *
script_statements_register_file (PyObject *module, PyObject *path)
{
  const char *text = PyUnicode_AsUTF8 (path);
  if (text == NULL)
    return NULL;
  if (files == NULL)
    files = g_ptr_array_new ();
  g_ptr_array_add (files, (gpointer) g_intern_string (text));
  return PyLong_FromUnsignedLong (files->len - 1);
}

static gboolean
read_target (PyObject *item, ScriptTarget *target)
{
  int kind;
  const char *name, *attribute;

  if (!PyArg_ParseTuple (item, "iss", &kind, &name, &attribute))
    return FALSE;
  *target = (ScriptTarget) { (ScriptTargetKind) kind, g_intern_string (name), g_intern_string (attribute) };
  return TRUE;
}

/* What is read goes into statement, which the caller frees whatever comes of it. */
static gboolean
read_statement (PyObject *item, guint file, ScriptStatement *statement)
{
  PyObject *targets;
  const char *label;

  statement->file = file;
  guint (*branches)[2] = statement->branches;
  if (!PyArg_ParseTuple (item, "IIIIsO!|IIIIp", &statement->function, &statement->line, &statement->end_line,
                         &statement->depth, &label, &PyList_Type, &targets, &branches[0][0], &branches[0][1],
                         &branches[1][0], &branches[1][1], &statement->leaves))
    return FALSE;
  statement->label = g_intern_string (label);
  statement->n_targets = (guint) PyList_GET_SIZE (targets);
  statement->targets = g_new0 (ScriptTarget, statement->n_targets);
  for (guint i = 0; i < statement->n_targets; i++)
    if (!read_target (PyList_GET_ITEM (targets, i), &statement->targets[i]))
      return FALSE;
  return TRUE;
}

PyObject *
script_statements_register (PyObject *module, PyObject *args)
{
  unsigned int file;
  PyObject *list;

  if (!PyArg_ParseTuple (args, "IO!:register_statements", &file, &PyList_Type, &list))
    return NULL;
  if (statements == NULL)
    statements = g_ptr_array_new_with_free_func (free_statement);
  guint first = statements->len;
  for (Py_ssize_t i = 0; i < PyList_GET_SIZE (list); i++)
    {
      ScriptStatement *statement = g_new0 (ScriptStatement, 1);
      g_ptr_array_add (statements, statement);
      if (!read_statement (PyList_GET_ITEM (list, i), file, statement))
        return NULL;
      statement->number = statements->len - 1;
    }
  return PyLong_FromUnsignedLong (first);
}

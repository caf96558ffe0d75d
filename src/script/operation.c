/* SPDX-License-Identifier: MIT
 *
 * The table of operations by Python name, and the call of one: parse, go through
 * the engine's door, wrap what comes out. Hidden cards (backward kernels) are not
 * in the table. The engine's thread, GIL held. */
#include "operation.h"

#include "errors.h"
#include "named-result.h"
#include "probe.h"
#include "tensor-object.h"

static GHashTable *table;              /* name → ScriptOperation */

static void
add_overload (const EngSignature *signature, const EngOp *op, const EngComposite *composite, guint flags)
{
  ScriptOperation *operation = g_hash_table_lookup (table, signature->name);

  if (operation == NULL)
    {
      operation = g_new0 (ScriptOperation, 1);
      operation->name = signature->name;
      g_hash_table_insert (table, signature->name, operation);
    }
  g_assert (signature->n_params <= SCRIPT_MAX_PARAMS);
  operation->overloads = g_renew (ScriptOverload, operation->overloads, operation->n + 1);
  operation->overloads[operation->n++] = (ScriptOverload) { signature, op, composite, flags };
}

void
script_operations_init (void)
{
  guint n_ops = 0, n_composites = 0;
  const EngOp *const *ops = eng_op_list (&n_ops);
  const EngComposite *const *composites = eng_composite_list (&n_composites);

  if (table != NULL)
    return;
  table = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < n_ops; i++)
    if (!(ops[i]->flags & ENG_OP_HIDDEN))
      add_overload (eng_op_get_signature (ops[i]), ops[i], NULL, ops[i]->flags);
  for (guint i = 0; i < n_composites; i++)
    add_overload (eng_composite_get_signature (composites[i]), NULL, composites[i], composites[i]->flags);
}

const ScriptOperation *
script_operation_lookup (const char *name)
{
  return g_hash_table_lookup (table, name);
}

const ScriptOperation *
script_operation_require (const char *name)
{
  const ScriptOperation *operation = script_operation_lookup (name);
  if (operation == NULL)
    PyErr_Format (PyExc_NotImplementedError, "%s is not in Tapedeck's torch yet", name);
  return operation;
}

static PyObject *
wrap_outputs (const ScriptOverload *overload, EngTensor **outputs)
{
  guint n = overload->signature->n_outputs;

  if (n == 1)
    return script_tensor_wrap (outputs[0]);
  PyObject *items[ENG_MAX_OUTPUTS];
  gboolean failed = FALSE;
  for (guint i = 0; i < n; i++)
    {
      items[i] = script_tensor_wrap (outputs[i]);
      failed = failed || items[i] == NULL;
    }
  const char *schema = overload->op != NULL ? overload->op->signature : overload->composite->signature;
  PyObject *result = failed ? NULL : script_named_result_new (overload->signature->name, schema, items, n);
  for (guint i = 0; i < n; i++)
    Py_XDECREF (items[i]);
  return result;
}

static PyObject *
run (const ScriptOverload *overload, const EngValue *values, const char *written)
{
  EngTensor *outputs[ENG_MAX_OUTPUTS] = { NULL };
  GError *error = NULL;

  if (!script_probe_begin_operation ())
    return NULL;
  if (written != NULL)
    eng_call_set_written (written);
  gboolean done = overload->op != NULL ? eng_call (overload->op, values, outputs, &error)
                                       : overload->composite->run (values, outputs, &error);
  if (!done)
    {
      eng_call_set_written (NULL);
      return script_raise (error);
    }
  return wrap_outputs (overload, outputs);
}

static PyObject *
run_inplace (const ScriptOverload *overload, const EngValue *values, const char *written)
{
  GError *error = NULL;

  if (!script_probe_begin_operation ())
    return NULL;
  if (written != NULL)
    eng_call_set_written (written);
  EngTensor *result = eng_call_inplace (overload->op, values, &error);
  if (result != NULL)
    return script_tensor_wrap (result);
  eng_call_set_written (NULL);
  return script_raise (error);
}

PyObject *
script_operation_cast (PyObject *tensor, EngDtype dtype)
{
  EngValue values[] = { { ENG_VALUE_TENSOR, { .tensor = script_tensor_get (tensor) } },
                        { ENG_VALUE_DTYPE, { .dtype = dtype } } };
  const EngOp *op = eng_op_lookup ("_to_copy");
  ScriptOverload overload = { eng_op_get_signature (op), op, NULL, op->flags };
  return run (&overload, values, "to");
}

/* NULL without an exception when nothing fits. */
static PyObject *
call_first_fit (const ScriptOperation *operation, const ScriptCallArgs *call, gboolean in_place, const char *written)
{
  ScriptArguments arguments;
  ScriptFit fit;

  for (guint i = 0; i < operation->n; i++)
    {
      const ScriptOverload *overload = &operation->overloads[i];
      if (in_place && !(overload->flags & ENG_OP_INPLACE_TWIN))
        continue;
      if (script_arguments_parse (overload->signature, call, &arguments, &fit))
        return in_place ? run_inplace (overload, arguments.values, written)
                        : run (overload, arguments.values, written);
      if (fit.fitness == SCRIPT_RAISED)
        return NULL;
    }
  return NULL;
}

static void
raise_no_fit (const ScriptOperation *operation, const ScriptCallArgs *call, gboolean in_place)
{
  const EngSignature *signatures[32];
  guint n = 0;
  char *name = g_strconcat (operation->name, in_place ? "_" : "", NULL);

  for (guint i = 0; i < operation->n && n < G_N_ELEMENTS (signatures); i++)
    if (!in_place || (operation->overloads[i].flags & ENG_OP_INPLACE_TWIN))
      signatures[n++] = operation->overloads[i].signature;
  script_arguments_raise (name, signatures, n, call);
  g_free (name);
}

PyObject *
script_operation_call (const ScriptOperation *operation, const ScriptCallArgs *call, const char *written)
{
  PyObject *result = call_first_fit (operation, call, FALSE, written);
  if (result == NULL && !PyErr_Occurred ())
    raise_no_fit (operation, call, FALSE);
  return result;
}

PyObject *
script_operation_call_inplace (const ScriptOperation *operation, const ScriptCallArgs *call, const char *written)
{
  PyObject *result = call_first_fit (operation, call, TRUE, written);
  if (result == NULL && !PyErr_Occurred ())
    raise_no_fit (operation, call, TRUE);
  return result;
}

PyObject *
script_operation_call_operator (const ScriptOperation *operation, PyObject *a, PyObject *b, gboolean in_place,
                                const char *written)
{
  PyObject *args[2] = { a, b };
  ScriptCallArgs call = { args, b != NULL ? 2 : 1, NULL, TRUE };

  if (operation == NULL)
    Py_RETURN_NOTIMPLEMENTED;
  PyObject *result = call_first_fit (operation, &call, in_place, written);
  if (result == NULL && !PyErr_Occurred ())
    Py_RETURN_NOTIMPLEMENTED;
  return result;
}

PyObject *
script_operation_call_swapped (const ScriptOperation *operation, PyObject *a, PyObject *b,
                               const char *written)
{
  eng_call_set_swapped (TRUE);
  PyObject *result = script_operation_call_operator (operation, a, b, FALSE, written);
  eng_call_set_swapped (FALSE);
  return result;
}

PyObject *
script_operation_call_named (const char *name, const char *written, ...)
{
  const ScriptOperation *operation = script_operation_require (name);
  PyObject *args[8], *arg;
  gsize n = 0;
  va_list list;

  va_start (list, written);
  while ((arg = va_arg (list, PyObject *)) != NULL && n < G_N_ELEMENTS (args))
    args[n++] = arg;
  va_end (list);
  if (operation == NULL)
    return NULL;
  ScriptCallArgs call = { args, n, NULL, TRUE };
  return script_operation_call (operation, &call, written);
}

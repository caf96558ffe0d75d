/* SPDX-License-Identifier: MIT
 *
 * Python's operators on tensors. Each is one operation of the table, called with
 * the sign the student wrote; number − tensor and number / tensor become what
 * PyTorch makes of them (rsub; reciprocal, then mul), so that the graph has the
 * same nodes. Operands that do not fit give NotImplemented: Python then says
 * "unsupported operand type(s)". */
#include "errors.h"
#include "operation.h"
#include "tensor-convert.h"
#include "tensor-object.h"

/* Operations are looked up once; the table never changes after script_init (). */
#define OPERATION(name)                                                          \
  ({                                                                             \
    static const ScriptOperation *operation;                                     \
    if (G_UNLIKELY (operation == NULL))                                          \
      operation = script_operation_lookup (name);                                \
    operation;                                                                   \
  })

/* a op b where op has the same card either way round (add, mul, bitwise). */
static PyObject *
commutative (const ScriptOperation *operation, PyObject *a, PyObject *b, const char *written)
{
  if (!script_tensor_check (a))
    return script_operation_call_swapped (operation, b, a, written);
  return script_operation_call_operator (operation, a, b, FALSE, written);
}

static PyObject *
number_add (PyObject *a, PyObject *b)
{
  return commutative (OPERATION ("add"), a, b, "+");
}

static PyObject *
number_multiply (PyObject *a, PyObject *b)
{
  return commutative (OPERATION ("mul"), a, b, "*");
}

static PyObject *
number_subtract (PyObject *a, PyObject *b)
{
  if (!script_tensor_check (a))
    return script_operation_call_swapped (OPERATION ("rsub"), b, a, "-");
  return script_operation_call_operator (OPERATION ("sub"), a, b, FALSE, "-");
}

static PyObject *
number_true_divide (PyObject *a, PyObject *b)
{
  if (script_tensor_check (a))
    return script_operation_call_operator (OPERATION ("div"), a, b, FALSE, "/");
  PyObject *reciprocal = script_operation_call_operator (OPERATION ("reciprocal"), b, NULL, FALSE, "1 /");
  if (reciprocal == NULL || reciprocal == Py_NotImplemented)
    return reciprocal;
  PyObject *result = script_operation_call_swapped (OPERATION ("mul"), reciprocal, a, "*");
  Py_DECREF (reciprocal);
  return result;
}

/* A number as a 0-d tensor that does not raise the dtype of like (unless by its
 * kind): how PyTorch lets a number stand before // and %. NULL with no exception
 * when it is none. */
static PyObject *
wrap_number (PyObject *number, EngTensor *like)
{
  EngDtype dtype = eng_tensor_get_dtype (like);
  EngCategory category = eng_dtype_category (dtype);
  GError *error = NULL;

  if (!PyLong_Check (number) && !PyFloat_Check (number))
    return NULL;
  if (PyFloat_Check (number) && category < ENG_CATEGORY_FLOATING)
    dtype = eng_get_default_dtype ();
  else if (!PyBool_Check (number) && category < ENG_CATEGORY_INTEGER)
    dtype = ENG_INT64;
  gint64 integer = PyLong_Check (number) ? PyLong_AsLongLong (number) : 0;
  if (PyErr_Occurred ())
    return NULL;
  EngTensor *tensor = eng_tensor_new (dtype, 0, NULL, &error);
  if (tensor == NULL)
    return script_raise (error);
  if (dtype == ENG_INT64)
    *(gint64 *) eng_tensor_get_data (tensor) = integer;
  else
    eng_tensor_set_double (tensor, 0, PyFloat_Check (number) ? PyFloat_AS_DOUBLE (number) : (double) integer);
  return script_tensor_wrap (tensor);
}

static PyObject *
number_first (const ScriptOperation *operation, PyObject *a, PyObject *b, const char *written)
{
  if (script_tensor_check (a))
    return script_operation_call_operator (operation, a, b, FALSE, written);
  PyObject *wrapped = wrap_number (a, script_tensor_get (b));
  if (wrapped == NULL)
    return PyErr_Occurred () != NULL ? NULL : Py_NewRef (Py_NotImplemented);
  PyObject *result = script_operation_call_operator (operation, wrapped, b, FALSE, written);
  Py_DECREF (wrapped);
  return result;
}

/* Operations whose cards say themselves what may stand first: pow, matmul, shifts. */
static PyObject *
either_way (const ScriptOperation *operation, PyObject *a, PyObject *b, const char *written)
{
  return script_operation_call_operator (operation, a, b, FALSE, written);
}

static PyObject *
number_floor_divide (PyObject *a, PyObject *b)
{
  return number_first (OPERATION ("floor_divide"), a, b, "//");
}

static PyObject *
number_remainder (PyObject *a, PyObject *b)
{
  return number_first (OPERATION ("remainder"), a, b, "%");
}

static PyObject *
number_power (PyObject *a, PyObject *b, PyObject *modulus)
{
  if (modulus != Py_None)
    Py_RETURN_NOTIMPLEMENTED;
  return either_way (OPERATION ("pow"), a, b, "**");
}

static PyObject *
number_matmul (PyObject *a, PyObject *b)
{
  return either_way (OPERATION ("matmul"), a, b, "@");
}

static PyObject *
number_and (PyObject *a, PyObject *b)
{
  return commutative (OPERATION ("bitwise_and"), a, b, "&");
}

static PyObject *
number_or (PyObject *a, PyObject *b)
{
  return commutative (OPERATION ("bitwise_or"), a, b, "|");
}

static PyObject *
number_xor (PyObject *a, PyObject *b)
{
  return commutative (OPERATION ("bitwise_xor"), a, b, "^");
}

static PyObject *
number_lshift (PyObject *a, PyObject *b)
{
  return either_way (OPERATION ("bitwise_left_shift"), a, b, "<<");
}

static PyObject *
number_rshift (PyObject *a, PyObject *b)
{
  return either_way (OPERATION ("bitwise_right_shift"), a, b, ">>");
}

static PyObject *
number_invert (PyObject *a)
{
  return script_operation_call_named ("bitwise_not", "~", a, NULL);
}

static PyObject *
number_negative (PyObject *a)
{
  return script_operation_call_named ("neg", "-", a, NULL);
}

static PyObject *
number_positive (PyObject *a)
{
  return Py_NewRef (a);
}

static PyObject *
number_absolute (PyObject *a)
{
  return script_operation_call_named ("abs", "abs", a, NULL);
}

static PyObject *
inplace_add (PyObject *a, PyObject *b)
{
  return script_operation_call_operator (OPERATION ("add"), a, b, TRUE, "+=");
}

static PyObject *
inplace_subtract (PyObject *a, PyObject *b)
{
  return script_operation_call_operator (OPERATION ("sub"), a, b, TRUE, "-=");
}

static PyObject *
inplace_multiply (PyObject *a, PyObject *b)
{
  return script_operation_call_operator (OPERATION ("mul"), a, b, TRUE, "*=");
}

static PyObject *
inplace_true_divide (PyObject *a, PyObject *b)
{
  return script_operation_call_operator (OPERATION ("div"), a, b, TRUE, "/=");
}

static PyObject *
inplace_floor_divide (PyObject *a, PyObject *b)
{
  return script_operation_call_operator (OPERATION ("floor_divide"), a, b, TRUE, "//=");
}

static PyObject *
inplace_remainder (PyObject *a, PyObject *b)
{
  return script_operation_call_operator (OPERATION ("remainder"), a, b, TRUE, "%=");
}

static PyObject *
inplace_and (PyObject *a, PyObject *b)
{
  return script_operation_call_operator (OPERATION ("bitwise_and"), a, b, TRUE, "&=");
}

static PyObject *
inplace_or (PyObject *a, PyObject *b)
{
  return script_operation_call_operator (OPERATION ("bitwise_or"), a, b, TRUE, "|=");
}

static PyObject *
inplace_xor (PyObject *a, PyObject *b)
{
  return script_operation_call_operator (OPERATION ("bitwise_xor"), a, b, TRUE, "^=");
}

static PyObject *
inplace_lshift (PyObject *a, PyObject *b)
{
  return script_operation_call_operator (OPERATION ("bitwise_left_shift"), a, b, TRUE, "<<=");
}

static PyObject *
inplace_rshift (PyObject *a, PyObject *b)
{
  return script_operation_call_operator (OPERATION ("bitwise_right_shift"), a, b, TRUE, ">>=");
}

static PyObject *
inplace_power (PyObject *a, PyObject *b, PyObject *modulus)
{
  return script_operation_call_operator (OPERATION ("pow"), a, b, TRUE, "**=");
}

PyNumberMethods script_tensor_as_number = {
  .nb_add = number_add,
  .nb_subtract = number_subtract,
  .nb_multiply = number_multiply,
  .nb_true_divide = number_true_divide,
  .nb_floor_divide = number_floor_divide,
  .nb_remainder = number_remainder,
  .nb_power = number_power,
  .nb_matrix_multiply = number_matmul,
  .nb_negative = number_negative,
  .nb_positive = number_positive,
  .nb_absolute = number_absolute,
  .nb_invert = number_invert,
  .nb_and = number_and,
  .nb_or = number_or,
  .nb_xor = number_xor,
  .nb_lshift = number_lshift,
  .nb_rshift = number_rshift,
  .nb_bool = script_tensor_bool,
  .nb_float = script_tensor_float,
  .nb_int = script_tensor_int,
  .nb_index = script_tensor_as_index,
  .nb_inplace_add = inplace_add,
  .nb_inplace_subtract = inplace_subtract,
  .nb_inplace_multiply = inplace_multiply,
  .nb_inplace_true_divide = inplace_true_divide,
  .nb_inplace_floor_divide = inplace_floor_divide,
  .nb_inplace_remainder = inplace_remainder,
  .nb_inplace_power = inplace_power,
  .nb_inplace_and = inplace_and,
  .nb_inplace_or = inplace_or,
  .nb_inplace_xor = inplace_xor,
  .nb_inplace_lshift = inplace_lshift,
  .nb_inplace_rshift = inplace_rshift,
};

PyObject *
script_tensor_richcompare (PyObject *a, PyObject *b, int operation)
{
  static const char *const names[] = { "lt", "le", "eq", "ne", "gt", "ge" };
  static const char *const signs[] = { "<", "<=", "==", "!=", ">", ">=" };
  static const ScriptOperation *operations[G_N_ELEMENTS (names)];
  G_STATIC_ASSERT (Py_LT == 0 && Py_LE == 1 && Py_EQ == 2 && Py_NE == 3 && Py_GT == 4 && Py_GE == 5);

  if (operations[operation] == NULL)
    operations[operation] = script_operation_lookup (names[operation]);
  return script_operation_call_operator (operations[operation], a, b, FALSE, signs[operation]);
}

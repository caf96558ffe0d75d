/* SPDX-License-Identifier: MIT
 *
 * The schema parser: what it understands, that it refuses everything else with a
 * place, and how arguments are written back. */
#include <math.h>
#include <string.h>

#include "test-helpers.h"

static void
test_parse (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EngSignature) s = eng_signature_parse (
    "sum.dim(Tensor self, int[1]? dim, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (s->name, ==, "sum");
  g_assert_cmpstr (s->overload, ==, "dim");
  g_assert_cmpuint (s->n_params, ==, 4);
  g_assert_cmpuint (s->n_tensor_params, ==, 1);
  g_assert_cmpuint (s->n_outputs, ==, 1);
  g_assert_cmpint (s->params[1].type, ==, ENG_PARAM_INTS);
  g_assert_true (s->params[1].single_int && s->params[1].optional && !s->params[1].has_default);
  g_assert_true (s->params[2].has_default && !s->params[2].keyword_only);
  g_assert_cmpint (s->params[2].default_value.kind, ==, ENG_VALUE_BOOL);
  g_assert_true (s->params[3].keyword_only);
  g_assert_cmpint (s->params[3].default_value.kind, ==, ENG_VALUE_NONE);
}

static void
test_types_and_defaults (void)
{
  g_autoptr (EngSignature) s = must (eng_signature_parse (
    "all_(Tensor(a!) self, Tensor? weight=None, Scalar alpha=1, Scalar beta=0.5, float p=2, int n=-3, "
    "int[2] stride=1, int[] dims=[0, 1], str mode='none', ScalarType dtype=float64, Generator? generator=None, "
    "Device? device=None) -> (Tensor values, Tensor indices)", &error));
  g_assert_cmpuint (s->n_outputs, ==, 2);
  g_assert_cmpuint (s->n_tensor_params, ==, 2);
  g_assert_cmpint (s->params[2].default_value.kind, ==, ENG_VALUE_INT);
  g_assert_cmpfloat (s->params[3].default_value.number, ==, 0.5);
  g_assert_cmpint (s->params[4].default_value.kind, ==, ENG_VALUE_FLOAT);
  g_assert_cmpint (s->params[5].default_value.integer, ==, -3);
  g_assert_cmpuint (s->params[6].default_value.ints.n, ==, 1);
  g_assert_cmpint (s->params[7].default_value.ints.items[1], ==, 1);
  g_assert_cmpstr (s->params[8].default_value.string, ==, "none");
  g_assert_cmpint (s->params[9].default_value.dtype, ==, ENG_FLOAT64);
}

static gboolean
has_varargs (const char *text)
{
  g_autoptr (EngSignature) s = must (eng_signature_parse (text, &error));
  for (guint k = 0; k < s->n_params; k++)
    if (s->params[k].varargs)
      return TRUE;
  return FALSE;
}

static void
test_varargs (void)
{
  g_assert_true (has_varargs ("view(Tensor self, int[] size) -> Tensor"));
  g_assert_true (has_varargs ("zeros(int[] size, *, ScalarType? dtype=None) -> Tensor"));
  g_assert_false (has_varargs ("full(int[] size, Scalar fill_value) -> Tensor"));
  g_assert_false (has_varargs ("sum(Tensor self, int[1]? dim) -> Tensor"));
  g_assert_false (has_varargs ("pad(Tensor self, Tensor other, int[] size) -> Tensor"));
}

/* Every one of these must be refused, and every truncation of a good one too
 * (a truncation may be a shorter good one only where the text says so). */
static void
test_malformed (void)
{
  static const char *const bad[] = {
    "", "(", "f", "f(", "f()", "f() ->", "f() -> ", "f() -> tensor", "f(Tensor) -> Tensor", "f(Tensor self",
    "f(Tensor self,) -> Tensor", "f(Tensor self) -> Tensor x", "f(Tensor self) Tensor", "f.(Tensor self) -> Tensor",
    "f(Matrix m) -> Tensor", "f(int n=) -> Tensor", "f(int n=1.5) -> Tensor", "f(int n=x) -> Tensor",
    "f(bool b=1) -> Tensor", "f(str s='open) -> Tensor", "f(int[ d) -> Tensor", "f(int[] d=[1) -> Tensor",
    "f(int[] d=[1 2]) -> Tensor", "f(Tensor a, Tensor a) -> Tensor", "f(int a=1, int b) -> Tensor",
    "f(Tensor a=None) -> Tensor", "f(Tensor? a=1) -> Tensor", "f(bool[] b) -> Tensor", "f(Tensor(a self) -> Tensor",
    "f(Tensor self) -> (Tensor", "f(*, *, int a) -> Tensor", "1f(int a) -> Tensor", "f(ScalarType t=half) -> Tensor",
  };
  for (guint k = 0; k < G_N_ELEMENTS (bad); k++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (EngSignature) s = eng_signature_parse (bad[k], &error);
      g_test_message ("%s", bad[k]);
      g_assert_null (s);
      g_assert_error (error, ENG_ERROR, ENG_ERROR_VALUE);
      g_assert_nonnull (strstr (error->message, "at column"));
    }
  const char *good = "f.out(Tensor(a!) self, int[] d=[0, 1], *, str m='x', bool k=False) -> (Tensor a, Tensor b)";
  for (gsize n = 0; n < strlen (good); n++)
    {
      g_autofree char *part = g_strndup (good, n);
      g_autoptr (GError) error = NULL;
      g_autoptr (EngSignature) s = eng_signature_parse (part, &error);
      g_assert_null (s);
      g_assert_error (error, ENG_ERROR, ENG_ERROR_VALUE);
    }
}

static void
test_format (void)
{
  static const gint64 items[] = { 1, 2 };
  g_autoptr (EngSignature) s = must (eng_signature_parse (
    "f(Tensor self, int[1]? dim, float p=2, bool keepdim=False, *, ScalarType? dtype=None, str mode='mean') -> Tensor",
    &error));
  EngValue args[] = {
    { .kind = ENG_VALUE_TENSOR }, { .kind = ENG_VALUE_INTS, .ints = { items, 1 } },
    { .kind = ENG_VALUE_FLOAT, .number = 0.1 }, { .kind = ENG_VALUE_BOOL, .boolean = TRUE },
    { .kind = ENG_VALUE_DTYPE, .dtype = ENG_INT64 }, { .kind = ENG_VALUE_STRING, .string = "sum" },
  };
  g_autofree char *text = eng_signature_format_params (s, args);
  g_assert_cmpstr (text, ==, "dim=1, p=0.1, keepdim=True, dtype=torch.int64, mode='sum'");
  args[1].ints.n = 2;
  args[2].number = -INFINITY;
  args[3].boolean = FALSE;
  args[4].kind = ENG_VALUE_NONE;
  args[5].string = "mean";
  g_autofree char *two = eng_signature_format_params (s, args);
  g_assert_cmpstr (two, ==, "dim=(1, 2), p=-inf");
  args[2] = (EngValue) { .kind = ENG_VALUE_INT, .integer = 2 };
  args[1].kind = ENG_VALUE_NONE;
  g_autofree char *none = eng_signature_format_params (s, args);
  g_assert_cmpstr (none, ==, "dim=None");
}

/* What a listed card says of itself is found again under its name. */
static void
test_registry (void)
{
  guint n_ops;
  const EngOp *const *ops = eng_op_list (&n_ops);
  g_assert_cmpuint (n_ops, >, 20);
  for (guint k = 0; k < n_ops; k++)
    {
      const EngSignature *s = eng_op_get_signature (ops[k]);
      g_autofree char *name = *s->overload == '\0' ? g_strdup (s->name) : g_strdup_printf ("%s.%s", s->name, s->overload);
      g_assert_true (eng_op_lookup (name) == ops[k]);
      g_assert_cmpuint (eng_op_get_index (ops[k]), ==, k);
    }
  g_assert_null (eng_op_lookup ("no_such_operation"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  eng_init ();
  g_test_add_func ("/signature/parse", test_parse);
  g_test_add_func ("/signature/types-and-defaults", test_types_and_defaults);
  g_test_add_func ("/signature/varargs", test_varargs);
  g_test_add_func ("/signature/malformed", test_malformed);
  g_test_add_func ("/signature/format", test_format);
  g_test_add_func ("/registry/names", test_registry);
  return g_test_run ();
}

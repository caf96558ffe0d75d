/* SPDX-License-Identifier: MIT
 *
 * script_scan: leaves found in the text of a script that is never run. */
#include "script/script.h"

#include <json-glib/json-glib.h>
#include <string.h>

static JsonObject *
scan (const char *source, JsonParser *parser)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *json = script_scan (source, "demo.py");
  json_parser_load_from_data (parser, json, -1, &error);
  g_assert_no_error (error);
  return json_node_get_object (json_parser_get_root (parser));
}

static void
assert_leaf (JsonObject *result, guint k, const char *name, int line, const char *sizes, gboolean requires_grad)
{
  JsonObject *leaf = json_array_get_object_element (json_object_get_array_member (result, "leaves"), k);
  g_autofree char *found = json_to_string (json_object_get_member (leaf, "sizes"), FALSE);

  g_assert_cmpstr (json_object_get_string_member (leaf, "name"), ==, name);
  g_assert_cmpint (json_object_get_int_member (leaf, "line"), ==, line);
  g_assert_cmpstr (found, ==, sizes);
  g_assert_cmpint (json_object_get_boolean_member (leaf, "requires_grad"), ==, requires_grad);
}

static guint
n_leaves (JsonObject *result)
{
  return json_array_get_length (json_object_get_array_member (result, "leaves"));
}

static void
test_demo (void)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autofree char *source = NULL;

  g_assert_true (g_file_get_contents (EXAMPLES "/dynamic_graph.py", &source, NULL, NULL));
  JsonObject *result = scan (source, parser);
  g_assert_cmpint (json_object_get_int_member (result, "first_line"), ==, 4);
  g_assert_cmpuint (n_leaves (result), ==, 4);
  assert_leaf (result, 0, "W_h", 4, "[20,20]", TRUE);
  assert_leaf (result, 1, "W_x", 5, "[20,10]", TRUE);
  assert_leaf (result, 2, "x", 6, "[1,10]", FALSE);
  assert_leaf (result, 3, "prev_h", 7, "[1,20]", FALSE);
  g_assert_false (json_object_has_member (result, "error"));
}

static void
assert_statement (JsonObject *result, guint k, gint64 line, const char *does, gint64 then)
{
  JsonObject *one = json_array_get_object_element (json_object_get_array_member (result, "statements"), k);

  g_assert_cmpint (json_object_get_int_member (one, "line"), ==, line);
  g_assert_cmpstr (json_object_get_string_member_with_default (one, "does", NULL), ==, does);
  g_assert_cmpint (json_object_get_int_member_with_default (one, "then", 0), ==, then);
}

/* What each line will do, in words; lines that can do nothing to tensors name the one after them. */
static void
test_statements (void)
{
  static const struct
  {
    int line;
    const char *does;
    int then;
  } expected[] = {
    { 1, NULL, 2 },
    { 2, NULL, 6 },
    { 4, "makes what f returns", 0 },
    { 6, NULL, 7 },
    { 7, "creates w", 0 },
    { 8, "makes a and b", 0 },
    { 9, "sets w.grad", 0 },
    { 10, "begins the loop", 0 },
    { 11, "decides which way to go", 0 },
    { 12, "changes w", 0 },
    { 13, "calls print()", 0 },
    { 14, "enters torch.no_grad()", 0 },
    { 15, NULL, 0 },
    { 16, NULL, 0 },
  };
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonObject *result = scan ("import torch\n"
                             "@torch.no_grad()\n"
                             "def f(v):\n"
                             "    return v.tanh()\n"
                             "\n"
                             "n, m = 2, -3\n"
                             "w = torch.ones(2, requires_grad=True)\n"
                             "a, b = f(w), 1\n"
                             "w.grad = None\n"
                             "for i in range(2):\n"
                             "    if a.sum() > 0:\n"
                             "        w += 1\n"
                             "    print(w)\n"
                             "with torch.no_grad():\n"
                             "    pass\n"
                             "print(a).nothing_that_could_be_said_in_a_few_words_of_this_text(w)\n",
                             parser);

  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (result, "statements")), ==,
                    G_N_ELEMENTS (expected));
  for (guint k = 0; k < G_N_ELEMENTS (expected); k++)
    assert_statement (result, k, expected[k].line, expected[k].does, expected[k].then);
}

static void
test_forms (void)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonObject *result = scan ("import torch as T\n"
                             "from torch import ones\n"
                             "n, m = 2, 3\n"
                             "a = T.zeros((n, m * 2))\n"
                             "b: object = ones(n + 1, requires_grad=False)\n"
                             "c = T.tensor([[1, -2.5], [3, 4]], requires_grad=True)\n"
                             "d, e = T.eye(3), T.arange(0, 10, 3)\n"
                             "f = T.full(size=(2,), fill_value=1.0).requires_grad_()\n"
                             "g = T.randn(unknown)\n"
                             "h = other.randn(2)\n"
                             "i = 1 / 0\n"
                             "def inside():\n    k = T.ones(2)\n",
                             parser);
  g_assert_cmpint (json_object_get_int_member (result, "first_line"), ==, 4);
  g_assert_cmpuint (n_leaves (result), ==, 6);
  assert_leaf (result, 0, "a", 4, "[2,6]", FALSE);
  assert_leaf (result, 1, "b", 5, "[3]", FALSE);
  assert_leaf (result, 2, "c", 6, "[2,2]", TRUE);
  assert_leaf (result, 3, "d", 7, "[3,3]", FALSE);
  assert_leaf (result, 4, "e", 7, "[4]", FALSE);
  assert_leaf (result, 5, "f", 8, "[2]", TRUE);
}

/* The names of the leaves in the order of their places. */
static char *
dup_order (const char *source)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonArray *leaves = json_object_get_array_member (scan (source, parser), "leaves");
  GString *names = g_string_new (NULL);
  gint64 last = -1;

  for (guint n = 0; n < json_array_get_length (leaves); n++)
    {
      gint64 next = G_MAXINT64;

      for (guint k = 0; k < json_array_get_length (leaves); k++)
        {
          gint64 place = json_object_get_int_member (json_array_get_object_element (leaves, k), "place");
          if (place > last)
            next = MIN (next, place);
        }
      for (guint k = 0; k < json_array_get_length (leaves); k++)
        {
          JsonObject *leaf = json_array_get_object_element (leaves, k);
          if (json_object_get_int_member (leaf, "place") == next)
            g_string_append_printf (names, "%s ", json_object_get_string_member (leaf, "name"));
        }
      last = next;
    }
  return g_string_free (names, FALSE);
}

#define LEAVES "import torch\na = torch.ones(1)\nb = torch.ones(1)\nc = torch.ones(1)\nd = torch.ones(1)\n"

static void
test_order (void)
{
  static const struct { const char *source, *order; } cases[] = {
    { LEAVES, "a b c d " },
    { LEAVES "e = d * b + c\n", "d b c a " },
    { LEAVES "print(c, c.shape)\nn = b.size(0)\ne = torch.mm(d, a.t())\n", "d a b c " },
    { LEAVES "a = b * 2\nprint(c * d)\n", "b c d a " },
    { LEAVES "for k in range(3):\n    e = c * k\n    if k: e = e + a\n", "c a b d " },
    { LEAVES "def f(a, e=b):\n    c = a * 2\n    return c + d\nprint(f(b))\n", "b d a c " },
    { LEAVES "def f():\n    return f() + g() + d\ndef g():\n    return c + f()\nf()\n", "c d a b " },
    { LEAVES "class C:\n    def forward(self, x):\n        return x * c\nf = lambda a: a * d\nC()(b)\n", "d b a c " },
  };

  for (guint k = 0; k < G_N_ELEMENTS (cases); k++)
    {
      g_autofree char *order = dup_order (cases[k].source);

      g_assert_cmpstr (order, ==, cases[k].order);
    }
}

/* Far too deep to be followed: said, not fatal. */
static void
test_deep (void)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GString) source = g_string_new ("x = 1");

  for (guint k = 0; k < 3000; k++)
    g_string_append (source, " + 1");
  g_assert_cmpuint (n_leaves (scan (source->str, parser)), ==, 0);
}

static void
test_errors (void)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonObject *result = scan ("import torch\nx = (\ny = 3\n", parser);
  JsonObject *error = json_object_get_object_member (result, "error");
  g_assert_cmpint (json_object_get_int_member (error, "line"), ==, 2);
  g_assert_true (strstr (json_object_get_string_member (error, "message"), "was never closed") != NULL);
  g_assert_cmpuint (n_leaves (result), ==, 0);
  result = scan ("x = 1\xff\xfe", parser);
  g_assert_true (json_object_has_member (result, "leaves"));
  result = scan ("", parser);
  g_assert_cmpint (json_object_get_int_member (result, "first_line"), ==, 0);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_test_init (&argc, &argv, NULL);
  script_init (argc, argv, FALSE, &error);
  g_assert_no_error (error);
  g_test_add_func ("/script/scan/demo", test_demo);
  g_test_add_func ("/script/scan/statements", test_statements);
  g_test_add_func ("/script/scan/forms", test_forms);
  g_test_add_func ("/script/scan/order", test_order);
  g_test_add_func ("/script/scan/deep", test_deep);
  g_test_add_func ("/script/scan/errors", test_errors);
  int status = g_test_run ();
  return status != 0 ? status : script_finalize ();
}

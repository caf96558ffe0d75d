/* SPDX-License-Identifier: MIT
 *
 * Recorded runs: which statements, scopes, names, output and errors come out of
 * the probes, and that a run always stops. One Python for all cases. */
#include "recording/recording.h"
#include "script/script.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

typedef struct
{
  RecRecording *recording;
  const char *path; /* NULL: a script that was never saved */
  int status;
  gboolean (*statement) (guint file, guint line, gpointer data);
  gpointer data;
} Fixture;

static void
record (Fixture *fixture, const char *source)
{
  g_autoptr (GError) error = NULL;
  fixture->recording = rec_recording_new (64 << 20, &error);
  g_assert_no_error (error);
  RecWriter *writer = rec_writer_new (dup (rec_recording_get_events_fd (fixture->recording)),
                                      dup (rec_recording_get_heap_fd (fixture->recording)), &error);
  g_assert_no_error (error);
  g_autoptr (RecRecorder) recorder = rec_recorder_new (writer);
  ScriptRun run = { .path = fixture->path != NULL ? fixture->path : "unsaved.py",
                    .source = source,
                    .recorder = recorder,
                    .statement = fixture->statement,
                    .data = fixture->data };
  fixture->status = script_run (&run);
}

/* "kind@line text" of every event of interest, one a line. */
static char *
story (RecRecording *recording)
{
  GString *text = g_string_new (NULL);
  for (guint64 i = 0; i < rec_recording_get_n_events (recording); i++)
    {
      RecEvent event;
      RecOp op;
      g_assert_true (rec_recording_get_event (recording, i, &event));
      if (event.kind == REC_NAME_BOUND)
        g_string_append_printf (text, "%u %s=\n", event.line, rec_recording_get_text (recording, &event));
      else if (event.kind == REC_NAME_LOST)
        g_string_append_printf (text, "%u -%s\n", event.line, rec_recording_get_text (recording, &event));
      else if (event.kind == REC_SCOPE_ENTERED)
        g_string_append_printf (text, "%u {%s\n", event.line, rec_recording_get_text (recording, &event));
      else if (event.kind == REC_SCOPE_LEFT)
        g_string_append (text, "}\n");
      else if (event.kind == REC_OP_DONE && event.inside == 0 && rec_recording_get_op (recording, &event, &op))
        g_string_append_printf (text, "%u %s\n", event.line, op.written);
    }
  return g_string_free (text, FALSE);
}

static void
assert_story (const char *source, const char *expected)
{
  Fixture fixture = { NULL };
  record (&fixture, source);
  g_autofree char *found = story (fixture.recording);
  g_assert_cmpstr (found, ==, expected);
  g_assert_cmpint (fixture.status, ==, 0);
  rec_recording_unref (fixture.recording);
}

/* A name that := may not have bound is not read back. */
static void
test_unbound (void)
{
  assert_story ("import torch\n"
                "r = 1 > 2 > (p := torch.ones(1)).sum()\n"
                "assert True, (q := torch.ones(1))\n"
                "s = (t := torch.ones(1)) + 1\n",
                "4 ones\n4 +\n4 s=\n4 t=\n");
}

static void
test_names (void)
{
  assert_story ("import torch\n"
                "a = b = torch.ones(2)\n"
                "c, (d, n) = a + 1, (a * 2, 3)\n"
                "a = 'text'\n"
                "del d\n"
                "class Net: pass\n"
                "net = Net()\n"
                "net.w = c - 1\n"
                "parts = [0]\n"
                "parts[0] = c / 2\n"
                "if (e := c.tanh()) is not None: pass\n"
                "for f in [c]: pass\n",
                "2 ones\n2 a=\n2 b=\n3 +\n3 *\n3 c=\n3 d=\n4 -a\n5 -d\n8 -\n8 net.w=\n10 /\n10 parts[0]=\n"
                "11 tanh\n12 {for f in [c]\n12 f=\n}\n");
}

static void
test_scopes (void)
{
  assert_story ("import torch\n"
                "def twice(x):\n"
                "    if x is None:\n"
                "        return None\n"
                "    return x * 2\n"
                "w = torch.ones(1)\n"
                "for i in range(3):\n"
                "    if i == 1: continue\n"
                "    y = twice(w)\n"
                "twice(None)\n"
                "k = 0\n"
                "while (w + k).item() < 2:\n"
                "    k += 1\n"
                "try:\n"
                "    for j in range(2):\n"
                "        z = w - 1\n"
                "        raise KeyError\n"
                "except KeyError:\n"
                "    v = w / 2\n",
                "6 ones\n6 w=\n"
                "7 {for i in range(3)\n2 {twice\n5 *\n}\n9 y=\n}\n"
                "7 {for i in range(3)\n2 {twice\n5 *\n}\n9 y=\n}\n"
                "12 +\n12 +\n"
                "15 {for j in range(2)\n16 -\n16 z=\n}\n19 /\n19 v=\n");
}

/* Nested calls with an exception in the middle leave the stack as it was. */
static void
test_exceptions (void)
{
  assert_story ("import torch\n"
                "w = torch.ones(1)\n"
                "def fail(x):\n"
                "    for q in range(2):\n"
                "        y = x + 1\n"
                "        raise ValueError\n"
                "def outer(x):\n"
                "    try:\n"
                "        fail(x)\n"
                "    except ValueError:\n"
                "        return x * 3\n"
                "r = outer(w)\n"
                "s = r - 1\n",
                "2 ones\n2 w=\n7 {outer\n3 {fail\n4 {for q in range(2)\n5 +\n5 y=\n}\n}\n11 *\n}\n"
                "12 r=\n13 -\n13 s=\n");
}

static const RecEvent *
find (RecRecording *recording, RecEventKind kind, RecEvent *event)
{
  for (guint64 i = 0; i < rec_recording_get_n_events (recording); i++)
    if (rec_recording_get_event (recording, i, event) && event->kind == kind)
      return event;
  g_error ("no event of kind %d", kind);
  return NULL;
}

static void
assert_error (const char *source, const char *type, const char *message, guint line)
{
  Fixture fixture = { NULL };
  RecErrorText text;
  RecEvent event;

  record (&fixture, source);
  g_assert_cmpint (fixture.status, ==, 1);
  find (fixture.recording, REC_ERROR, &event);
  g_assert_true (rec_recording_get_error (fixture.recording, &event, &text));
  g_assert_cmpstr (text.type, ==, type);
  g_assert_true (strstr (text.message, message) != NULL);
  g_assert_cmpuint (event.line, ==, line);
  g_assert_true (strstr (text.traceback, "tapedeck") == NULL);
  g_assert_true (strstr (text.traceback, "unsaved.py") != NULL);
  rec_recording_unref (fixture.recording);
}

/* A text that C cannot hold is shown with escapes, an error that cannot say what it
 * is says so; none is lost. */
static void
test_odd_errors (void)
{
  assert_error ("x = 1\nraise ValueError('a\\0b')\n", "ValueError", "a\\x00b", 2);
  assert_error ("raise ValueError('a\\udc80b')\n", "ValueError", "a\\udc80b", 1);
  assert_error ("class Odd(Exception):\n    def __str__(self):\n        return 1 / 0\nraise Odd()\n", "Odd",
                "<exception str() failed>", 4);
}

static void
test_errors (void)
{
  assert_error ("import torch\nW = torch.ones(20, 10)\ndef f(x):\n    return torch.mm(W, x)\nf(torch.ones(1, 10))\n",
                "RuntimeError", "mat1 and mat2 shapes cannot be multiplied (20x10 and 1x10)", 4);
  assert_error ("x = 1\nif x:\nprint()\n", "IndentationError", "expected an indented block", 3);
  assert_error ("import torch.nn.functionals\n", "ModuleNotFoundError", "is not in Tapedeck's torch yet", 1);
  assert_error ("import torch\n@torch.no_grad()\ndef f():\n    raise OSError('here')\n\nf()\n", "OSError", "here", 4);
}

static void
test_output (void)
{
  Fixture fixture = { NULL };
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GString) err = g_string_new (NULL);

  record (&fixture, "import sys\nprint('one', 2)\nprint('é\\udc80', file=sys.stderr)\nsys.stdout.write('no newline')\n"
                    "for i in range(3):\n    print(i, end=' ')\nsys.exit(4)\n");
  g_assert_cmpint (fixture.status, ==, 4);
  for (guint64 i = 0; i < rec_recording_get_n_events (fixture.recording); i++)
    {
      RecEvent event;
      gsize n;
      g_assert_true (rec_recording_get_event (fixture.recording, i, &event));
      if (event.kind != REC_OUTPUT)
        continue;
      const char *bytes = rec_recording_get_bytes (fixture.recording, &event, &n);
      g_string_append_len (event.flags & 1 ? err : out, bytes, (gssize) n);
    }
  g_assert_cmpstr (out->str, ==, "one 2\nno newline0 1 2 ");
  g_assert_cmpstr (err->str, ==, "é\\udc80\n");
  rec_recording_unref (fixture.recording);
}

/* Endless loops, also those that catch everything, end soon after an interrupt from
 * another thread; the statement function can stop a run as well. */
static gpointer
interrupt_thread (gpointer started)
{
  while (!g_atomic_int_get ((gint *) started))
    g_thread_yield ();
  script_interrupt ();
  return NULL;
}

static gboolean
tell_started (guint file, guint line, gpointer started)
{
  if (line >= 2)
    g_atomic_int_set ((gint *) started, 1);
  return TRUE;
}

static void
test_interrupt (gconstpointer source)
{
  gint started = 0;
  Fixture fixture = { .statement = tell_started, .data = &started };
  GThread *thread = g_thread_new ("stopper", interrupt_thread, &started);
  RecEvent event;

  record (&fixture, source);
  g_thread_join (thread);
  g_assert_cmpint (fixture.status, ==, 130);
  find (fixture.recording, REC_RUN_ENDS, &event);
  g_assert_cmpstr (rec_recording_get_text (fixture.recording, &event), ==, "stopped");
  g_assert_cmpuint (rec_recording_get_n_events (fixture.recording), <, 1000);
  rec_recording_unref (fixture.recording);
}

static gboolean
stop_at_three (guint file, guint line, gpointer lines)
{
  g_string_append_printf (lines, "%u ", line);
  return line != 3;
}

static void
test_stop (void)
{
  g_autoptr (GString) lines = g_string_new (NULL);
  Fixture fixture = { .statement = stop_at_three, .data = lines };

  record (&fixture, "x = 1\ny = 2\nz = 3\nprint('not reached')\n");
  g_assert_cmpint (fixture.status, ==, 130);
  g_assert_cmpstr (lines->str, ==, "1 2 3 ");
  rec_recording_unref (fixture.recording);
}

/* A module that is imported while statements and scopes are open registers many more. */
static void
test_import_inside (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("tapedeck-test-XXXXXX", &error);
  g_autofree char *module = g_build_filename (folder, "many_lines.py", NULL);
  g_autoptr (GString) lines = g_string_new ("import torch\n");
  Fixture fixture = { NULL };

  g_assert_no_error (error);
  for (guint k = 0; k < 3000; k++)
    g_string_append_printf (lines, "v%u = %u\n", k, k);
  g_string_append (lines, "ours = torch.ones(1)\n");
  g_file_set_contents (module, lines->str, -1, &error);
  g_assert_no_error (error);
  g_autofree char *source = g_strdup_printf ("import os, sys, torch\n"
                                             "sys.path.insert(0, '%s')\n"
                                             "def f():\n"
                                             "    for k in range(2):\n"
                                             "        import many_lines\n"
                                             "        x = torch.ones(2)\n"
                                             "    return x + many_lines.ours\n"
                                             "y = f()\n",
                                             folder);
  g_autofree char *path = g_build_filename (folder, "main.py", NULL);
  fixture.path = path;
  record (&fixture, source);
  g_assert_cmpint (fixture.status, ==, 0);
  g_autofree char *found = story (fixture.recording);
  g_assert_cmpstr (
      found, ==,
      "3 {f\n4 {for k in range(2)\n1 {import many_lines\n3002 ones\n3002 ours=\n}\n6 ones\n6 x=\n}\n"
      "4 {for k in range(2)\n6 ones\n6 x=\n}\n7 +\n}\n8 y=\n");
  rec_recording_unref (fixture.recording);
  g_unlink (module);
  g_rmdir (folder);
}

/* The run ends where python3 ends: after its threads and atexit functions. */
static void
test_ending (void)
{
  Fixture fixture = { NULL };
  g_autoptr (GString) out = g_string_new (NULL);
  RecEvent event;
  record (&fixture, "import atexit, threading\n"
                    "go = threading.Event()\n"
                    "atexit.register(print, 'bye')\n"
                    "def work():\n"
                    "    go.wait()\n"
                    "    print('late')\n"
                    "threading.Thread(target=work).start()\n"
                    "print('main done')\n"
                    "go.set()\n");
  for (guint64 i = 0; i < rec_recording_get_n_events (fixture.recording); i++)
    {
      gsize n;
      g_assert_true (rec_recording_get_event (fixture.recording, i, &event));
      if (event.kind != REC_OUTPUT)
        continue;
      const char *bytes = rec_recording_get_bytes (fixture.recording, &event, &n);
      g_string_append_len (out, bytes, (gssize) n);
    }
  g_assert_cmpstr (out->str, ==, "main done\nlate\nbye\n");
  g_assert_cmpuint (event.kind, ==, REC_RUN_ENDS);
  rec_recording_unref (fixture.recording);
}

/* Arrays lent to tensors are looked at for foreign writes only while they live. */
static void
test_arrays (void)
{
  Fixture fixture = { NULL };
  gsize before = eng_live_storages ();
  record (&fixture, "import torch, numpy\n"
                    "for i in range(3000):\n"
                    "    t = torch.from_numpy(numpy.ones(1000))\n"
                    "array = numpy.zeros(3)\n"
                    "watched = torch.from_numpy(array)\n"
                    "first = watched + 1\n"
                    "array[1] = 7\n"
                    "second = watched + 1\n"
                    "del t, watched, first, second\n");
  gboolean changed = FALSE;
  for (guint64 i = 0; i < rec_recording_get_n_events (fixture.recording); i++)
    {
      RecEvent event;
      g_assert_true (rec_recording_get_event (fixture.recording, i, &event));
      changed = changed || event.kind == REC_STORAGE_CHANGED;
    }
  g_assert_cmpint (fixture.status, ==, 0);
  g_assert_true (changed);
  g_assert_cmpuint (eng_live_storages (), <, before + 10);
  rec_recording_unref (fixture.recording);
}

int
main (int argc, char **argv)
{
  static const char *const endless[] = {
    "x = 0\nwhile True: pass\n",
    "x = 0\nwhile True:\n    try:\n        while True: pass\n    except BaseException:\n        pass\n",
    "x = 0\n[0 for _ in iter(int, 1)]\n",
    "def f():\n    try:\n        f()\n    finally:\n        while True: x = 1\nf()\n",
  };
  g_autoptr (GError) error = NULL;

  g_test_init (&argc, &argv, NULL);
  script_init (argc, argv, FALSE, &error);
  g_assert_no_error (error);
  g_test_add_func ("/script/record/names", test_names);
  g_test_add_func ("/script/record/unbound", test_unbound);
  g_test_add_func ("/script/record/scopes", test_scopes);
  g_test_add_func ("/script/record/exceptions", test_exceptions);
  g_test_add_func ("/script/record/errors", test_errors);
  g_test_add_func ("/script/record/odd-errors", test_odd_errors);
  g_test_add_func ("/script/record/import-inside", test_import_inside);
  g_test_add_func ("/script/record/output", test_output);
  g_test_add_func ("/script/record/arrays", test_arrays);
  g_test_add_func ("/script/record/stop", test_stop);
  for (guint i = 0; i < G_N_ELEMENTS (endless); i++)
    {
      g_autofree char *name = g_strdup_printf ("/script/record/interrupt/%u", i);
      g_test_add_data_func (name, endless[i], test_interrupt);
    }
  g_test_add_func ("/script/record/ending", test_ending);
  int status = g_test_run ();
  return status != 0 ? status : script_finalize ();
}

/* SPDX-License-Identifier: MIT
 *
 * What the probes do. The stack holds what is open: a function above the statement
 * that called it, an iteration above its function, a statement above its
 * iteration. Exceptions and breaks leave entries behind; the next probe knows its
 * loop depth and pops what cannot be open any more, and a function's `leave` pops
 * down to its own entry. Entries are written lazily (Note in probe.h).
 *
 * Main thread only: probes hit on other Python threads do nothing. */
#include "probe.h"

#include "branches.h"
#include "capture.h"
#include "gil.h"
#include "names.h"
#include "output.h"
#include "statements.h"
#include "tensor-buffer.h"

typedef enum
{
  ENTRY_STATEMENT,
  ENTRY_FUNCTION,
  ENTRY_ITERATION,
} EntryKind;

typedef struct
{
  EntryKind kind;
  guint depth;               /* iterations open below, in the same function */
  gboolean written;
  guint script_line; /* of the innermost statement that is not in another file */
  const ScriptStatement *statement;
} Entry;

gboolean script_probe_pending;

static const ScriptRun *run;
static GArray *stack;                  /* of Entry */
static guint n_written;                /* entries below this index are written */
static guint n_files_told;             /* files below this index are named in the recording */
static unsigned long main_thread;
gint script_probe_stopping;
static PyObject *stop_class;

static inline Entry *
top (void)
{
  return stack->len > 0 ? &g_array_index (stack, Entry, stack->len - 1) : NULL;
}

static guint
open_depth (void)
{
  const Entry *entry = top ();
  if (entry == NULL || entry->kind == ENTRY_FUNCTION)
    return 0;
  return entry->depth + (entry->kind == ENTRY_ITERATION ? 1 : 0);
}

static RecWriter *
writer (void)
{
  return rec_recorder_get_writer (run->recorder);
}

RecRecorder *
script_probe_recorder (void)
{
  return run != NULL ? run->recorder : NULL;
}

void
script_probe_set_position (guint file, guint line)
{
  for (; n_files_told <= file; n_files_told++)
    rec_writer_file (writer (), n_files_told, script_statements_get_file (n_files_told));
  rec_writer_set_position (writer (), file, line);
}

static void
write_entry (Entry *entry)
{
  const ScriptStatement *statement = entry->statement;

  script_probe_set_position (statement->file, statement->line);
  if (entry->kind == ENTRY_STATEMENT)
    rec_writer_statement_begins (writer (), statement->file, statement->line, statement->end_line);
  else
    rec_writer_scope_entered (writer (), entry->kind == ENTRY_FUNCTION ? REC_SCOPE_FUNCTION : REC_SCOPE_ITERATION,
                              statement->label);
  entry->written = TRUE;
}

void
script_probe_write_pending (void)
{
  script_gil_wait_for_engine ();
  script_probe_pending = FALSE;
  if (run == NULL)
    return;
  while (n_written < stack->len)
    {
      script_branches_write (writer (), n_written);
      write_entry (&g_array_index (stack, Entry, n_written++));
    }
  const Entry *entry = top ();
  if (script_branches_write (writer (), stack->len) && entry != NULL)
    rec_writer_set_position (writer (), entry->statement->file, entry->statement->line);
  script_output_write (writer ());
}

gboolean
script_probe_is_open (guint function)
{
  for (guint k = stack->len; k > 0; k--)
    {
      const Entry *entry = &g_array_index (stack, Entry, k - 1);
      if (entry->kind == ENTRY_FUNCTION && entry->statement->number == function)
        return TRUE;
    }
  return FALSE;
}

void
script_probe_get_place (guint *file, guint *line)
{
  const Entry *entry = run != NULL ? top () : NULL;
  *file = entry != NULL ? entry->statement->file : 0;
  *line = entry != NULL ? entry->statement->line : 0;
}

/* Output alone needs no statement round it, only its line. */
void
script_probe_write_output (void)
{
  if (run == NULL || !script_output_is_waiting ())
    return;
  const Entry *entry = top ();
  if (entry != NULL)
    script_probe_set_position (entry->statement->file, entry->statement->line);
  script_output_write (writer ());
}

/* For readers that look while it runs, or after the process died. Between two
 * statements the one before stays: what it left behind (a `with`, a destructor) may
 * run there. */
static void
tell_running (void)
{
  const Entry *entry = top ();
  if (entry != NULL && entry->kind != ENTRY_FUNCTION)
    rec_writer_set_running (writer (), entry->script_line);
}

static void
pop (void)
{
  Entry *entry = top ();

  if (entry->kind == ENTRY_STATEMENT && G_UNLIKELY (g_atomic_int_get (&script_capture_waiting)))
    script_capture_collect ();
  if (entry->kind == ENTRY_STATEMENT)
    script_probe_write_output ();
  gboolean written = entry->written;
  if (written && entry->kind == ENTRY_STATEMENT)
    rec_writer_statement_ends (writer ());
  else if (written)
    rec_writer_scope_left (writer ());
  g_array_set_size (stack, stack->len - 1);
  n_written = MIN (n_written, stack->len);
  script_branches_drop (stack->len);
  entry = top ();
  if (written && entry != NULL)
    rec_writer_set_position (writer (), entry->statement->file, entry->statement->line);
  tell_running ();
}

static void
push (EntryKind kind, const ScriptStatement *statement)
{
  const Entry *below = top ();
  guint line = statement->file == 0 ? statement->line : below != NULL ? below->script_line : 0;
  Entry entry = { kind, kind == ENTRY_FUNCTION ? 0 : open_depth (), FALSE, line, statement };
  g_array_append_val (stack, entry);
  script_probe_pending = TRUE;
  if (kind == ENTRY_STATEMENT)
    tell_running ();
}

/* Pops statements, and iterations of loops that are over, in the current function. */
static void
pop_to_depth (guint depth)
{
  const Entry *entry;
  while ((entry = top ()) != NULL &&
         (entry->kind == ENTRY_STATEMENT || (entry->kind == ENTRY_ITERATION && entry->depth >= depth)))
    pop ();
}

static gboolean
is_active (void)
{
  return run != NULL && PyThread_get_thread_ident () == main_thread;
}

/* Asks whoever runs the script; FALSE with the stop exception set. */
static gboolean
may_go_on (const ScriptStatement *statement)
{
  if (G_UNLIKELY (g_atomic_int_get (&script_probe_stopping)))
    return script_probe_raise_stop ();
  if (run->statement != NULL && !run->statement (statement->file, statement->line, run->data))
    {
      script_probe_set_stopping (TRUE);
      return script_probe_raise_stop ();
    }
  return TRUE;
}

static const ScriptStatement *
statement_of (PyObject *const *args, Py_ssize_t n)
{
  return n > 0 ? script_statement_get ((guint) PyLong_AsUnsignedLong (args[0])) : NULL;
}

/* begin (statement): before every statement. */
static PyObject *
probe_begin (PyObject *module, PyObject *const *args, Py_ssize_t n)
{
  const ScriptStatement *statement = statement_of (args, n);

  if (!is_active () || statement == NULL)
    Py_RETURN_TRUE;
  pop_to_depth (statement->depth);
  if (!may_go_on (statement))
    return NULL;
  push (ENTRY_STATEMENT, statement);
  Py_RETURN_TRUE;
}

/* done (statement, values…): after a statement; tells what its targets hold now. */
static PyObject *
probe_done (PyObject *module, PyObject *const *args, Py_ssize_t n)
{
  const ScriptStatement *statement = statement_of (args, n);

  if (!is_active () || statement == NULL)
    Py_RETURN_NONE;
  script_names_tell (run->recorder, statement, args + 1, (guint) n - 1, FALSE);
  script_buffer_check_shared ();
  const Entry *entry = top ();
  if (entry != NULL && entry->kind == ENTRY_STATEMENT && entry->statement == statement)
    pop ();
  Py_RETURN_NONE;
}

/* iteration (loop, values…): at the start of a loop's body. */
static PyObject *
probe_iteration (PyObject *module, PyObject *const *args, Py_ssize_t n)
{
  const ScriptStatement *statement = statement_of (args, n);

  if (!is_active () || statement == NULL)
    Py_RETURN_NONE;
  if (G_UNLIKELY (g_atomic_int_get (&script_probe_stopping)))
    {
      script_probe_raise_stop ();
      return NULL;
    }
  pop_to_depth (statement->depth);
  push (ENTRY_ITERATION, statement);
  script_names_tell (run->recorder, statement, args + 1, (guint) n - 1, TRUE);
  Py_RETURN_NONE;
}

/* branch (if, way): at the start of its body (0) or of its else (1), which there is for this if need be. */
static PyObject *
probe_branch (PyObject *module, PyObject *const *args, Py_ssize_t n)
{
  const ScriptStatement *statement = statement_of (args, n);

  if (!is_active () || statement == NULL || n < 2)
    Py_RETURN_NONE;
  pop_to_depth (statement->depth);
  script_branches_take (statement, PyLong_AsLong (args[1]) != 0, stack->len);
  script_probe_pending = TRUE;
  Py_RETURN_NONE;
}

/* enter (function, arguments…) and leave (function): round a function's body. */
static PyObject *
probe_enter (PyObject *module, PyObject *const *args, Py_ssize_t n)
{
  const ScriptStatement *statement = statement_of (args, n);

  if (!is_active () || statement == NULL)
    Py_RETURN_NONE;
  push (ENTRY_FUNCTION, statement);
  script_names_tell_arguments (run->recorder, statement, args + 1, (guint) n - 1);
  Py_RETURN_NONE;
}

static PyObject *
probe_leave (PyObject *module, PyObject *const *args, Py_ssize_t n)
{
  const ScriptStatement *statement = statement_of (args, n);
  gboolean open = FALSE;

  if (!is_active () || statement == NULL)
    Py_RETURN_NONE;
  for (guint i = stack->len; i > 0 && !open; i--)
    open = g_array_index (stack, Entry, i - 1).kind == ENTRY_FUNCTION &&
           g_array_index (stack, Entry, i - 1).statement == statement;
  while (open)
    {
      open = !(top ()->kind == ENTRY_FUNCTION && top ()->statement == statement);
      pop ();
    }
  Py_RETURN_NONE;
}

/* mark (statement): before a statement of a generator, whose frames come and go and
 * so have no place on the stack. */
static PyObject *
probe_mark (PyObject *module, PyObject *const *args, Py_ssize_t n)
{
  const ScriptStatement *statement = statement_of (args, n);

  if (is_active () && statement != NULL && !may_go_on (statement))
    return NULL;
  Py_RETURN_TRUE;
}

void
script_probe_start (const ScriptRun *script)
{
  run = script;
  stack = g_array_new (FALSE, TRUE, sizeof (Entry));
  n_written = 0;
  n_files_told = 1;                    /* 0 is the script, which the run itself names */
  main_thread = PyThread_get_thread_ident ();
  script_names_start ();
  script_branches_start ();
}

void
script_probe_finish (void)
{
  script_probe_write_pending ();
  while (stack->len > 0)
    pop ();
  script_probe_write_output ();
  script_names_finish ();
  script_branches_finish ();
  g_clear_pointer (&stack, g_array_unref);
  script_probe_pending = FALSE;
  run = NULL;
}

void
script_probe_forget (void)
{
  run = NULL;
  script_probe_pending = FALSE;
}

void
script_flush (void)
{
  if (run == NULL)
    return;
  script_capture_collect ();
  script_probe_write_output ();
  rec_writer_flush (writer ());
}

gboolean
script_probe_is_stopping (void)
{
  return g_atomic_int_get (&script_probe_stopping) != 0;
}

void
script_probe_set_stopping (gboolean value)
{
  g_atomic_int_set (&script_probe_stopping, value ? 1 : 0);
}

PyObject *
script_stop_exception (void)
{
  if (stop_class == NULL)
    stop_class = PyErr_NewException ("tapedeck.Stopped", PyExc_BaseException, NULL);
  return stop_class;
}

gboolean
script_probe_raise_stop (void)
{
  PyErr_SetString (script_stop_exception (), "the run was stopped");
  return FALSE;
}

#define FASTCALL(function) (PyCFunction) (void (*) (void)) function, METH_FASTCALL, NULL

static PyMethodDef probes[] = {
  { "__tapedeck_begin__", FASTCALL (probe_begin) },
  { "__tapedeck_done__", FASTCALL (probe_done) },
  { "__tapedeck_iteration__", FASTCALL (probe_iteration) },
  { "__tapedeck_branch__", FASTCALL (probe_branch) },
  { "__tapedeck_enter__", FASTCALL (probe_enter) },
  { "__tapedeck_leave__", FASTCALL (probe_leave) },
  { "__tapedeck_mark__", FASTCALL (probe_mark) },
  { NULL },
};

gboolean
script_probe_install (void)
{
  PyObject *builtins = PyImport_ImportModule ("builtins");
  int failed = builtins == NULL ? -1 : PyModule_AddFunctions (builtins, probes);
  Py_XDECREF (builtins);
  return failed == 0;
}

PyMethodDef script_probe_methods[] = {
  { "register_file", script_statements_register_file, METH_O, NULL },
  { "register_statements", script_statements_register, METH_VARARGS, NULL },
  { NULL },
};

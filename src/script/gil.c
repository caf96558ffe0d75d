/* SPDX-License-Identifier: MIT
 *
 * The GIL is released only inside kernels that the engine expects to be long.
 * Other Python threads stay out of the engine meanwhile: whatever takes a tensor, a
 * grad_fn or a generator from its Python object, or frees one, goes through
 * script_gil_guard.
 *
 * script_interrupt stops a script wherever its bytecode is: a helper thread takes
 * the GIL and sets an asynchronous exception on the script's thread, again and
 * again until the run is over, because a script may catch it. (Never with NULL: on
 * CPython 3.11 that hangs later frames.) */
#include "gil.h"

#include "probe.h"
#include "script.h"

#define REPEAT_US 5000

static unsigned long script_thread;
static PyThreadState *released;        /* of the thread inside a long kernel */
gboolean script_gil_is_lent;
static GMutex engine_lock;             /* held during a long kernel */
static GThread *helper;
static GMutex helper_lock;
static gint helper_wanted;

static void
leave_python (void)
{
  if (!PyGILState_Check ())
    return;
  g_mutex_lock (&engine_lock);
  script_gil_is_lent = TRUE;
  script_probe_pending = TRUE; /* operations that take no tensor pass script_probe_touch */
  released = PyEval_SaveThread ();
}

static void
enter_python (void)
{
  if (released == NULL)
    return;
  PyEval_RestoreThread (released);
  released = NULL;
  script_gil_is_lent = FALSE;
  g_mutex_unlock (&engine_lock);
}

void
script_gil_wait_for_engine (void)
{
  while (script_gil_is_lent)
    {
      Py_BEGIN_ALLOW_THREADS
      g_mutex_lock (&engine_lock);
      g_mutex_unlock (&engine_lock);
      Py_END_ALLOW_THREADS
    }
}

void
script_gil_init (void)
{
  script_thread = PyThread_get_thread_ident ();
  eng_set_long_kernel_hooks (leave_python, enter_python);
}

void
script_gil_finish (void)
{
  script_interrupt_finish ();
  eng_set_long_kernel_hooks (NULL, NULL);
}

static gpointer
interrupt_thread (gpointer data)
{
  while (g_atomic_int_get (&helper_wanted))
    {
      PyGILState_STATE state = PyGILState_Ensure ();
      if (g_atomic_int_get (&helper_wanted))
        PyThreadState_SetAsyncExc (script_thread, script_stop_exception ());
      PyGILState_Release (state);
      g_usleep (REPEAT_US);
    }
  return NULL;
}

void
script_interrupt (void)
{
  if (!Py_IsInitialized ())
    return;
  script_probe_set_stopping (TRUE);
  g_mutex_lock (&helper_lock);
  if (helper == NULL)
    {
      g_atomic_int_set (&helper_wanted, 1);
      helper = g_thread_new ("interrupt", interrupt_thread, NULL);
    }
  g_mutex_unlock (&helper_lock);
}

/* The helper may wait for the GIL, so it is let go while we wait for the helper. */
void
script_interrupt_finish (void)
{
  g_mutex_lock (&helper_lock);
  GThread *thread = g_steal_pointer (&helper);
  g_atomic_int_set (&helper_wanted, 0);
  g_mutex_unlock (&helper_lock);
  if (thread != NULL)
    {
      Py_BEGIN_ALLOW_THREADS
      g_thread_join (thread);
      Py_END_ALLOW_THREADS
    }
  script_probe_set_stopping (FALSE);
}

/* SPDX-License-Identifier: MIT
 *
 * The one layout worker: a pool of one thread and a queue. A request waiting for
 * the same owner (the callback's data) is replaced by a newer one and ends with
 * G_IO_ERROR_CANCELLED. Callbacks come in the caller's main context. */
#include "layout-private.h"

typedef struct
{
  LayoutInput *input;
  LayoutResult *previous;
  guint anchor;
  gpointer owner;
} LayoutJob;

static GMutex queue_lock;
static GQueue queue = G_QUEUE_INIT;  /* of GTask, each with its LayoutJob */

static void
free_job (LayoutJob *job)
{
  layout_input_free (job->input);
  g_clear_pointer (&job->previous, layout_result_unref);
  g_free (job);
}

static void
run_task (GTask *task)
{
  LayoutJob *job = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  LayoutResult *result;

  if (g_task_return_error_if_cancelled (task))
    return;
  result = layout_run (job->input, job->previous, job->anchor, &error);
  if (result != NULL)
    g_task_return_pointer (task, result, (GDestroyNotify) layout_result_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/* Each push stands for one task; a replaced task leaves nothing to do. */
static void
work (gpointer token, gpointer data)
{
  g_autoptr (GTask) task = NULL;

  g_mutex_lock (&queue_lock);
  task = g_queue_pop_head (&queue);
  g_mutex_unlock (&queue_lock);
  if (task != NULL)
    run_task (task);
}

static GThreadPool *
get_pool (void)
{
  static gsize pool;

  if (g_once_init_enter (&pool))
    g_once_init_leave (&pool, (gsize) g_thread_pool_new (work, NULL, 1, FALSE, NULL));
  return (GThreadPool *) pool;
}

/* Takes the waiting task of that owner out of the queue, or NULL. */
static GTask *
take_waiting (gpointer owner)
{
  for (GList *link = queue.head; link != NULL; link = link->next)
    {
      LayoutJob *job = g_task_get_task_data (link->data);
      GTask *task = link->data;

      if (job->owner != owner)
        continue;
      g_queue_delete_link (&queue, link);
      return task;
    }
  return NULL;
}

void
layout_run_async (LayoutInput *input, LayoutResult *previous, guint anchor, GCancellable *cancellable,
                  GAsyncReadyCallback callback, gpointer data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, data);
  LayoutJob *job = g_new0 (LayoutJob, 1);
  g_autoptr (GTask) replaced = NULL;

  job->input = input;
  job->previous = previous != NULL ? layout_result_ref (previous) : NULL;
  job->anchor = anchor;
  job->owner = data;
  g_task_set_source_tag (task, layout_run_async);
  g_task_set_task_data (task, job, (GDestroyNotify) free_job);

  g_mutex_lock (&queue_lock);
  replaced = take_waiting (data);
  g_queue_push_tail (&queue, task);
  g_mutex_unlock (&queue_lock);
  if (replaced != NULL)
    g_task_return_new_error (replaced, G_IO_ERROR, G_IO_ERROR_CANCELLED, "A newer layout was asked for");
  g_thread_pool_push (get_pool (), GINT_TO_POINTER (1), NULL);
}

LayoutResult *
layout_run_finish (GAsyncResult *async, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (async, NULL), NULL);
  return g_task_propagate_pointer (G_TASK (async), error);
}

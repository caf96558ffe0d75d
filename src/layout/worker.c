/* SPDX-License-Identifier: MIT
 *
 * The layout workers: what is done in this process goes through one thread, what
 * goes to helpers through two, so that no small graph waits for a big one and no
 * newer one for an older that is being given up. A request waiting for the same
 * owner (the callback's data) is replaced by a newer one and ends with
 * G_IO_ERROR_CANCELLED. Callbacks come in the caller's main context. */
#include "helper.h"

typedef struct
{
  LayoutInput *input;
  LayoutResult *previous;
  guint anchor;
  gpointer owner;
} LayoutJob;

typedef enum { LANE_HERE, LANE_AWAY, N_LANES } LaneKind;
typedef struct { GQueue queue; gsize pool; } Lane;   /* of GTask, each with its LayoutJob */

static const int n_threads[N_LANES] = { 1, 2 };
static GMutex queue_lock;
static Lane lanes[N_LANES];

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
  result = layout_run_until (job->input, job->previous, job->anchor, g_task_get_cancellable (task), &error);
  if (result != NULL)
    g_task_return_pointer (task, result, (GDestroyNotify) layout_result_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/* Each push stands for one task; a replaced task leaves nothing to do. */
static void
work (gpointer token, gpointer data)
{
  Lane *lane = token;
  g_autoptr (GTask) task = NULL;

  g_mutex_lock (&queue_lock);
  task = g_queue_pop_head (&lane->queue);
  g_mutex_unlock (&queue_lock);
  if (task != NULL)
    run_task (task);
}

static GThreadPool *
get_pool (Lane *lane)
{
  if (g_once_init_enter (&lane->pool))
    g_once_init_leave (&lane->pool, (gsize) g_thread_pool_new (work, NULL, n_threads[lane - lanes], FALSE, NULL));
  return (GThreadPool *) lane->pool;
}

/* Takes the waiting task of that owner out of the queue, or NULL. */
static GTask *
take_waiting (gpointer owner)
{
  for (guint k = 0; k < N_LANES; k++)
    for (GList *link = lanes[k].queue.head; link != NULL; link = link->next)
      {
        GTask *task = link->data;
        LayoutJob *job = g_task_get_task_data (task);

        if (job->owner != owner)
          continue;
        g_queue_delete_link (&lanes[k].queue, link);
        return task;
      }
  return NULL;
}

void
layout_run_async (LayoutInput *input, LayoutResult *previous, guint anchor, GCancellable *cancellable,
                  GAsyncReadyCallback callback, gpointer data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, data);
  Lane *lane = &lanes[layout_helper_is_for (input) ? LANE_AWAY : LANE_HERE];
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
  g_queue_push_tail (&lane->queue, task);
  g_mutex_unlock (&queue_lock);
  if (replaced != NULL)
    g_task_return_new_error (replaced, G_IO_ERROR, G_IO_ERROR_CANCELLED, "A newer layout was asked for");
  g_thread_pool_push (get_pool (lane), lane, NULL);
}

LayoutResult *
layout_run_finish (GAsyncResult *async, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (async, NULL), NULL);
  return g_task_propagate_pointer (G_TASK (async), error);
}

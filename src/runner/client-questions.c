/* SPDX-License-Identifier: MIT
 *
 * What the window asks of a runner: a scan (of the spare, so that it also works
 * while a script runs) and one element's terms (of the run's own process). */
#include "client-private.h"

void
runner_client_scan_async (RunnerClient *client, const char *source, const char *path, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer data)
{
  GError *error = NULL;
  g_autoptr (GTask) task = g_task_new (client, cancellable, callback, data);
  g_task_set_source_tag (task, runner_client_scan_async);
  if (!g_utf8_validate (source, -1, NULL))
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "The script is not a UTF-8 text");
      return;
    }
  RunnerProcess *spare = runner_client_ensure_spare (client, &error);
  if (spare == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  JsonObject *question = runner_process_message ("scan");
  json_object_set_string_member (question, "source", source);
  if (path != NULL && g_utf8_validate (path, -1, NULL))
    json_object_set_string_member (question, "path", path);
  runner_process_ask (spare, question, g_steal_pointer (&task));
}

char *
runner_client_scan_finish (RunnerClient *client, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, client), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
runner_client_element_async (RunnerClient *client, guint64 event, int input, gint64 index, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (client, cancellable, callback, data);
  g_task_set_source_tag (task, runner_client_element_async);
  if (client->process == NULL)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CLOSED, "Nothing has run yet");
      return;
    }
  JsonObject *question = runner_process_message ("element");
  json_object_set_int_member (question, "event", event);
  json_object_set_int_member (question, "input", input);
  json_object_set_int_member (question, "index", index);
  runner_process_ask (client->process, question, g_steal_pointer (&task));
}

char *
runner_client_element_finish (RunnerClient *client, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, client), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

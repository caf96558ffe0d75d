/* SPDX-License-Identifier: MIT
 *
 * What the window asks of a runner: a scan (of the spare, so that it also works
 * while a script runs) and one element's terms (of the run's own process; when that
 * is dead, of another one that reads the same recording). */
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

RunnerProcess *
runner_client_ensure_answerer (RunnerClient *client, GError **error)
{
  if (!runner_process_is_gone (client->process))
    return client->process;
  if (client->answerer != NULL && runner_process_is_gone (client->answerer))
    g_clear_pointer (&client->answerer, runner_process_discard);
  if (client->answerer == NULL)
    client->answerer = runner_process_new_for_recording (client->program, client->recording, error);
  return client->answerer;
}

void
runner_client_element_async (RunnerClient *client, guint64 event, int input, gint64 index, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer data)
{
  GError *error = NULL;
  g_autoptr (GTask) task = g_task_new (client, cancellable, callback, data);
  g_task_set_source_tag (task, runner_client_element_async);
  if (client->process == NULL)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CLOSED, "Nothing has run yet");
      return;
    }
  RunnerProcess *process = runner_client_ensure_answerer (client, &error);
  if (process == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  JsonObject *question = runner_process_message ("element");
  json_object_set_int_member (question, "event", event);
  json_object_set_int_member (question, "input", input);
  json_object_set_int_member (question, "index", index);
  runner_process_ask (process, question, g_steal_pointer (&task));
}

char *
runner_client_element_finish (RunnerClient *client, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, client), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

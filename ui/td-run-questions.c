/* SPDX-License-Identifier: MIT
 *
 * Questions about one entry: the player asks, the run's process answers. UI thread. */
#include "td-run-private.h"

typedef struct { TdRun *run; RecRecording *recording; guint64 event; int input; gint64 index; } Question;

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree Question *question = data;
  g_autoptr (TdRun) self = question->run;
  g_autoptr (RecRecording) recording = question->recording;
  g_autoptr (GError) error = NULL;
  g_autofree char *json = runner_client_element_finish (RUNNER_CLIENT (source), result, &error);

  /* Another run has begun: its events are others. */
  if (self->player == NULL || player_get_recording (self->player) != recording)
    return;
  player_answer (self->player, question->event, question->input, question->index, json,
                 json == NULL ? error->message : NULL);
}

/* In its own time, as every answer: views are in the middle of asking. */
static gboolean
refuse_cb (gpointer data)
{
  g_autofree Question *question = data;
  g_autoptr (TdRun) self = question->run;

  if (self->player != NULL && player_get_recording (self->player) == question->recording)
    player_answer (self->player, question->event, question->input, question->index, NULL,
                   "The numbers need the script's process, which is gone. Run again to see them.");
  g_clear_pointer (&question->recording, rec_recording_unref);
  return G_SOURCE_REMOVE;
}

static void
question_cb (TdRun *self, guint64 event, int input, gint64 index)
{
  RunnerState state = runner_client_get_state (self->client);
  RecRecording *recording = player_get_recording (self->player);
  Question *question;

  if (recording == NULL)
    return;
  question = g_new (Question, 1);
  *question = (Question) { g_object_ref (self), rec_recording_ref (recording), event, input, index };
  if (state == RUNNER_IDLE)
    g_idle_add (refuse_cb, question);
  else
    runner_client_element_async (self->client, event, input, index, NULL, answered_cb, question);
}

void
td_run_questions_init (TdRun *self)
{
  g_signal_connect_swapped (self->player, "question", G_CALLBACK (question_cb), self);
}

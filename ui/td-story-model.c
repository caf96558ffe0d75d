/* SPDX-License-Identifier: MIT
 *
 * A row is a number only, counted as the player counts: its caption is asked of the player when shown.
 * The model grows with the recording and starts anew with a new one. UI thread. */
#include "td-story-model.h"

struct _TdStoryRow { GObject parent_instance; guint number; };
G_DEFINE_FINAL_TYPE (TdStoryRow, td_story_row, G_TYPE_OBJECT)

static void
td_story_row_class_init (TdStoryRowClass *klass)
{
}

static void
td_story_row_init (TdStoryRow *self)
{
}

guint
td_story_row_get_number (TdStoryRow *self)
{
  return self->number;
}

struct _TdStoryModel
{
  GObject parent_instance;

  Player *player;
  RecRecording *recording;   /* whose rows these are; compared only */
  PlayerGranularity granularity;
  guint n_rows, last_stop;   /* where the last row's step ended */
};

static void td_story_model_list_init (GListModelInterface *iface);
G_DEFINE_FINAL_TYPE_WITH_CODE (TdStoryModel, td_story_model, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, td_story_model_list_init))

static GType
get_item_type (GListModel *list)
{
  return TD_TYPE_STORY_ROW;
}

static guint
get_n_items (GListModel *list)
{
  return TD_STORY_MODEL (list)->n_rows;
}

static gpointer
get_item (GListModel *list, guint position)
{
  TdStoryRow *row;

  if (position >= TD_STORY_MODEL (list)->n_rows)
    return NULL;
  row = g_object_new (TD_TYPE_STORY_ROW, NULL);
  row->number = position + 1;
  return row;
}

static void
td_story_model_list_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static void
update (TdStoryModel *self)
{
  guint n_steps = self->player != NULL ? player_get_count_steps (self->player) : 0;
  PlayerGranularity granularity = self->player != NULL ? player_get_granularity (self->player) : PLAYER_BY_OPERATION;
  RecRecording *recording = self->player != NULL ? player_get_recording (self->player) : NULL;
  guint old = self->n_rows;

  gboolean same = recording == self->recording && granularity == self->granularity;
  guint last_stop = self->player != NULL ? player_from_count (self->player, n_steps) : 0;

  if (same && n_steps == old && last_stop == self->last_stop)
    return;
  self->last_stop = last_stop;
  if (same && n_steps >= old)
    {
      /* The last line may have grown. */
      guint kept = granularity == PLAYER_BY_LINE && old > 0 ? old - 1 : old;

      self->n_rows = n_steps;
      g_list_model_items_changed (G_LIST_MODEL (self), kept, old - kept, n_steps - kept);
      return;
    }
  self->recording = recording;
  self->granularity = granularity;
  self->n_rows = n_steps;
  g_list_model_items_changed (G_LIST_MODEL (self), 0, old, n_steps);
}

void
td_story_model_set_player (TdStoryModel *self, Player *player)
{
  if (self->player != NULL)
    g_signal_handlers_disconnect_by_data (self->player, self);
  g_set_object (&self->player, player);
  if (player != NULL)
    {
      g_signal_connect_swapped (player, "moved", G_CALLBACK (update), self);
      g_signal_connect_swapped (player, "grown", G_CALLBACK (update), self);
    }
  update (self);
}

static void
td_story_model_dispose (GObject *object)
{
  TdStoryModel *self = TD_STORY_MODEL (object);

  if (self->player != NULL)
    g_signal_handlers_disconnect_by_data (self->player, self);
  g_clear_object (&self->player);
  G_OBJECT_CLASS (td_story_model_parent_class)->dispose (object);
}

static void
td_story_model_class_init (TdStoryModelClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = td_story_model_dispose;
}

static void
td_story_model_init (TdStoryModel *self)
{
}

TdStoryModel *
td_story_model_new (void)
{
  return g_object_new (TD_TYPE_STORY_MODEL, NULL);
}

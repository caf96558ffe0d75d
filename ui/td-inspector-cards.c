/* SPDX-License-Identifier: MIT
 *
 * Cards from an explanation: an operation has Forward and Backward, a tensor has
 * its facts with statistics. Nothing is computed here but statistics of the
 * recorded values. Called by td-inspector.c. */
#include "td-inspector-cards.h"
#include "td-heat-map.h"
#include "painter/painter.h"
#include "td-line-link.h"

GtkWidget *
td_card_label (const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_widget_set_can_focus (label, FALSE); /* else Tab would stay there, on nothing */
  gtk_widget_add_css_class (label, css_class);
  return label;
}

GtkWidget *
td_card_linked (const char *text, const char *css_class)
{
  GtkWidget *label = td_card_label (NULL, css_class);

  td_line_link_set (GTK_LABEL (label), text);
  return label;
}

GtkWidget *
td_card_new (const char *title)
{
  GtkWidget *card = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);

  gtk_widget_add_css_class (card, "inspector-card");
  if (title != NULL)
    gtk_box_append (GTK_BOX (card), td_card_label (title, "card-title"));
  return card;
}

#define SHORT_NOTE 16   /* characters: such a note stays in one line, its label wraps */

/* Two texts on one line, the second at the right. */
static GtkWidget *
pair_new (const char *left, const char *right)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *left_label = td_card_label (left != NULL ? left : "", "fact-label");
  GtkWidget *right_label = td_card_label (right != NULL ? right : "", "fact-note");

  gtk_widget_set_hexpand (left_label, TRUE);
  gtk_label_set_xalign (GTK_LABEL (right_label), 1);
  if (right != NULL && g_utf8_strlen (right, -1) <= SHORT_NOTE)
    gtk_label_set_wrap (GTK_LABEL (right_label), FALSE);
  gtk_box_append (GTK_BOX (row), left_label);
  gtk_box_append (GTK_BOX (row), right_label);
  return row;
}

/* "min −2.310 · mean 0.0312 · max 2.418", and what is not finite. */
static char *
statistics (const RecShot *shot)
{
  RecStats stats;
  g_autofree char *low = NULL, *mean = NULL, *high = NULL;
  GString *text = g_string_new (NULL);

  rec_shot_get_stats (shot, &stats);
  low = player_format_number (stats.min);
  mean = player_format_number (stats.mean);
  high = player_format_number (stats.max);
  g_string_printf (text, "min %s · mean %s · max %s", low, mean, high);
  if (stats.n_nan > 0)
    g_string_append_printf (text, " · %" G_GINT64_FORMAT " NaN", stats.n_nan);
  if (stats.n_inf > 0)
    g_string_append_printf (text, " · %" G_GINT64_FORMAT " infinite", stats.n_inf);
  return g_string_free (text, FALSE);
}

/* A click on an entry makes it the one that is followed. */
typedef struct { Player *player; guint64 tensor, shot; } Picking;

static void
picking_free (gpointer data, GClosure *closure)
{
  g_object_unref (((Picking *) data)->player);
  g_free (data);
}

static void
picked_cb (Picking *picking, gint64 index)
{
  RecRecording *recording = player_get_recording (picking->player);
  RecShot shot;

  if (recording != NULL && rec_recording_get_shot (recording, picking->shot, &shot))
    player_pick (picking->player, picking->tensor, index, shot.ndim, shot.sizes);
}

static GtkWidget *
heat_map_new (const PlayerFact *fact, const TdCardContext *context)
{
  GtkWidget *map = td_heat_map_new (context->recording, fact->shot,
                                    fact->gradient ? context->gradient_scale : context->value_scale, fact->label);
  Picking *picking;

  if (fact->tensor == 0 || context->player == NULL)
    return map;
  picking = g_new (Picking, 1);
  *picking = (Picking) { g_object_ref (context->player), fact->tensor, fact->shot };
  g_signal_connect_data (map, "picked", G_CALLBACK (picked_cb), picking, picking_free, G_CONNECT_SWAPPED);
  gtk_widget_set_tooltip_text (map, "Click an entry to follow it");
  return map;
}

/* Where no common scale holds, what full colour stands for in this map. */
static void
append_scale (GtkBox *card, const PlayerFact *fact, const TdCardContext *context)
{
  g_autofree char *scale = NULL, *text = NULL;
  GtkWidget *label;

  if ((fact->gradient ? context->gradient_scale : context->value_scale) > 0)
    return;
  scale = paint_format_scale (paint_shot_scale (context->recording, fact->shot));
  text = g_strdup_printf ("scale %s", scale);
  label = td_card_label (text, "note");
  gtk_widget_set_tooltip_text (label, "The value that has full colour in this map");
  gtk_box_append (card, label);
}

static void
append_fact (GtkBox *card, const PlayerFact *fact, const TdCardContext *context, gboolean with_statistics)
{
  RecShot shot;

  gtk_box_append (card, pair_new (fact->label, fact->note));
  if (fact->shot == 0 || context->recording == NULL || !rec_recording_get_shot (context->recording, fact->shot, &shot))
    return;
  gtk_box_append (card, heat_map_new (fact, context));
  append_scale (card, fact, context);
  if (with_statistics && shot.numel > 1)
    {
      g_autofree char *text = statistics (&shot);

      gtk_box_append (card, td_card_label (text, "note"));
    }
}

static void
append_forward (GtkBox *column, const PlayerExplanation *explanation)
{
  GtkWidget *card;

  if (explanation->formula == NULL && explanation->sizes == NULL)
    return;
  card = td_card_new ("Forward");
  if (explanation->formula != NULL)
    gtk_box_append (GTK_BOX (card), td_card_linked (explanation->formula, "formula"));
  if (explanation->sizes != NULL || explanation->result_size != NULL)
    gtk_box_append (GTK_BOX (card), pair_new (explanation->sizes, explanation->result_size));
  gtk_box_append (column, card);
}

/* The views folded into an edge's tag: what each did, the sizes before and after. */
static void
append_views (GtkBox *column, const PlayerExplanation *explanation)
{
  GtkWidget *card;
  g_autofree char *title = NULL;

  if (explanation->views->len == 0)
    return;
  title = explanation->views->len == 1 ? g_strdup ("Folded view")
                                       : g_strdup_printf ("%u folded views", explanation->views->len);
  card = td_card_new (title);
  for (guint k = 0; k < explanation->views->len; k++)
    gtk_box_append (GTK_BOX (card), td_card_label (g_ptr_array_index (explanation->views, k), "note"));
  if (explanation->sizes != NULL)
    {
      g_autofree char *sizes = g_strdup_printf ("%s → %s", explanation->sizes, explanation->result_size);

      gtk_box_append (GTK_BOX (card), td_card_label (sizes, "formula"));
    }
  gtk_box_append (column, card);
}

static void
append_derivatives (GtkBox *card, const PlayerExplanation *explanation)
{
  for (guint k = 0; explanation->derivatives != NULL && k < explanation->derivatives->len; k++)
    gtk_box_append (card, td_card_label (g_ptr_array_index (explanation->derivatives, k), "formula"));
  if (explanation->words != NULL)
    gtk_box_append (card, td_card_label (explanation->words, "note"));
}

static void
append_backward (GtkBox *column, const PlayerExplanation *explanation, const TdCardContext *context)
{
  gboolean reached = explanation->backward_title != NULL;
  gboolean has_rule = explanation->derivatives != NULL && explanation->derivatives->len > 0;
  guint n_facts = explanation->facts != NULL ? explanation->facts->len : 0;
  GtkWidget *card;

  if (!reached && !has_rule && n_facts == 0)
    return;
  card = td_card_new (reached ? explanation->backward_title : "Backward, not yet run");
  if (reached)
    gtk_widget_add_css_class (card, "backward");
  append_derivatives (GTK_BOX (card), explanation);
  for (guint k = 0; k < n_facts; k++)
    append_fact (GTK_BOX (card), g_ptr_array_index (explanation->facts, k), context, FALSE);
  gtk_box_append (column, card);
}

static void
append_tensor (GtkBox *column, const PlayerExplanation *explanation, const TdCardContext *context)
{
  guint n_facts = explanation->facts != NULL ? explanation->facts->len : 0;
  GtkWidget *values = NULL;

  for (guint k = 0; k < n_facts; k++)
    {
      const PlayerFact *fact = g_ptr_array_index (explanation->facts, k);
      gboolean aside = values != NULL && !fact->gradient;   /* of the values: who saved them */
      GtkWidget *card = aside ? values : td_card_new (fact->gradient ? "Gradient" : "Values");

      append_fact (GTK_BOX (card), fact, context, TRUE);
      if (!aside)
        gtk_box_append (column, card);
      if (!fact->gradient)
        values = card;
    }
}

/* All facts of a kind in one card. */
static void
append_group (GtkBox *column, const PlayerExplanation *explanation, const TdCardContext *context, gboolean gradient,
              const char *title)
{
  GtkWidget *card = NULL;

  for (guint k = 0; k < explanation->facts->len; k++)
    {
      const PlayerFact *fact = g_ptr_array_index (explanation->facts, k);

      if (fact->gradient != gradient)
        continue;
      if (card == NULL)
        {
          card = td_card_new (title);
          gtk_box_append (column, card);
        }
      append_fact (GTK_BOX (card), fact, context, FALSE);
    }
}

void
td_cards_append_groups (GtkBox *column, const PlayerExplanation *explanation, const TdCardContext *context,
                        const char *values_title, const char *gradients_title)
{
  append_group (column, explanation, context, FALSE, values_title);
  append_group (column, explanation, context, TRUE, gradients_title);
}

void
td_cards_append (GtkBox *column, const PlayerExplanation *explanation, const TdCardContext *context)
{
  if (explanation->is_edge)
    append_views (column, explanation);
  else
    append_forward (column, explanation);
  if (explanation->is_operation)
    append_backward (column, explanation, context);
  else
    append_tensor (column, explanation, context);
}

/* Small, so that it hides little of the graph: what a folded view did stands in the inspector. */
GtkWidget *
td_cards_new_edge (const PlayerExplanation *explanation, const TdCardContext *context)
{
  GtkWidget *card = td_card_new (NULL);

  gtk_widget_remove_css_class (card, "inspector-card");
  gtk_widget_add_css_class (card, "edge-card");
  gtk_box_append (GTK_BOX (card), td_card_label (explanation->title, "inspector-title"));
  gtk_box_append (GTK_BOX (card), td_card_label (explanation->subtitle, "inspector-subtitle"));
  gtk_box_append (GTK_BOX (card), td_card_label (explanation->formula, "note"));
  for (guint k = 0; k < explanation->facts->len; k++)
    append_fact (GTK_BOX (card), g_ptr_array_index (explanation->facts, k), context, FALSE);
  return card;
}

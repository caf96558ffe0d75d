/* SPDX-License-Identifier: MIT
 *
 * Granularity "element": which entry the step at the position is about, the
 * engine's answer to it, and how many of its terms are shown. Answers come when
 * they come: a step asked for meanwhile is done then, a second one goes on to the
 * next operation without them, so that nobody ever waits for a busy run. UI thread. */
#include "player-private.h"

#include <string.h>

#define MOST_ANSWERS 4096

typedef struct { guint64 event; gint64 input, index; } PlayerQuestion;
typedef struct { char *json, *reason; } PlayerAnswer;   /* both NULL: asked, not answered */

static guint
hash_question (gconstpointer key)
{
  const PlayerQuestion *question = key;
  return (guint) (question->event * 2654435761u ^ (guint64) question->input << 24 ^ (guint64) question->index * 40503u);
}

static gboolean
equal_questions (gconstpointer a, gconstpointer b)
{
  return memcmp (a, b, sizeof (PlayerQuestion)) == 0;
}

static void
free_answer (gpointer data)
{
  PlayerAnswer *answer = data;
  g_free (answer->json);
  g_free (answer->reason);
  g_free (answer);
}

void
player_element_init (Player *player)
{
  player->answers = g_hash_table_new_full (hash_question, equal_questions, g_free, free_answer);
  player->lights = g_ptr_array_new_with_free_func (g_free);
}

void
player_element_forget (Player *player)
{
  player->followed_known = FALSE;
  g_clear_pointer (&player->followed, player_explanation_free);
  g_clear_pointer (&player->terms, player_terms_free);
  g_clear_pointer (&player->here_caption, g_free);
  g_clear_pointer (&player->here_next, g_free);
  g_ptr_array_set_size (player->lights, 0);
}

void
player_element_forget_answers (Player *player)
{
  g_hash_table_remove_all (player->answers);
  player->pick = (PlayerPick) { 0 };
}

void
player_element_clear (Player *player)
{
  player_element_forget (player);
  g_clear_pointer (&player->answers, g_hash_table_unref);
  g_clear_pointer (&player->lights, g_ptr_array_unref);
}

static const PlayerAnswer *
find_answer (Player *player, guint64 event, int input, gint64 index)
{
  PlayerQuestion question = { event, input, index };
  return g_hash_table_lookup (player->answers, &question);
}

/* The entry of the step at the position; NULL outside this granularity or where there is none. */
static const PlayerExplanation *
get_followed (Player *player)
{
  const PlayerStep *step = player_get_step (player, player->position);

  if (player->granularity != PLAYER_BY_ELEMENT)
    return NULL;
  if (player->followed_known)
    return player->followed;
  player->followed_known = TRUE;
  player->followed = step != NULL ? player_explain (player, step->node) : NULL;
  if (player->followed != NULL && !player->followed->has_element)
    g_clear_pointer (&player->followed, player_explanation_free);
  return player->followed;
}

static const PlayerAnswer *
get_answer (Player *player)
{
  const PlayerExplanation *followed = get_followed (player);

  return followed != NULL ? find_answer (player, followed->element_event, followed->element_input,
                                         followed->element_index) : NULL;
}

/* NULL: there are none, they are not known yet, or were refused. */
static const PlayerTerms *
get_terms (Player *player)
{
  const PlayerAnswer *answer = get_answer (player);

  if (player->terms == NULL && answer != NULL && answer->json != NULL)
    player->terms = player_explain_terms (player->followed, answer->json);
  return player->terms;
}

static gboolean
is_waiting (Player *player)
{
  const PlayerAnswer *answer = get_answer (player);

  return player->followed != NULL && (answer == NULL || (answer->json == NULL && answer->reason == NULL));
}

guint
player_get_n_terms (Player *player)
{
  const PlayerTerms *terms = get_terms (player);
  return terms != NULL ? player_terms_get_n_steps (terms) : 0;
}

guint
player_get_term (Player *player)
{
  return MIN (player->term, player_get_n_terms (player));
}

gboolean
player_may_step_terms (Player *player)
{
  return is_waiting (player) || player_get_term (player) < player_get_n_terms (player);
}

gboolean
player_is_followed (Player *player, guint64 event, int input, gint64 index)
{
  const PlayerExplanation *followed = get_followed (player);

  return followed != NULL && followed->element_event == event && followed->element_input == input
         && followed->element_index == index;
}

char **
player_dup_term_lines (Player *player)
{
  const PlayerTerms *terms = get_terms (player);
  return terms != NULL ? player_terms_dup_lines (terms, player->term) : NULL;
}

void
player_ask (Player *player, guint64 event, int input, gint64 index)
{
  PlayerQuestion question = { event, input, index };

  if (find_answer (player, event, input, index) != NULL)
    return;
  if (g_hash_table_size (player->answers) >= MOST_ANSWERS)
    g_hash_table_remove_all (player->answers);
  g_hash_table_insert (player->answers, g_memdup2 (&question, sizeof question), g_new0 (PlayerAnswer, 1));
  player_emit_question (player, event, input, index);
}

void
player_element_ask (Player *player)
{
  const PlayerExplanation *followed = get_followed (player);

  if (followed != NULL)
    player_ask (player, followed->element_event, followed->element_input, followed->element_index);
}

gboolean
player_lookup_answer (Player *player, guint64 event, int input, gint64 index, const char **json, const char **reason)
{
  const PlayerAnswer *answer = find_answer (player, event, input, index);

  if (answer == NULL || (answer->json == NULL && answer->reason == NULL))
    return FALSE;
  *json = answer->json;
  *reason = answer->reason;
  return TRUE;
}

/* The followed entry's terms are here: what waited for them is done. */
static void
terms_came (Player *player)
{
  gboolean pressed = player->pressed;

  player->pressed = FALSE;
  if (player->all_terms)
    player->term = player_get_n_terms (player);
  player->all_terms = FALSE;
  g_clear_pointer (&player->here_caption, g_free);
  g_clear_pointer (&player->here_next, g_free);
  if (pressed)
    player_step_forward (player);
  else
    player_emit_term_moved (player);
}

void
player_answer (Player *player, guint64 event, int input, gint64 index, const char *json, const char *reason)
{
  PlayerQuestion question = { event, input, index };
  PlayerAnswer *answer;

  g_return_if_fail (PLAYER_IS_PLAYER (player) && (json != NULL || reason != NULL));
  answer = g_new0 (PlayerAnswer, 1);
  answer->json = g_strdup (json);
  answer->reason = json == NULL ? g_strdup (reason) : NULL;
  g_hash_table_insert (player->answers, g_memdup2 (&question, sizeof question), answer);
  player_emit_answered (player, event, input, index);
  if (player_is_followed (player, event, input, index))
    terms_came (player);
}

static void
set_term (Player *player, guint term)
{
  player->term = term;
  g_clear_pointer (&player->here_caption, g_free);
  g_clear_pointer (&player->here_next, g_free);
  g_ptr_array_set_size (player->lights, 0);
  player_emit_term_moved (player);
}

gboolean
player_element_forward (Player *player)
{
  if (is_waiting (player))
    {
      player->pressed = !player->pressed && !player->playing;
      return player->pressed || player->playing;
    }
  if (player_get_term (player) >= player_get_n_terms (player))
    return FALSE;
  set_term (player, player_get_term (player) + 1);
  return TRUE;
}

/* Back over an operation leads to where it was left: with all terms of the step before. */
gboolean
player_element_back (Player *player)
{
  if (player->granularity != PLAYER_BY_ELEMENT)
    return FALSE;
  player->pressed = FALSE;
  if (player_get_term (player) > 0)
    {
      set_term (player, player_get_term (player) - 1);
      return TRUE;
    }
  if (player->position == 0)
    return FALSE;
  player_set_position (player, player->position - 1);
  player->all_terms = is_waiting (player);
  if (player_get_n_terms (player) > 0)
    set_term (player, player_get_n_terms (player));
  return TRUE;
}

static void
pick_changed (Player *player)
{
  player->term = 0;
  player->all_terms = player->pressed = FALSE;
  player_element_forget (player);
  player_element_ask (player);
  player_emit_term_moved (player);
}

void
player_pick (Player *player, guint64 tensor, gint64 index, guint ndim, const gint64 *sizes)
{
  g_return_if_fail (PLAYER_IS_PLAYER (player) && tensor != 0 && index >= 0);
  player->pick = (PlayerPick) { tensor, index, MIN (ndim, G_N_ELEMENTS (player->pick.sizes)), { 0 } };
  for (guint d = 0; d < player->pick.ndim; d++)
    player->pick.sizes[d] = sizes[d];
  pick_changed (player);
}

void
player_unpick (Player *player)
{
  g_return_if_fail (PLAYER_IS_PLAYER (player));
  if (player->pick.tensor == 0)
    return;
  player->pick = (PlayerPick) { 0 };
  pick_changed (player);
}

/* Texts */

const char *
player_get_caption_here (Player *player)
{
  const PlayerTerms *terms = get_terms (player);

  if (terms == NULL || player_get_term (player) == 0)
    return player_get_caption (player, player->position);
  if (player->here_caption == NULL)
    player->here_caption = player_terms_dup_caption (terms, player_get_term (player));
  return player->here_caption;
}

const char *
player_get_next_here (Player *player)
{
  const PlayerAnswer *answer = get_answer (player);
  const PlayerTerms *terms = get_terms (player);

  if (is_waiting (player))
    return "The terms of this entry are being asked for …";
  if (player->here_next == NULL && answer != NULL && answer->reason != NULL)
    player->here_next = g_strdup_printf ("No terms are shown here: %s", answer->reason);
  if (player->here_next == NULL && terms != NULL && player_get_term (player) < player_get_n_terms (player))
    player->here_next = player_terms_dup_next (terms, player_get_term (player) + 1);
  return player->here_next != NULL ? player->here_next : player_get_next (player, player->position);
}

/* Entries that light up */

static void
add_light (Player *player, const PlayerSpot *spot, gboolean target)
{
  PlayerLight light = { PLAYER_NONE, spot->gradient, target, spot->index };

  if (spot->tensor == 0)
    return;
  for (guint k = 0; k < player_graph_get_n_nodes (player->graph); k++)
    {
      const PlayerNode *node = player_graph_get_node (player->graph, k);
      if (node->kind == PLAYER_BOX && node->tensor == spot->tensor && !node->outline)
        light.node = node->id;
    }
  if (light.node != PLAYER_NONE)
    g_ptr_array_add (player->lights, g_memdup2 (&light, sizeof light));
}

guint
player_get_n_lights (Player *player)
{
  const PlayerTerms *terms = get_terms (player);
  guint term = player_get_term (player);

  if (player->lights->len > 0 || terms == NULL)
    return player->lights->len;
  add_light (player, &terms->spot, TRUE);
  if (term >= 1 && term <= terms->n_listed)
    for (guint k = 0; k < G_N_ELEMENTS (terms->terms[0].spots); k++)
      add_light (player, &terms->terms[term - 1].spots[k], FALSE);
  return player->lights->len;
}

const PlayerLight *const *
player_get_lights (Player *player)
{
  return (const PlayerLight *const *) player->lights->pdata;
}

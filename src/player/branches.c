/* SPDX-License-Identifier: MIT
 *
 * Ways of ifs as the recording tells them. Paths are compared by line and written
 * operation. Cost of a sentence: the events of the two paths, at most MOST_EVENTS
 * each. */
#include "branches.h"
#include "captions.h"

#define MOST_EVENTS 100000
#define MOST_NAMES 4

static PlayerBranch *
get_branch (PlayerRunIndex *index, guint k)
{
  return &g_array_index (index->branches, PlayerBranch, k);
}

static gpointer
key_of (const RecEvent *record)
{
  return GSIZE_TO_POINTER ((gsize) record->file << 32 | record->line);
}

static void
add_branch (PlayerRunIndex *index, guint64 event, const RecEvent *record)
{
  PlayerBranch branch = { .event = event, .end = G_MAXUINT64, .line = record->line, .file = record->file,
                          .way = record->number != 0, .depth = index->n_scopes };
  guint number = index->branches->len;
  guint before = (guint32) record->object;

  branch.end_line = (guint32) (record->object >> 32);
  branch.leaves = record->flags == 1;
  branch.turned = before != 0 && before - 1 != branch.way;
  branch.before = GPOINTER_TO_UINT (g_hash_table_lookup (index->last_branches, key_of (record)));
  branch.other_first = (guint32) (record->subject >> 32);
  branch.other_last = (guint32) record->subject;
  g_array_append_val (index->branches, branch);
  g_array_append_val (index->open_branches, number);
  g_hash_table_insert (index->last_branches, key_of (record), GUINT_TO_POINTER (number + 1));
}

/* Scopes deeper than that are over. */
static void
close_branches (PlayerRunIndex *index, guint64 event, guint depth)
{
  while (index->open_branches->len > 0)
    {
      PlayerBranch *branch = get_branch (index, g_array_index (index->open_branches, guint,
                                                               index->open_branches->len - 1));
      if (branch->depth <= depth)
        return;
      branch->end = event;
      g_array_set_size (index->open_branches, index->open_branches->len - 1);
    }
}

/* What begins behind an if whose ways both lead there is no part of it. */
static void
end_passed (PlayerRunIndex *index, guint64 event, const RecEvent *record)
{
  while (index->open_branches->len > 0)
    {
      PlayerBranch *branch = get_branch (index, g_array_index (index->open_branches, guint,
                                                               index->open_branches->len - 1));
      if (branch->leaves || branch->depth != index->n_scopes || branch->file != record->file
          || (record->line >= branch->line && record->line <= branch->end_line))
        return;
      branch->end = event;
      g_array_set_size (index->open_branches, index->open_branches->len - 1);
    }
}

void
player_branches_read (PlayerRunIndex *index, guint64 event, const RecEvent *record)
{
  if (record->kind == REC_STATEMENT_BEGINS || record->kind == REC_BRANCH_TAKEN)
    end_passed (index, event, record);
  if (record->kind == REC_BRANCH_TAKEN)
    add_branch (index, event, record);
  else if (record->kind == REC_SCOPE_ENTERED)
    index->n_scopes++;
  else if (record->kind == REC_SCOPE_LEFT && index->n_scopes > 0)
    close_branches (index, event, --index->n_scopes);
  else if (record->kind == REC_RUN_ENDS)
    for (; index->open_branches->len > 0; g_array_set_size (index->open_branches, index->open_branches->len - 1))
      get_branch (index, g_array_index (index->open_branches, guint, index->open_branches->len - 1))->end = event;
}

guint
player_branches_get_open_step (PlayerRunIndex *index)
{
  for (guint k = 0; k < index->open_branches->len; k++)
    {
      const PlayerBranch *branch = get_branch (index, g_array_index (index->open_branches, guint, k));
      if (branch->turned)
        return player_run_index_find_step (index, branch->event);
    }
  return 0;
}

/* One operation of a path. */
typedef struct { guint16 file; guint32 line; const char *written; } Part;

static gboolean
holds (const GArray *path, const Part *part)
{
  for (guint k = 0; k < path->len; k++)
    {
      const Part *one = &g_array_index (path, Part, k);
      if (one->line == part->line && one->file == part->file && g_str_equal (one->written, part->written))
        return TRUE;
    }
  return FALSE;
}

/* Each operation once. */
static GArray *
list_path (PlayerRunIndex *index, const PlayerBranch *branch)
{
  GArray *path = g_array_new (FALSE, FALSE, sizeof (Part));
  g_autofree RecOp *op = g_new (RecOp, 1);
  guint64 end = MIN (MIN (branch->end, index->n_read), branch->event + MOST_EVENTS);

  for (guint64 event = branch->event + 1; event < end; event++)
    {
      const RecOpDef *def;
      RecEvent record;
      Part part;

      if (!rec_recording_get_event (index->recording, event, &record) || record.kind != REC_OP_DONE || record.inside != 0
          || !player_read_op (index, event, op, &def) || def->is_view || def->is_factory)
        continue;
      part = (Part) { record.file, record.line, op->written != NULL ? op->written : def->name };
      if (!holds (path, &part))
        g_array_append_val (path, part);
    }
  return path;
}

static gboolean
was_left_out (const PlayerBranch *branch, const Part *part)
{
  return branch->end != G_MAXUINT64
         || (part->file == branch->file && part->line >= branch->other_first && part->line <= branch->other_last);
}

/* "relu", "relu and sum", with their lines where the same is in both lists; what `path` has and `other` has not. */
static char *
dup_names (const GArray *path, const GArray *other, const PlayerBranch *limit, guint *n)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  GString *text = g_string_new (NULL);

  for (guint k = 0; k < path->len; k++)
    {
      const Part *part = &g_array_index (path, Part, k);
      gboolean twice = FALSE;
      g_autofree char *name = NULL;

      if (holds (other, part) || (limit != NULL && !was_left_out (limit, part)))
        continue;
      for (guint j = 0; j < other->len && !twice; j++)
        twice = g_str_equal (g_array_index (other, Part, j).written, part->written)
                && !holds (path, &g_array_index (other, Part, j));
      name = twice ? g_strdup_printf ("%s in line %u", part->written, part->line) : g_strdup (part->written);
      if (!g_ptr_array_find_with_equal_func (names, name, g_str_equal, NULL))
        g_ptr_array_add (names, g_steal_pointer (&name));
    }
  *n = names->len;
  for (guint k = 0; k < MIN (names->len, MOST_NAMES); k++)
    g_string_append_printf (text, "%s%s", k == 0 ? "" : k + 1 < names->len ? ", " : " and ",
                            (const char *) names->pdata[k]);
  if (names->len > MOST_NAMES)
    g_string_append_printf (text, " and %u more", names->len - MOST_NAMES);
  return g_string_free (text, FALSE);
}

static char *
dup_sentence (PlayerRunIndex *index, const PlayerBranch *branch)
{
  const PlayerBranch *before = branch->before != 0 ? get_branch (index, branch->before - 1) : NULL;
  g_autoptr (GArray) now = NULL, then = NULL;
  g_autofree char *come = NULL, *gone = NULL;
  guint n_come, n_gone;

  if (!branch->turned || (before != NULL && before->end > branch->event))
    return NULL;
  now = list_path (index, branch);
  /* The time before is not the last one that was recorded: nothing happened then. */
  then = before != NULL && before->way != branch->way ? list_path (index, before)
                                                      : g_array_new (FALSE, FALSE, sizeof (Part));
  come = dup_names (now, then, NULL, &n_come);
  gone = dup_names (then, now, branch, &n_gone);
  if (n_come == 0 && n_gone == 0)
    return NULL;
  if (n_gone == 0)
    return g_strdup_printf ("This time the if on line %u went the other way: %s %s new in the graph.", branch->line,
                            come, n_come == 1 ? "is" : "are");
  if (n_come == 0)
    return g_strdup_printf ("This time the if on line %u went the other way: %s %s gone from the graph.", branch->line,
                            gone, n_gone == 1 ? "is" : "are");
  return g_strdup_printf ("This time the if on line %u went the other way: %s %s new in the graph, %s %s gone.",
                          branch->line, come, n_come == 1 ? "is" : "are", gone, n_gone == 1 ? "is" : "are");
}

char *
player_dup_branch_sentence (PlayerRunIndex *index, const PlayerStepInfo *step)
{
  guint low = 0, high = index->branches->len;
  char *sentence = NULL;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      if (get_branch (index, middle)->event >= step->pub.first_event)
        high = middle;
      else
        low = middle + 1;
    }
  for (; sentence == NULL && low < index->branches->len && get_branch (index, low)->event < step->main; low++)
    sentence = dup_sentence (index, get_branch (index, low));
  return sentence;
}

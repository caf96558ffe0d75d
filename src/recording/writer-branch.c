/* SPDX-License-Identifier: MIT
 *
 * Writes which way an if went. */
#include "writer-private.h"

void
rec_writer_branch_taken (RecWriter *writer, const RecBranch *branch)
{
  RecEvent event = { .kind = REC_BRANCH_TAKEN,
                     .flags = branch->leaves ? 1 : 0,
                     .number = branch->way,
                     .object = (guint64) branch->end_line << 32 | branch->before,
                     .subject = (guint64) branch->other_first << 32 | branch->other_last };
  rec_writer_append (writer, &event);
}

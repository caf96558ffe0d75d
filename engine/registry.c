/* SPDX-License-Identifier: MIT
 *
 * All cards in op-list.h order, their parsed signatures and their names. Built
 * once by eng_init; read-only afterwards. A card with a broken signature is a
 * programmer's error and stops the program at start, with its text. */
#include "engine/registry.h"

#include <string.h>

#include "engine/kernels/kernels.h"

#define ENG_OP(card) extern const EngOp card;
#include "engine/op-list.h"
#undef ENG_OP

static const EngOp *const cards[] = {
#define ENG_OP(card) &card,
#include "engine/op-list.h"
#undef ENG_OP
  NULL
};

static GHashTable *by_name;       /* "sum.dim" → EngEntry */
static GHashTable *by_card;       /* const EngOp → EngEntry */

const EngEntry *eng_registry_cache[ENG_REGISTRY_CACHE];

static void
fill_entry (EngEntry *entry)
{
  const EngSignature *signature = entry->signature;
  if (signature->n_params > ENG_MAX_PARAMS)
    g_error ("%s has more than %d parameters", signature->name, ENG_MAX_PARAMS);
  entry->n_params = (guint8) signature->n_params;
  entry->n_outputs = (guint8) signature->n_outputs;
  while (entry->n_saves < ENG_MAX_SAVES && entry->op->saves[entry->n_saves].what != 0)
    entry->saves_output |= entry->op->saves[entry->n_saves++].what < 0;
  entry->requires_grad_param = ENG_NO_PARAM;
  for (guint8 k = 0; k < entry->n_params; k++)
    {
      const EngParam *param = &signature->params[k];
      if (param->type == ENG_PARAM_TENSOR || param->type == ENG_PARAM_TENSORS)
        entry->input_params[entry->n_inputs++] = k;
      else
        entry->other_params[entry->n_others++] = k;
      entry->has_list |= param->type == ENG_PARAM_TENSORS;
      if (param->type == ENG_PARAM_BOOL && strcmp (param->name, "requires_grad") == 0)
        entry->requires_grad_param = k;
    }
}

/* The door's shortcuts rely on it. */
static void
check_shortcuts (const EngEntry *entry)
{
  const EngOp *op = entry->op;
  gboolean many = entry->n_inputs > 2 || entry->has_list || entry->n_outputs != 1;
  if ((op->plain > 0 && (many || entry->n_inputs != op->plain || entry->n_others > ENG_MAX_PLAIN_NUMBERS))
      || (op->quick != NULL && (many || entry->saves_output))
      || ((op->plain > 0 || op->quick != NULL)
          && (op->flags & (ENG_OP_NOT_DIFFERENTIABLE | ENG_OP_FACTORY)) != 0))
    g_error ("card \"%s\" cannot be called by a shortcut", op->signature);
}

static EngEntry *
register_card (const EngOp *op, guint index)
{
  g_autoptr (GError) error = NULL;
  EngEntry *entry = g_new0 (EngEntry, 1);
  entry->op = op;
  entry->index = index;
  entry->signature = eng_signature_parse (op->signature, &error);
  if (entry->signature == NULL)
    g_error ("card \"%s\": %s", op->signature, error->message);
  fill_entry (entry);
  check_shortcuts (entry);
  g_hash_table_insert (by_card, (gpointer) op, entry);
  return entry;
}

static void
register_listed (guint index)
{
  EngEntry *entry = register_card (cards[index], index);
  const EngSignature *signature = entry->signature;
  char *name = *signature->overload == '\0' ? g_strdup (signature->name)
                                            : g_strconcat (signature->name, ".", signature->overload, NULL);
  if (!g_hash_table_insert (by_name, name, entry))
    g_error ("card %s is listed twice", name);
}

void
eng_init (void)
{
  static gsize done;
  if (!g_once_init_enter (&done))
    return;
  eng_kernels_init ();
  by_name = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  by_card = g_hash_table_new (NULL, NULL);
  for (guint k = 0; cards[k] != NULL; k++)
    register_listed (k);
  g_once_init_leave (&done, 1);
}

const EngEntry *
eng_registry_find_slowly (const EngOp *op)
{
  eng_init ();
  const EngEntry *entry = g_hash_table_lookup (by_card, op);
  if (entry == NULL)
    entry = register_card (op, G_MAXUINT);
  eng_registry_cache[((gsize) op >> 5) % ENG_REGISTRY_CACHE] = entry;
  return entry;
}

const EngOp *const *
eng_op_list (guint *n_ops)
{
  *n_ops = G_N_ELEMENTS (cards) - 1;
  return cards;
}

const EngOp *
eng_op_lookup (const char *name_dot_overload)
{
  eng_init ();
  const EngEntry *entry = g_hash_table_lookup (by_name, name_dot_overload);
  return entry != NULL ? entry->op : NULL;
}

const EngSignature *
eng_op_get_signature (const EngOp *op)
{
  return eng_registry_find (op)->signature;
}

guint
eng_op_get_index (const EngOp *op)
{
  return eng_registry_find (op)->index;
}

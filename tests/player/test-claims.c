/* SPDX-License-Identifier: MIT
 *
 * What captions and cards claim of real runs: sums of gradients, who cleared them,
 * what made a leaf, arguments that change the formula, lines of other files. */
#include "real-run.h"

#include <string.h>

static void
check_said (Player *player, guint step, const char *caption)
{
  g_assert_cmpstr (player_get_caption (player, step), ==, caption);
}

static guint
find_said (Player *player, const char *part)
{
  for (guint k = 1; k <= player_get_n_steps (player); k++)
    if (strstr (player_get_caption (player, k), part) != NULL)
      return k;
  for (guint k = 1; k <= player_get_n_steps (player); k++)
    g_test_message ("%u %s", k, player_get_caption (player, k));
  g_test_message ("nothing says: %s", part);
  g_assert_not_reached ();
}

/* Two gradients add up to what is passed on, whichever operand each was sent to. */
static void
test_addition (void)
{
  g_autoptr (Player) player = real_run ("import torch\n"
                                        "a = torch.tensor(2.0, requires_grad=True)\n"
                                        "w = torch.tensor(7.0, requires_grad=True)\n"
                                        "h = a * 1.5\n"
                                        "y1 = w * h\n"
                                        "y2 = h * 5\n"
                                        "loss = y1 + y2\n"
                                        "loss.backward()\n"
                                        "b = torch.tensor(3.0, requires_grad=True)\n"
                                        "c = b * 2 + 7 * b\n"
                                        "c.backward()\n"
                                        "d = b * 1\n"
                                        "d.register_hook(lambda g: g * 10)\n"
                                        "e = d * 2 + d * 3\n"
                                        "e.backward()\n");

  find_said (player, "The second gradient reached h and was added: 5 + 7 = 12, so h can pass it on.");
  find_said (player, "The second gradient reached b and was added: 7 + 2 = 9, so AccumulateGrad can store the sum.");
  /* A hook changed the sum: it is no sum of the two any more. */
  find_said (player, "The second gradient reached d and was added, so d can pass it on.");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/player/claims/addition", test_addition);
  return g_test_run ();
}

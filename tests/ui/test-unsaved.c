/* SPDX-License-Identifier: MIT
 *
 * Nothing typed is ever lost: the copies of unsaved text that outlive a crash and
 * how they come back, text typed while a file is being read or written, questions
 * that were answered for another text. A window that is destroyed without being
 * closed stands for a crash. */
#include "ui-test.h"

#include <glib/gstdio.h>
#include <string.h>

#define DEMO "dynamic_graph.py"
#define ANSWER "Bring them back"

static const char edits[] = "import torch\nprecious = torch.ones(3)\n";
static const char later[] = "import torch\nlater = torch.ones(4)\n";

/* Copies of unsaved text */

typedef void (*EachCopy) (const char *path, const char *text, gpointer data);

static void
each_copy (EachCopy each, gpointer data)
{
  g_autofree char *folder = g_build_filename (g_get_user_state_dir (), "tapedeck", "unsaved", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *text = NULL;

      if (g_str_has_suffix (name, ".py") && g_file_get_contents (path, &text, NULL, NULL))
        each (path, text, data);
    }
}

typedef struct
{
  const char *text;
  guint n;
} Copies;

static void
count_cb (const char *path, const char *text, gpointer data)
{
  Copies *copies = data;

  copies->n += copies->text == NULL || g_str_equal (text, copies->text);
}

static guint
count_copies (const char *text)
{
  Copies copies = { text, 0 };

  each_copy (count_cb, &copies);
  return copies.n;
}

static void
remove_cb (const char *path, const char *text, gpointer data)
{
  g_remove (path);
}

static gboolean
is_kept (gpointer text)
{
  return count_copies (text) > 0;
}

static gboolean
is_forgotten (gpointer text)
{
  return count_copies (text) == 0;
}

/* Widgets and windows */

static GtkWidget *
find_button (GtkWidget *widget, const char *label)
{
  GtkWidget *found = NULL;

  if (GTK_IS_BUTTON (widget) && gtk_widget_get_mapped (widget)
      && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), label) == 0)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_button (child, label);
  return found;
}

typedef struct
{
  TdWindow *window;
  const char *label;   /* or what is said */
} Wanted;

static gboolean
has_button (gpointer data)
{
  const Wanted *wanted = data;

  return find_button (GTK_WIDGET (wanted->window), wanted->label) != NULL;
}

static gboolean
is_offered (gpointer window)
{
  return find_button (window, ANSWER) != NULL;
}

static void
press (TdWindow *window, const char *label)
{
  g_signal_emit_by_name (find_button (GTK_WIDGET (window), label), "clicked");
}

static gboolean
has_message (gpointer window)
{
  return td_window_get_message (window) != NULL;
}

static gboolean
says (gpointer data)
{
  const Wanted *message = data;

  return has_message (message->window)
         && strstr (td_window_get_message (message->window), message->label) != NULL;
}

/* The cross of the bar that shows the window's message. */
static void
close_message (TdWindow *window, GtkWidget *widget)
{
  if (GTK_IS_LABEL (widget) && gtk_widget_get_mapped (widget)
      && g_str_equal (gtk_label_get_text (GTK_LABEL (widget)), td_window_get_message (window)))
    {
      GtkWidget *bar = gtk_widget_get_ancestor (widget, GTK_TYPE_INFO_BAR);

      gtk_info_bar_response (GTK_INFO_BAR (bar), GTK_RESPONSE_CLOSE);
      return;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && has_message (window);
       child = gtk_widget_get_next_sibling (child))
    close_message (window, child);
}

static char *
dup_text (TdWindow *window)
{
  return td_script_view_dup_text (td_window_get_script_view (window));
}

static gboolean
is_modified (gpointer window)
{
  return td_script_view_is_modified (td_window_get_script_view (window));
}

static gboolean
is_clean (gpointer window)
{
  return !is_modified (window);
}

/* What a user types, not waiting for anybody to notice. */
static void
type (TdWindow *window, const char *text)
{
  gtk_text_buffer_insert_at_cursor (td_script_view_get_buffer (td_window_get_script_view (window)), text, -1);
}

static TdWindow *
open_demo (void)
{
  TdWindow *window = ui_test_window_new (1024, 700);

  td_window_open_example (window, DEMO);
  return window;
}

static gboolean
is_titled (gpointer data)
{
  const Wanted *titled = data;

  return g_str_has_prefix (gtk_window_get_title (GTK_WINDOW (titled->window)), titled->label);
}

static void
wait_title (TdWindow *window, const char *title)
{
  Wanted titled = { window, title };

  ui_test_wait (is_titled, &titled, title);
}

/* A file of its own for each test. */
typedef struct
{
  char *folder, *path;
  GFile *file;
  GLogLevelFlags fatal;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  each_copy (remove_cb, NULL);
  /* libadwaita 1.7 measures the buttons of its own dialog too narrow, and warns. */
  fixture->fatal = g_log_set_always_fatal (G_LOG_LEVEL_CRITICAL | G_LOG_FATAL_MASK);
  fixture->folder = g_dir_make_tmp ("tapedeck-test-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "a.py", NULL);
  fixture->file = g_file_new_for_path (fixture->path);
  g_assert_true (g_file_set_contents (fixture->path, "a = 1\n", -1, NULL));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_remove (fixture->path);
  g_rmdir (fixture->folder);
  g_object_unref (fixture->file);
  g_free (fixture->path);
  g_free (fixture->folder);
  g_log_set_always_fatal (fixture->fatal);
  each_copy (remove_cb, NULL);
}

static void
assert_on_disk (Fixture *fixture, const char *expected)
{
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents (fixture->path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, expected);
}

static void
assert_text (TdWindow *window, const char *expected)
{
  g_autofree char *text = dup_text (window);

  g_assert_cmpstr (text, ==, expected);
}

/* Edits of the demo that a crash left behind. */
static void
crash_with (const char *text)
{
  TdWindow *window = open_demo ();

  ui_test_set_script (window, text);
  ui_test_wait (is_kept, (gpointer) text, "the edits to be kept");
  ui_test_window_crash (window);
}

static void
assert_brought_back (TdWindow *window, const char *button, const char *expected)
{
  press (window, button);
  assert_text (window, expected);
  g_assert_true (is_modified (window));
  g_assert_false (is_offered (window));
}

/* Edits are kept while typing; a window that opens after a crash offers them, at what was edited. */
static void
test_recovery (Fixture *fixture, gconstpointer data)
{
  TdWindow *window;

  crash_with (edits);
  window = ui_test_window_new (1024, 700);
  td_window_open_example (window, "linear_regression.py");
  g_assert_false (is_offered (window));
  td_window_open_example (window, DEMO);
  ui_test_wait (is_offered, window, "the offer");
  assert_brought_back (window, ANSWER, edits);
  g_assert_cmpuint (count_copies (edits), ==, 1);
  ui_test_window_destroy (window);
}

/* A script without a name is offered where the app opens, and comes back without one. */
static void
test_recovery_unnamed (Fixture *fixture, gconstpointer data)
{
  TdWindow *window = ui_test_window_new (1024, 700);

  ui_test_activate (window, "win.new");
  ui_test_set_script (window, edits);
  ui_test_wait (is_kept, (gpointer) edits, "the edits to be kept");
  ui_test_window_crash (window);
  window = open_demo ();
  ui_test_wait (has_button, (&(Wanted) { window, "Bring it back" }), "the offer");
  assert_brought_back (window, "Bring it back", edits);
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (window)), ==, "untitled.py – Tapedeck");
  ui_test_window_destroy (window);
}

/* Closing the bar is no answer: the next window offers again. */
static void
test_later (Fixture *fixture, gconstpointer data)
{
  TdWindow *window;
  GtkWidget *bar;

  crash_with (edits);
  window = open_demo ();
  ui_test_wait (is_offered, window, "the offer");
  bar = gtk_widget_get_ancestor (find_button (GTK_WIDGET (window), ANSWER), GTK_TYPE_INFO_BAR);
  gtk_info_bar_response (GTK_INFO_BAR (bar), GTK_RESPONSE_CLOSE);
  g_assert_false (is_offered (window));
  ui_test_window_crash (window);
  window = open_demo ();
  ui_test_wait (is_offered, window, "the offer again");
  ui_test_window_destroy (window);
}

/* A message about something else neither takes the offer away nor does closing it answer the offer. */
static void
test_other_message (Fixture *fixture, gconstpointer data)
{
  TdWindow *window;

  crash_with (edits);
  window = open_demo ();
  ui_test_wait (is_offered, window, "the offer");
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (window), "win.go-to-mark", "u", 5));
  ui_test_wait (says, (&(Wanted) { window, "no mark 5" }), "the message");
  ui_test_wait (is_offered, window, "the offer beside the message");
  close_message (window, GTK_WIDGET (window));
  g_assert_false (has_message (window));
  g_assert_cmpuint (count_copies (edits), ==, 1);
  press (window, ANSWER);
  assert_text (window, edits);
  g_assert_true (is_modified (window));
  ui_test_window_destroy (window);
}

/* A file that cannot be opened leaves the offer as it stands. */
static void
test_failed_open (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "missing.py", NULL);
  g_autoptr (GFile) missing = g_file_new_for_path (path);
  TdWindow *window;

  crash_with (edits);
  window = open_demo ();
  td_window_open (window, missing);
  ui_test_wait (says, (&(Wanted) { window, "missing.py" }), "the message about the file");
  ui_test_wait (is_offered, window, "the offer");
  ui_test_window_crash (window);
  g_assert_cmpuint (count_copies (edits), ==, 1);
}

/* What is typed before the offer is answered is kept beside what is offered, and both come back. */
static void
test_edit_before_answer (Fixture *fixture, gconstpointer data)
{
  TdWindow *window;

  crash_with (edits);
  window = open_demo ();
  ui_test_wait (is_offered, window, "the offer");
  ui_test_set_script (window, later);
  ui_test_wait (is_kept, (gpointer) later, "the later edits to be kept");
  g_assert_cmpuint (count_copies (edits), ==, 1);
  ui_test_window_crash (window);
  g_assert_cmpuint (count_copies (edits), ==, 1);
  g_assert_cmpuint (count_copies (later), ==, 1);
  window = open_demo ();
  ui_test_wait (is_offered, window, "the offer of the newest");
  press (window, "Discard");
  ui_test_wait (is_offered, window, "the offer of the older");
  g_assert_cmpuint (count_copies (later), ==, 0);
  press (window, ANSWER);
  assert_text (window, edits);
  ui_test_window_destroy (window);
}

/* An edit that is taken back before the answer forgets its own copy only. */
static void
test_undo_before_answer (Fixture *fixture, gconstpointer data)
{
  TdWindow *window;

  crash_with (edits);
  window = open_demo ();
  ui_test_wait (is_offered, window, "the offer");
  ui_test_set_script (window, later);
  ui_test_wait (is_kept, (gpointer) later, "the later edits to be kept");
  gtk_text_buffer_undo (td_script_view_get_buffer (td_window_get_script_view (window)));
  g_assert_false (is_modified (window));
  ui_test_wait (is_forgotten, (gpointer) later, "the copy of what was taken back to go");
  g_assert_cmpuint (count_copies (edits), ==, 1);
  ui_test_window_destroy (window);
}

/* Bringing edits back over newer ones is an edit itself: Undo has the newer ones. */
static void
test_bring_back_over_edits (Fixture *fixture, gconstpointer data)
{
  TdWindow *window;

  crash_with (edits);
  window = open_demo ();
  ui_test_wait (is_offered, window, "the offer");
  ui_test_set_script (window, later);
  press (window, ANSWER);
  assert_text (window, edits);
  gtk_text_buffer_undo (td_script_view_get_buffer (td_window_get_script_view (window)));
  assert_text (window, later);
  ui_test_window_destroy (window);
}

/* Two windows on scripts without a name keep a copy each; closing one leaves the other's. */
static void
test_two_windows (Fixture *fixture, gconstpointer data)
{
  TdWindow *first = ui_test_window_new (1024, 700), *second = ui_test_window_new (1024, 700);

  ui_test_activate (first, "win.new");
  ui_test_activate (second, "win.new");
  ui_test_set_script (first, edits);
  ui_test_set_script (second, later);
  ui_test_wait (is_kept, (gpointer) later, "the second's edits to be kept");
  g_assert_cmpuint (count_copies (edits), ==, 1);
  gtk_window_close (GTK_WINDOW (second));
  ui_test_answer ("discard");
  ui_test_wait (is_forgotten, (gpointer) later, "the discarded edits to go");
  g_assert_cmpuint (count_copies (edits), ==, 1);
  ui_test_window_destroy (first);
}

/* Discarded for a file that then cannot be opened: nothing was replaced, so nothing is discarded. */
static void
test_discard_then_failure (Fixture *fixture, gconstpointer data)
{
  TdWindow *window = open_demo ();

  g_assert_true (g_file_set_contents (fixture->path, "a\0b", 3, NULL));
  ui_test_set_script (window, edits);
  ui_test_wait (is_kept, (gpointer) edits, "the edits to be kept");
  td_window_open (window, fixture->file);
  ui_test_answer ("discard");
  ui_test_wait (has_message, window, "the message about the file");
  assert_text (window, edits);
  g_assert_true (is_modified (window));
  g_assert_cmpuint (count_copies (edits), ==, 1);
  gtk_window_close (GTK_WINDOW (window));
  ui_test_answer ("cancel");
  assert_text (window, edits);
  ui_test_window_destroy (window);
}

/* A file that arrives finds text that was typed meanwhile: it asks. */
static void
test_typed_while_read (Fixture *fixture, gconstpointer data)
{
  TdWindow *window = open_demo ();
  g_autofree char *typed = NULL, *after = NULL;

  td_window_open (window, fixture->file);
  type (window, "precious");
  typed = dup_text (window);
  ui_test_answer ("cancel");
  after = dup_text (window);
  g_assert_cmpstr (after, ==, typed);
  g_assert_true (is_modified (window));
  td_window_open (window, fixture->file);
  ui_test_answer ("discard");
  type (window, "more");
  ui_test_answer ("discard");
  wait_title (window, "a.py");
  assert_text (window, "a = 1\n");
  g_assert_false (is_modified (window));
  ui_test_window_destroy (window);
}

/* Typed between "Save" and the end of the write: the window asks again instead of closing. */
static void
test_typed_while_saved (Fixture *fixture, gconstpointer data)
{
  TdWindow *window = open_demo ();

  td_window_open (window, fixture->file);
  wait_title (window, "a.py");
  ui_test_set_script (window, edits);
  gtk_window_close (GTK_WINDOW (window));
  ui_test_answer ("save");
  type (window, "# precious\n");
  ui_test_answer ("cancel");
  assert_on_disk (fixture, edits);
  g_assert_true (is_modified (window));
  g_assert_true (gtk_widget_get_mapped (GTK_WIDGET (window)));
  ui_test_window_destroy (window);
}

/* Saved twice in a row: the disk has the newest text, and nobody is told of another program. */
static void
test_saved_twice (Fixture *fixture, gconstpointer data)
{
  TdWindow *window = open_demo ();
  g_autofree char *text = NULL;

  td_window_open (window, fixture->file);
  wait_title (window, "a.py");
  ui_test_set_script (window, edits);
  for (guint k = 0; k < 20; k++)
    {
      type (window, "#\n");
      ui_test_activate (window, "win.save");
    }
  ui_test_wait (is_clean, window, "the script to be saved");
  g_assert_null (ui_test_find_toplevel (ADW_TYPE_MESSAGE_DIALOG));
  text = dup_text (window);
  assert_on_disk (fixture, text);
  ui_test_window_destroy (window);
}

/* The later wish wins: an example is not replaced by a file that was still on its way. */
static void
test_later_wish (Fixture *fixture, gconstpointer data)
{
  TdWindow *window = open_demo (), *other;

  td_window_open (window, fixture->file);
  td_window_open_example (window, "linear_regression.py");
  /* Files are read in order, or nearly: once another window has its own, this one would have come. */
  other = ui_test_window_new (1024, 700);
  td_window_open (other, fixture->file);
  wait_title (other, "a.py");
  for (guint k = 0; k < 20; k++)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (window)), ==, "linear_regression.py – Tapedeck");
  ui_test_window_destroy (other);
  ui_test_window_destroy (window);
}

static gboolean
chooses (gpointer data)
{
  return ui_test_find_toplevel (GTK_TYPE_FILE_CHOOSER_DIALOG) != NULL;
}

/* "Save", then no name after all: the window stays, and nothing holds it when it goes. */
static void
test_cancelled_save (Fixture *fixture, gconstpointer data)
{
  TdWindow *window = open_demo ();

  ui_test_set_script (window, edits);
  gtk_window_close (GTK_WINDOW (window));
  ui_test_answer ("save");
  ui_test_wait (chooses, NULL, "the chooser");
  gtk_dialog_response (GTK_DIALOG (ui_test_find_toplevel (GTK_TYPE_FILE_CHOOSER_DIALOG)),
                       GTK_RESPONSE_CANCEL);
  assert_text (window, edits);
  g_assert_true (is_modified (window));
  ui_test_window_destroy (window); /* waits for the window to be finalized */
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *path;
    void (*test) (Fixture *, gconstpointer);
  } tests[] = {
    { "/ui/unsaved/recovery", test_recovery },
    { "/ui/unsaved/recovery-unnamed", test_recovery_unnamed },
    { "/ui/unsaved/later", test_later },
    { "/ui/unsaved/other-message", test_other_message },
    { "/ui/unsaved/failed-open", test_failed_open },
    { "/ui/unsaved/edit-before-answer", test_edit_before_answer },
    { "/ui/unsaved/undo-before-answer", test_undo_before_answer },
    { "/ui/unsaved/bring-back-over-edits", test_bring_back_over_edits },
    { "/ui/unsaved/two-windows", test_two_windows },
    { "/ui/unsaved/discard-then-failure", test_discard_then_failure },
    { "/ui/unsaved/typed-while-read", test_typed_while_read },
    { "/ui/unsaved/typed-while-saved", test_typed_while_saved },
    { "/ui/unsaved/saved-twice", test_saved_twice },
    { "/ui/unsaved/later-wish", test_later_wish },
    { "/ui/unsaved/cancelled-save", test_cancelled_save },
  };

  ui_test_init (&argc, &argv);
  for (guint k = 0; k < G_N_ELEMENTS (tests); k++)
    g_test_add (tests[k].path, Fixture, NULL, set_up, tests[k].test, tear_down);
  return g_test_run ();
}

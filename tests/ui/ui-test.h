/* SPDX-License-Identifier: MIT
 *
 * What the window's tests share: one application, a window on the demo, waiting
 * for conditions with a deadline (never sleeping), keys, rendering to pixels. */
#pragma once

#include "ui/td-window.h"

/* GTK, a private state folder, accelerators. Before anything else in main (). */
void ui_test_init (int *argc, char ***argv);
GtkApplication *ui_test_get_application (void);
/* The binary that runners are spawned from. */
const char *ui_test_get_program (void);

TdWindow *ui_test_window_new (int width, int height);   /* shown; empty */
void ui_test_window_destroy (TdWindow *window); /* closed without questions, and gone; copies of edits too */
void ui_test_window_crash (TdWindow *window);   /* gone, copies of its unsaved edits stay */
/* Shows the demo and waits for its outlines. */
void ui_test_open_demo (TdWindow *window);
/* Puts text into the editor as if typed and waits until the run knows it. */
void ui_test_set_script (TdWindow *window, const char *source);

typedef gboolean (*UiTestCondition) (gpointer data);
/* Runs the main loop until the condition holds; fails the test after the deadline. */
#define ui_test_wait(condition, data, what) ui_test_wait_at (__FILE__, __LINE__, condition, data, what)
void ui_test_wait_at (const char *file, int line, UiTestCondition condition, gpointer data, const char *what);
void ui_test_wait_settled (TdWindow *window);           /* no motion, no layout on its way, painted */
void ui_test_wait_over (TdWindow *window);              /* the run has ended or died */
void ui_test_wait_paused (TdWindow *window, guint line); /* before this line of the script */

void ui_test_activate (TdWindow *window, const char *action);
/* One press of an application-wide key: what its accelerator does, checked to be bound. */
void ui_test_press (TdWindow *window, const char *accel);
/* Presses Step and waits for position `expected`. */
void ui_test_step (TdWindow *window, guint expected);
void ui_test_go_to (TdWindow *window, guint position);

GtkWidget *ui_test_find_toplevel (GType type); /* a shown one, NULL: none */
/* Waits for a question and answers it. */
void ui_test_answer (const char *response);

/* The window as it is painted now. */
GdkTexture *ui_test_render (TdWindow *window);
GdkTexture *ui_test_render_widget (TdWindow *window, GtkWidget *widget);
/* Number of pixels that differ in any channel. */
guint64 ui_test_count_different (GdkTexture *a, GdkTexture *b);

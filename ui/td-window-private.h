/* SPDX-License-Identifier: MIT
 *
 * What the window's aspects share: actions, files, run, adaptive layout. Only
 * td-window*.c include it. */
#pragma once

#include "td-transport.h"
#include "td-unsaved.h"
#include "td-window.h"

typedef enum { TD_WIDTH_WIDE, TD_WIDTH_MEDIUM, TD_WIDTH_NARROW } TdWidthClass;

struct _TdWindow
{
  AdwApplicationWindow parent_instance;

  TdRun *run;
  /* template */
  GtkMenuButton *open_button;
  GMenu *recent_menu;
  GMenuModel *main_menu;
  GtkToggleButton *legend_button, *inspector_button, *editor_button;
  GtkInfoBar *message_bar, *recovery_bar, *stale_bar;
  GtkLabel *message_label, *recovery_label, *stale_label;
  GtkButton *recovery_button, *stale_button;
  AdwFlap *editor_flap, *inspector_flap;
  GtkPaned *paned, *left_pane;
  GtkWidget *stage_pane, *left_frame;
  TdScriptView *script_view;
  TdConsole *console;
  TdStage *stage;
  TdStageSearch *stage_search;
  TdInspector *inspector;
  TdTransport *transport;
  TdLegend *legend;
  GtkRevealer *legend_revealer;
  GtkLabel *caption, *next;
  GtkWidget *caption_box;
  AdwToastOverlay *toasts;
  GtkRevealer *export_bar;
  GtkLabel *export_label;
  GtkProgressBar *export_progress;
  GtkWidget *ending, *run_again, *ending_dot, *play_again, *save_film, *go_back;
  /* file */
  GFile *file;                  /* NULL: an example or an unnamed script */
  char *name;                   /* shown, and the script's path when there is no file */
  char *etag;                   /* of the file as it was read or written last; NULL unknown */
  char *example;                /* name of the built-in example shown, or NULL */
  gboolean closing;             /* the question about unsaved edits has been answered */
  guint script;                 /* how many texts were opened before this one */
  struct _TdPending *pending;   /* what waits for an answer or for its file; NULL: nothing */
  GtkWidget *question;          /* weak: about it */
  GCancellable *loading;        /* its file, NULL: none is being read */
  GQueue saves;                 /* what waits for the write that goes on */
  gboolean saving;              /* a write goes on */
  /* recovery */
  guint autosave_id;
  TdUnsaved *kept;    /* copy of this window's unsaved text, NULL: none */
  TdUnsaved *offered; /* copy found from before, not answered yet; NULL: none */
  char *offered_text;
  gboolean offered_unnamed; /* it had no name; else it is of what is open */
  /* export */
  GCancellable *exporting;      /* of the film or picture that is being saved, NULL: none */
  AdwToast *saved_toast;        /* weak: of the last one, while it is shown */
  guint last_position;          /* where one stood when the file was closed; 0: nowhere, or there again */
  /* run */
  gboolean legend_by_itself;    /* opened by the app: closes with the first step */
  RecRecording *full_recording; /* borrowed, only compared: of which it was said that it is full */
  guint input_id;
  guint asking_line;            /* of the question that is shown */
  GtkWidget *focus_before_input; /* weak */
  guint again_line;             /* what the stale bar's button runs to */
  const char *phase_class;
  /* layout */
  TdWidthClass width_class;
  guint width_id, caption_id;
  int pane_width;
};

/* td-window-actions.c */
void td_window_actions_install (GtkWidgetClass *widget_class);
void td_window_actions_update (TdWindow *self);
/* The run with text and breakpoints as they stand now: "edited" comes some time after the last key. */
TdRun *td_window_get_current_run (TdWindow *self);
/* td-window-save.c: done, which may be NULL, is told how it went: FALSE after a failure or a change of mind. */
void td_window_file_save (TdWindow *self, gboolean choose, void (*done) (TdWindow *self, gboolean saved));
void td_window_save_clear (TdWindow *self);
/* td-window-recovery.c */
void td_window_recovery_edited (TdWindow *self);
void td_window_recovery_saved (TdWindow *self);  /* the file holds what was asked to be saved */
void td_window_recovery_forget (TdWindow *self); /* this window's own copy: nothing in it is wanted */
void td_window_recovery_offer (TdWindow *self);  /* what an earlier window left of the script shown */
void td_window_recovery_leave (TdWindow *self);  /* no offer any more, its copy stays */
void td_window_recovery_accept (TdWindow *self);
void td_window_recovery_discard (TdWindow *self);
/* td-window-file.c */
void td_window_file_set (TdWindow *self, GFile *file, const char *name);
void td_window_file_new (TdWindow *self);
void td_window_file_choose (TdWindow *self);
void td_window_file_remember (TdWindow *self);
void td_window_file_adopt_unnamed (TdWindow *self, const char *text); /* in place of the text */
/* Calls then once nothing unsaved can be lost, asking first if need be; a later wish takes its place. */
void td_window_file_when_safe (TdWindow *self, void (*then) (TdWindow *self));
void td_window_file_clear (TdWindow *self);
/* Under which address things are remembered: an example has its own; NULL: the unnamed script. Caller unrefs. */
GFile *td_window_file_dup_key (TdWindow *self);
gboolean td_window_file_may_close (TdWindow *self);    /* FALSE: a question is asked, the window closes later */
void td_window_file_fill_recent (TdWindow *self);
/* td-window-run.c */
void td_window_run_init (TdWindow *self);
void td_window_run_clear (TdWindow *self);
void td_window_run_refresh (TdWindow *self);
void td_window_run_inspect (TdWindow *self);
/* td-window-input.c */
void td_window_input_init (TdWindow *self);
void td_window_input_refresh (TdWindow *self);
void td_window_input_focus (TdWindow *self);            /* to the line that waits, if one does */
const char *td_window_input_get_text (TdWindow *self);
gboolean td_window_input_end (TdWindow *self);          /* Ctrl+D was pressed; FALSE: not in the line that waits */
/* td-window-export.c */
void td_window_export_install (GtkWidgetClass *widget_class);
void td_window_export_update (TdWindow *self);          /* which of its actions sleep */
/* td-window-time.c */
void td_window_time_install (GtkWidgetClass *widget_class);
void td_window_time_update (TdWindow *self);
/* td-window-view.c */
void td_window_view_install (GtkWidgetClass *widget_class);
void td_window_view_refresh (TdWindow *self);  /* which line and which nodes belong together */
void td_window_view_tidied (TdWindow *self, gboolean moved);
void td_window_view_selected (TdWindow *self); /* the same, and the line comes into view */
/* td-window-layout.c */
void td_window_layout_allocated (TdWindow *self, int width);
void td_window_layout_expected (TdWindow *self);
void td_window_layout_apply (TdWindow *self, TdWidthClass width_class);
void td_window_layout_show_inspector (TdWindow *self);
void td_window_layout_hide_inspector (TdWindow *self);
/* td-window-caption.c */
void td_window_caption_init (TdWindow *self);
void td_window_caption_lay_out (TdWindow *self);        /* after a sentence or the room for it changed */
/* td-window.c */
void td_window_say (TdWindow *self, GtkMessageType type, const char *message);

/* SPDX-License-Identifier: MIT
 *
 * The one place where widgets and painter agree on colours: every colour of the
 * style sheet is defined from the painter's palette, so that screen, pictures and
 * panels cannot drift apart. UI thread. */
#include "td-theme.h"

static GtkCssProvider *colors_provider;

const PaintTheme *
td_theme_get (void)
{
  gboolean dark = adw_style_manager_get_dark (adw_style_manager_get_default ());

  return paint_theme_get (dark ? PAINT_DARK : PAINT_LIGHT);
}

GdkRGBA
td_theme_rgba (const PaintColor *color)
{
  return (GdkRGBA) { color->red, color->green, color->blue, color->alpha };
}

static void
define_color (GString *css, const char *name, const PaintColor *color)
{
  GdkRGBA rgba = td_theme_rgba (color);
  g_autofree char *text = gdk_rgba_to_string (&rgba);

  g_string_append_printf (css, "@define-color td_%s %s;\n", name, text);
}

static void
update_colors (void)
{
  const PaintTheme *theme = td_theme_get ();
  g_autoptr (GString) css = g_string_new (NULL);

  define_color (css, "background", &theme->background);
  define_color (css, "background_edge", &theme->background_edge);
  define_color (css, "panel", &theme->panel);
  define_color (css, "panel_edge", &theme->panel_edge);
  define_color (css, "card", &theme->box);
  define_color (css, "text", &theme->text);
  define_color (css, "text_dim", &theme->text_dim);
  define_color (css, "forward", &theme->forward);
  define_color (css, "backward", &theme->backward);
  define_color (css, "update", &theme->update);
  define_color (css, "error", &theme->error);
  define_color (css, "accent", &theme->accent);
  gtk_css_provider_load_from_data (colors_provider, css->str, css->len);
}

void
td_theme_init (void)
{
  GdkDisplay *display = gdk_display_get_default ();
  g_autoptr (GtkCssProvider) style = NULL;

  if (colors_provider != NULL || display == NULL)
    return;
  colors_provider = gtk_css_provider_new ();
  style = gtk_css_provider_new ();
  gtk_css_provider_load_from_resource (style, "/org/tapedeck/Tapedeck/style.css");
  gtk_style_context_add_provider_for_display (display, GTK_STYLE_PROVIDER (colors_provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  gtk_style_context_add_provider_for_display (display, GTK_STYLE_PROVIDER (style),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION + 1);
  g_signal_connect (adw_style_manager_get_default (), "notify::dark", G_CALLBACK (update_colors), NULL);
  update_colors ();
}

void
td_theme_set_choice (const char *choice)
{
  AdwColorScheme scheme = ADW_COLOR_SCHEME_DEFAULT;

  if (g_strcmp0 (choice, "light") == 0)
    scheme = ADW_COLOR_SCHEME_FORCE_LIGHT;
  else if (g_strcmp0 (choice, "dark") == 0)
    scheme = ADW_COLOR_SCHEME_FORCE_DARK;
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), scheme);
}

const char *
td_theme_phase_class (PlayerPhase phase)
{
  switch (phase)
    {
    case PLAYER_PHASE_BACKWARD: return "phase-backward";
    case PLAYER_PHASE_UPDATE: return "phase-update";
    case PLAYER_PHASE_FORWARD:
    default: return "phase-forward";
    }
}

const PaintColor *
td_theme_phase_color (const PaintTheme *theme, PlayerPhase phase)
{
  switch (phase)
    {
    case PLAYER_PHASE_BACKWARD: return &theme->backward;
    case PLAYER_PHASE_UPDATE: return &theme->update;
    case PLAYER_PHASE_FORWARD:
    default: return &theme->forward;
    }
}

/* SPDX-License-Identifier: MIT
 *
 * Text through Pango at fixed px sizes, hinting off, so that a label takes the
 * same room at every zoom and measured sizes are drawn sizes (advances are whole
 * px at 100 %, because cairo puts glyphs on whole px). Laid-out texts are
 * kept in a small least-recently-used cache, one per thread. */
#include "paint-private.h"

#define CACHE_SIZE 1024
#define LEAST_SCALE 0.75

typedef struct { char *key; PangoLayout *layout; double width, height; GList link; } TextEntry;
typedef struct { PangoContext *context; GHashTable *entries; GQueue recent; guint n_squeezed; } TextCache;
typedef struct { PaintTextTaker taker; gpointer data; } TextDiversion;

static const struct { const char *family; double size_px; PangoWeight weight; } fonts[PAINT_N_FONTS] = {
  [PAINT_FONT_TITLE] = { "Cantarell, DejaVu Sans, sans", 13, PANGO_WEIGHT_BOLD },
  [PAINT_FONT_SIZES] = { "monospace", 12, PANGO_WEIGHT_NORMAL },
  [PAINT_FONT_WORDS] = { "Cantarell, DejaVu Sans, sans", 12.5, PANGO_WEIGHT_NORMAL },
  [PAINT_FONT_PILL] = { "monospace", 14, PANGO_WEIGHT_BOLD },
  [PAINT_FONT_GRAD_FN] = { "Cantarell, DejaVu Sans, sans", 12, PANGO_WEIGHT_NORMAL },
  [PAINT_FONT_TAG] = { "Cantarell, DejaVu Sans, sans", 12, PANGO_WEIGHT_NORMAL },
  [PAINT_FONT_MARK] = { "Cantarell, DejaVu Sans, sans", 12, PANGO_WEIGHT_BOLD },
  [PAINT_FONT_VALUE] = { "monospace", 12.5, PANGO_WEIGHT_NORMAL },
  [PAINT_FONT_BAND] = { "Cantarell, DejaVu Sans, sans", 12, PANGO_WEIGHT_NORMAL },
  [PAINT_FONT_CAPTION] = { "Cantarell, DejaVu Sans, sans", 15, PANGO_WEIGHT_BOLD },
  [PAINT_FONT_NEXT] = { "Cantarell, DejaVu Sans, sans", 12.5, PANGO_WEIGHT_NORMAL },
};

static void
free_entry (TextEntry *entry)
{
  g_object_unref (entry->layout);
  g_free (entry->key);
  g_free (entry);
}

static void
free_cache (gpointer data)
{
  TextCache *cache = data;

  g_hash_table_unref (cache->entries);
  g_object_unref (cache->context);
  g_free (cache);
}

static GPrivate cache_key = G_PRIVATE_INIT (free_cache);

static TextCache *
get_cache (void)
{
  TextCache *cache = g_private_get (&cache_key);
  cairo_font_options_t *options;

  if (cache != NULL)
    return cache;
  cache = g_new0 (TextCache, 1);
  cache->context = pango_font_map_create_context (pango_cairo_font_map_get_default ());
  options = cairo_font_options_create ();
  cairo_font_options_set_hint_style (options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics (options, CAIRO_HINT_METRICS_OFF);
  cairo_font_options_set_antialias (options, CAIRO_ANTIALIAS_GRAY);
  pango_cairo_context_set_font_options (cache->context, options);
  cairo_font_options_destroy (options);
  cache->entries = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) free_entry);
  g_queue_init (&cache->recent);
  g_private_set (&cache_key, cache);
  return cache;
}

static TextEntry *
make_entry (TextCache *cache, PaintFont font, const char *text, int width_px, char *key)
{
  TextEntry *entry = g_new0 (TextEntry, 1);
  PangoFontDescription *description = pango_font_description_from_string (fonts[font].family);
  PangoRectangle logical;

  pango_font_description_set_absolute_size (description, fonts[font].size_px * PANGO_SCALE);
  pango_font_description_set_weight (description, fonts[font].weight);
  entry->key = key;
  entry->layout = pango_layout_new (cache->context);
  pango_layout_set_font_description (entry->layout, description);
  pango_layout_set_single_paragraph_mode (entry->layout, TRUE);
  pango_layout_set_text (entry->layout, text, -1);
  if (width_px > 0)
    {
      pango_layout_set_width (entry->layout, width_px * PANGO_SCALE);
      pango_layout_set_ellipsize (entry->layout, PANGO_ELLIPSIZE_END);
    }
  pango_layout_get_extents (entry->layout, NULL, &logical);
  entry->width = logical.width / (double) PANGO_SCALE;
  entry->height = logical.height / (double) PANGO_SCALE;
  entry->link.data = entry;
  pango_font_description_free (description);
  return entry;
}

static const TextEntry *
lookup (PaintFont font, const char *text, int width_px)
{
  TextCache *cache = get_cache ();
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autofree char *key = g_strdup_printf ("%d %d %s", font, width_px, valid);
  TextEntry *entry = g_hash_table_lookup (cache->entries, key);

  if (entry != NULL)
    g_queue_unlink (&cache->recent, &entry->link);
  else
    {
      if (cache->recent.length >= CACHE_SIZE)
        {
          TextEntry *oldest = cache->recent.tail->data;
          g_queue_unlink (&cache->recent, &oldest->link);
          g_hash_table_remove (cache->entries, oldest->key);
        }
      entry = make_entry (cache, font, valid, width_px, g_steal_pointer (&key));
      g_hash_table_insert (cache->entries, entry->key, entry);
    }
  g_queue_push_head_link (&cache->recent, &entry->link);
  return entry;
}

void
paint_text_size (PaintFont font, const char *text, double *width, double *height)
{
  const TextEntry *entry = lookup (font, text != NULL ? text : "", 0);

  if (width != NULL)
    *width = entry->width;
  if (height != NULL)
    *height = entry->height;
}

char **
paint_text_wrap (PaintFont font, const char *text, double width, guint max_lines)
{
  g_autoptr (PangoLayout) layout = pango_layout_copy (lookup (font, text, 0)->layout);
  const char *valid = pango_layout_get_text (layout);
  GPtrArray *lines = g_ptr_array_new ();
  guint n;

  pango_layout_set_width (layout, (int) (width * PANGO_SCALE));
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  n = MIN ((guint) pango_layout_get_line_count (layout), max_lines);
  for (guint k = 0; k < n; k++)
    {
      const PangoLayoutLine *line = pango_layout_get_line_readonly (layout, (int) k);
      const char *begin = valid + line->start_index;

      g_ptr_array_add (lines, g_strstrip (k + 1 < n ? g_strndup (begin, (gsize) line->length) : g_strdup (begin)));
    }
  g_ptr_array_add (lines, NULL);
  return (char **) g_ptr_array_free (lines, FALSE);
}

static cairo_user_data_key_t taker_key;

void
paint_text_divert (cairo_t *cr, PaintTextTaker taker, gpointer data)
{
  TextDiversion *diversion = taker != NULL ? g_new (TextDiversion, 1) : NULL;

  if (diversion != NULL)
    *diversion = (TextDiversion) { taker, data };
  cairo_set_user_data (cr, &taker_key, diversion, g_free);
}

/* Draws the entry, cr at its corner; or tells it to whoever wants texts as texts. */
static void
show_entry (cairo_t *cr, PaintFont font, const TextEntry *entry, const PaintColor *color)
{
  const TextDiversion *diversion = cairo_get_user_data (cr, &taker_key);
  PaintTextSpan span = { .family = fonts[font].family, .size_px = fonts[font].size_px,
                         .bold = fonts[font].weight == PANGO_WEIGHT_BOLD, .width = entry->width, .color = *color };

  if (diversion == NULL)
    {
      cairo_move_to (cr, 0, 0);
      paint_set_color (cr, color);
      pango_cairo_show_layout (cr, entry->layout);
      return;
    }
  span.text = pango_layout_get_text (entry->layout);
  span.baseline = pango_layout_get_baseline (entry->layout) / (double) PANGO_SCALE;
  cairo_get_matrix (cr, &span.matrix);
  diversion->taker (&span, diversion->data);
}

/* How many texts this thread had to draw smaller than they measure: none, where room was measured. */
guint
paint_text_get_n_squeezed (void)
{
  return get_cache ()->n_squeezed;
}

LayoutRect
paint_text (cairo_t *cr, PaintFont font, const char *text, double x, double y, PaintAlign align,
            double max_width, const PaintColor *color)
{
  const TextEntry *entry = lookup (font, text != NULL ? text : "", 0);
  double scale = 1;
  LayoutRect rect;

  if (max_width > 0 && entry->width > max_width)
    {
      get_cache ()->n_squeezed++;
      scale = MAX (max_width / entry->width, LEAST_SCALE);
      if (entry->width * scale > max_width + 0.5)
        entry = lookup (font, text, MAX ((int) (max_width / scale), 1));
    }
  rect = (LayoutRect) { x, y - entry->height * scale / 2, entry->width * scale, entry->height * scale };
  if (align != PAINT_LEFT)
    rect.x -= rect.width * (align == PAINT_CENTER ? 0.5 : 1);
  cairo_save (cr);
  cairo_translate (cr, rect.x, rect.y);
  cairo_scale (cr, scale, scale);
  show_entry (cr, font, entry, color);
  cairo_restore (cr);
  return rect;
}

/* SPDX-License-Identifier: MIT
 *
 * Printing as PyTorch prints (format.h): one format is chosen from the values that
 * will be seen, then rows are wrapped and nested. Numbers are written in the C
 * locale whatever the desktop's is. */
#include "format.h"

#include <math.h>
#include <string.h>

#include "autograd.h"

typedef struct
{
  const EngTensor *tensor;
  const EngPrintOptions *options;
  gboolean floating;
  gboolean summarized;
  gboolean whole;            /* floats without a fraction: "1." */
  gboolean scientific;
  gsize width;
  double smallest, largest;  /* of the finite non-zero magnitudes; smallest 0: none seen */
  gint64 steps[ENG_MAX_NDIM];/* row-major distance of neighbours along a dim */
  GString *out;
} Printer;

EngPrintOptions *
eng_print_options (void)
{
  static EngPrintOptions options = { 4, 1000, 3, 80, -1 };
  return &options;
}

/* Calls visit for every element that will be seen. */
static void
visit_seen (Printer *printer, guint dim, gint64 base, void (*visit) (Printer *, gint64))
{
  if (dim == eng_tensor_get_ndim (printer->tensor))
    {
      visit (printer, base);
      return;
    }
  gint64 size = eng_tensor_get_sizes (printer->tensor)[dim];
  gint64 edge = printer->options->edgeitems;
  gboolean cut = printer->summarized && size > 2 * edge;
  for (gint64 i = 0; i < size; i++)
    {
      if (cut && i == edge)
        i = size - edge;
      if (i < size)
        visit_seen (printer, dim + 1, base + i * printer->steps[dim], visit);
    }
}

static void
look_at_number (Printer *printer, gint64 index)
{
  double value = eng_tensor_get_double (printer->tensor, index);
  double magnitude = fabs (value);
  if (!isfinite (value) || value == 0)
    return;
  if (value != ceil (value))
    printer->whole = FALSE;
  if (printer->smallest == 0 || magnitude < printer->smallest)
    printer->smallest = magnitude;
  if (magnitude > printer->largest)
    printer->largest = magnitude;
}

/* The value without padding. */
static void
write_value (const Printer *printer, gint64 index, char *text, gsize size)
{
  char format[16];
  EngDtype dtype = eng_tensor_get_dtype (printer->tensor);
  if (dtype == ENG_BOOL)
    {
      g_strlcpy (text, eng_tensor_get_int64 (printer->tensor, index) ? "True" : "False", size);
      return;
    }
  if (!printer->floating)
    {
      g_snprintf (text, size, "%" G_GINT64_FORMAT, eng_tensor_get_int64 (printer->tensor, index));
      return;
    }
  double value = eng_tensor_get_double (printer->tensor, index);
  if (!isfinite (value))
    {
      g_strlcpy (text, isnan (value) ? "nan" : value > 0 ? "inf" : "-inf", size);
      return;
    }
  gboolean plain_whole = printer->whole && !printer->scientific;
  g_snprintf (format, sizeof format, "%%.%d%c", plain_whole ? 0 : printer->options->precision,
              printer->scientific ? 'e' : 'f');
  g_ascii_formatd (text, (int) size, format, value);
  if (plain_whole)
    g_strlcat (text, ".", size);
}

#define VALUE_SIZE 512    /* 1e308 with a fraction fits */

static void
measure (Printer *printer, gint64 index)
{
  char text[VALUE_SIZE];
  double value = printer->floating ? eng_tensor_get_double (printer->tensor, index) : 1;
  if (!isfinite (value) || value == 0)
    return;
  write_value (printer, index, text, sizeof text);
  printer->width = MAX (printer->width, strlen (text));
}

/* Chooses the one format for all values, and its width. */
static void
choose_format (Printer *printer)
{
  printer->width = 1;
  printer->whole = TRUE;
  if (printer->floating)
    {
      visit_seen (printer, 0, 0, look_at_number);
      double low = printer->smallest, high = printer->largest;
      if (low != 0)
        printer->scientific = high / low > 1000.0 || high > 1.0e8 || (!printer->whole && low < 1.0e-4);
    }
  visit_seen (printer, 0, 0, measure);
  if (printer->options->sci_mode >= 0)
    printer->scientific = printer->options->sci_mode != 0;
}

static void
append_value (Printer *printer, gint64 index)
{
  char text[VALUE_SIZE];
  write_value (printer, index, text, sizeof text);
  for (gsize length = strlen (text); length < printer->width; length++)
    g_string_append_c (printer->out, ' ');
  g_string_append (printer->out, text);
}

static void
append_spaces (GString *out, gsize n)
{
  for (; n > 0; n--)
    g_string_append_c (out, ' ');
}

/* Between element `item` of a line-wrapped row and the one before. */
static void
append_separator (Printer *printer, gsize item, gsize per_line, gsize indent)
{
  if (item == 0)
    return;
  if (item % per_line != 0)
    {
      g_string_append (printer->out, ", ");
      return;
    }
  g_string_append (printer->out, ",\n");
  append_spaces (printer->out, indent + 1);
}

static void
append_row (Printer *printer, guint dim, gint64 base, gsize indent)
{
  gint64 size = eng_tensor_get_sizes (printer->tensor)[dim];
  gint64 edge = printer->options->edgeitems;
  gboolean cut = printer->summarized && size > 2 * edge;
  gsize linewidth = (gsize) MAX (printer->options->linewidth, 1);
  gsize room = linewidth > indent ? linewidth - indent : 0;
  gsize per_line = MAX (1, room / (printer->width + 2));
  gsize item = 0;
  g_string_append_c (printer->out, '[');
  for (gint64 i = 0; i < size; i++)
    {
      if (cut && i == edge)
        {
          append_separator (printer, item++, per_line, indent);
          g_string_append (printer->out, " ...");
          i = size - edge;
          if (i >= size)
            break;
        }
      append_separator (printer, item++, per_line, indent);
      append_value (printer, base + i * printer->steps[dim]);
    }
  g_string_append_c (printer->out, ']');
}

static void
append_gap (Printer *printer, guint dim, gsize indent)
{
  g_string_append_c (printer->out, ',');
  for (guint d = dim + 1; d < eng_tensor_get_ndim (printer->tensor); d++)
    g_string_append_c (printer->out, '\n');
  append_spaces (printer->out, indent + 1);
}

static void
append_nested (Printer *printer, guint dim, gint64 base, gsize indent)
{
  guint ndim = eng_tensor_get_ndim (printer->tensor);
  if (dim == ndim)
    {
      append_value (printer, base);
      return;
    }
  if (dim + 1 == ndim)
    {
      append_row (printer, dim, base, indent);
      return;
    }
  gint64 size = eng_tensor_get_sizes (printer->tensor)[dim];
  gint64 edge = printer->options->edgeitems;
  gboolean cut = printer->summarized && size > 2 * edge;
  g_string_append_c (printer->out, '[');
  for (gint64 i = 0; i < size; i++)
    {
      if (i > 0)
        append_gap (printer, dim, indent);
      if (cut && i == edge)
        {
          g_string_append (printer->out, "...");
          i = size - edge - 1;
          continue;
        }
      append_nested (printer, dim + 1, base + i * printer->steps[dim], indent + 1);
    }
  g_string_append_c (printer->out, ']');
}

/* Adds ", suffix", on a new line where the last one would get too long. */
static void
append_suffix (Printer *printer, const char *suffix, gsize *last_line, gsize indent)
{
  gsize length = strlen (suffix);
  if (*last_line + length + 2 > (gsize) printer->options->linewidth)
    {
      g_string_append (printer->out, ",\n");
      append_spaces (printer->out, indent);
      *last_line = indent + length;
    }
  else
    {
      g_string_append (printer->out, ", ");
      *last_line += length + 2;
    }
  g_string_append (printer->out, suffix);
}

/* "size=(0, 3)" of an empty tensor that is not a plain row. */
static char *
size_suffix (const EngTensor *tensor)
{
  GString *text = g_string_new ("size=(");
  for (guint d = 0; d < eng_tensor_get_ndim (tensor); d++)
    g_string_append_printf (text, "%s%" G_GINT64_FORMAT, d > 0 ? ", " : "", eng_tensor_get_sizes (tensor)[d]);
  g_string_append_c (text, ')');
  return g_string_free (text, FALSE);
}

static void
append_suffixes (Printer *printer, gsize indent)
{
  const EngTensor *tensor = printer->tensor;
  EngDtype dtype = eng_tensor_get_dtype (tensor);
  gboolean empty = eng_tensor_get_numel (tensor) == 0;
  gboolean usual = dtype == eng_get_default_dtype () || (!empty && (dtype == ENG_INT64 || dtype == ENG_BOOL));
  const char *newline = strrchr (printer->out->str, '\n');
  gsize last_line = newline != NULL ? printer->out->len - (gsize) (newline - printer->out->str) + 1
                                    : printer->out->len + 2;
  EngGradFn *grad_fn = eng_tensor_get_grad_fn (tensor);
  if (empty && eng_tensor_get_ndim (tensor) != 1)
    {
      g_autofree char *suffix = size_suffix (tensor);
      append_suffix (printer, suffix, &last_line, indent);
    }
  if (!usual)
    {
      g_autofree char *suffix = g_strconcat ("dtype=torch.", eng_dtype_name (dtype), NULL);
      append_suffix (printer, suffix, &last_line, indent);
    }
  if (grad_fn != NULL)
    {
      g_autofree char *suffix = g_strdup_printf ("grad_fn=<%s>", eng_grad_fn_get_name (grad_fn));
      append_suffix (printer, suffix, &last_line, indent);
    }
  else if (eng_tensor_get_requires_grad (tensor))
    append_suffix (printer, "requires_grad=True", &last_line, indent);
}

char *
eng_tensor_to_string (const EngTensor *tensor)
{
  static const char prefix[] = "tensor(";
  const gsize indent = sizeof prefix - 1;
  gint64 numel = eng_tensor_get_numel (tensor);
  Printer printer = {
    .tensor = tensor,
    .options = eng_print_options (),
    .floating = eng_dtype_category (eng_tensor_get_dtype (tensor)) == ENG_CATEGORY_FLOATING,
    .summarized = numel > eng_print_options ()->threshold,
    .out = g_string_new (prefix),
  };
  gint64 step = 1;
  for (guint d = eng_tensor_get_ndim (tensor); d-- > 0; step *= eng_tensor_get_sizes (tensor)[d])
    printer.steps[d] = step;
  if (numel == 0)
    g_string_append (printer.out, "[]");
  else
    {
      choose_format (&printer);
      append_nested (&printer, 0, 0, indent);
    }
  append_suffixes (&printer, indent);
  g_string_append_c (printer.out, ')');
  return g_string_free (printer.out, FALSE);
}

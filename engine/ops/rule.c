/* SPDX-License-Identifier: MIT
 *
 * What the rules of many cards say. */
#include "card.h"

gboolean
eng_rule_fails (GError **error, EngErrorCode code, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error_literal (error, ENG_ERROR, (int) code, message);
  return FALSE;
}

/* C's names, as PyTorch's text has them. */
gboolean
eng_rule_value_fits (const EngValue *value, EngDtype dtype, GError **error)
{
  static const char *const names[]
    = { [ENG_BOOL] = "bool", [ENG_UINT8] = "uint8_t", [ENG_INT8] = "int8_t", [ENG_INT16] = "int16_t",
        [ENG_INT32] = "int", [ENG_INT64] = "int64_t", [ENG_FLOAT32] = "float", [ENG_FLOAT64] = "double" };
  return eng_value_fits (value, dtype)
         || eng_rule_fails (error, ENG_ERROR_RUNTIME, "value cannot be converted to type %s without overflow",
                            names[dtype]);
}

/* SPDX-License-Identifier: MIT
 *
 * The desktop application: windows, theme, about. Part of the composition root. */
#pragma once

#include <adwaita.h>

#define TD_TYPE_APPLICATION (td_application_get_type ())
G_DECLARE_FINAL_TYPE (TdApplication, td_application, TD, APPLICATION, AdwApplication)

TdApplication *td_application_new (void);

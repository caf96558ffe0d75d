/* SPDX-License-Identifier: MIT
 *
 * Small matrix products per element type: one source, compiled per processor
 * level. The caller decides when BLAS is better (kernels/product.c). */
#include <string.h>

#include "target.h"

#define T float
#define NAME eng_cpu_product_float
#include "product-type.h"

#define T double
#define NAME eng_cpu_product_double
#include "product-type.h"

#define T gint64
#define NAME eng_cpu_product_int64
#include "product-type.h"

#define T gint32
#define NAME eng_cpu_product_int32
#include "product-type.h"

#define T gint16
#define NAME eng_cpu_product_int16
#include "product-type.h"

#define T gint8
#define NAME eng_cpu_product_int8
#include "product-type.h"

#define T guint8
#define NAME eng_cpu_product_uint8
#include "product-type.h"

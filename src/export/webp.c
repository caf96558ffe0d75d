/* SPDX-License-Identifier: MIT
 *
 * Animated WebP by libwebp, without loss: text and thin lines stay sharp, and a
 * decoded frame is the frame painted. Only what changed between two frames is
 * stored. The film is put together in memory and written at the end. */
#include "encoder.h"

#include <webp/encode.h>
#include <webp/mux.h>

struct _ExportWebp
{
  WebPAnimEncoder *encoder;
  WebPConfig config;
  int width, height;
  guint frames_per_s;
  GCancellable *cancellable;
};

ExportWebp *
export_webp_new (int width, int height, guint frames_per_s, GCancellable *cancellable, GError **error)
{
  g_autoptr (ExportWebp) webp = g_new0 (ExportWebp, 1);
  WebPAnimEncoderOptions options;

  webp->width = width;
  webp->height = height;
  webp->frames_per_s = frames_per_s;
  webp->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  if (WebPAnimEncoderOptionsInit (&options) && WebPConfigInit (&webp->config))
    {
      options.kmin = 9;
      options.kmax = 500;
      webp->config.lossless = 1;
      webp->config.method = 1;
      webp->config.quality = 20;
      webp->encoder = WebPAnimEncoderNew (width, height, &options);
    }
  if (webp->encoder != NULL)
    return g_steal_pointer (&webp);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "libwebp cannot begin a film of %d×%d", width, height);
  return NULL;
}

/* The time at which a frame begins, in ms. */
static int
begin_of (const ExportWebp *webp, guint frame)
{
  return (int) ((gint64) frame * 1000 / webp->frames_per_s);
}

/* libwebp asks while it works: 0 gives up. */
static int
go_on (int percent, const WebPPicture *picture)
{
  return !g_cancellable_is_cancelled (picture->user_data);
}

static gboolean
fill_picture (const ExportWebp *webp, WebPPicture *picture, cairo_surface_t *page)
{
  int stride = cairo_image_surface_get_stride (page);
  const guint8 *data = cairo_image_surface_get_data (page);

  picture->use_argb = 1;
  picture->width = webp->width;
  picture->height = webp->height;
  if (!WebPPictureAlloc (picture))
    return FALSE;
  for (int y = 0; y < webp->height; y++)
    for (int x = 0; x < webp->width; x++)
      picture->argb[y * picture->argb_stride + x] = ((const guint32 *) (gconstpointer) (data + y * stride))[x]
                                                    | 0xff000000u;
  return TRUE;
}

static gboolean
fail (ExportWebp *webp, GError **error)
{
  if (!g_cancellable_set_error_if_cancelled (webp->cancellable, error))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "libwebp gave up: %s",
                 WebPAnimEncoderGetError (webp->encoder));
  return FALSE;
}

gboolean
export_webp_add (ExportWebp *webp, guint frame, cairo_surface_t *page, GError **error)
{
  WebPPicture picture;
  gboolean added;

  if (!WebPPictureInit (&picture))
    return fail (webp, error);
  if (!fill_picture (webp, &picture, page))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "There is not enough memory for a frame");
      return FALSE;
    }
  picture.user_data = webp->cancellable;
  picture.progress_hook = webp->cancellable != NULL ? go_on : NULL;
  added = WebPAnimEncoderAdd (webp->encoder, &picture, begin_of (webp, frame), &webp->config);
  WebPPictureFree (&picture);
  return added ? TRUE : fail (webp, error);
}

gboolean
export_webp_finish (ExportWebp *webp, guint n_frames, ExportTarget *target, GError **error)
{
  WebPData data;
  gboolean ok;

  WebPDataInit (&data);
  if (!WebPAnimEncoderAdd (webp->encoder, NULL, begin_of (webp, n_frames), NULL)
      || !WebPAnimEncoderAssemble (webp->encoder, &data))
    return fail (webp, error);
  ok = export_target_write (target, data.bytes, data.size, error);
  WebPDataClear (&data);
  return ok;
}

void
export_webp_free (ExportWebp *webp)
{
  if (webp->encoder != NULL)
    WebPAnimEncoderDelete (webp->encoder);
  g_clear_object (&webp->cancellable);
  g_free (webp);
}

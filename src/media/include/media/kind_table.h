/* The one table of what may be attached: symbol, group, name, media type, extension, cap in bytes.
 * No include guard: included with MEDIA defined. formats/attachment.md shows this table. */
MEDIA(JPEG, IMAGE, "JPEG", "image/jpeg", "jpg", 24u << 20)
MEDIA(PNG, IMAGE, "PNG", "image/png", "png", 24u << 20)
MEDIA(WEBP, IMAGE, "WebP", "image/webp", "webp", 24u << 20)
MEDIA(HEIC, IMAGE, "HEIC", "image/heic", "heic", 24u << 20)
MEDIA(AVIF, IMAGE, "AVIF", "image/avif", "avif", 24u << 20)
MEDIA(PDF, DOCUMENT, "PDF", "application/pdf", "pdf", 16u << 20)
MEDIA(OGG, SOUND, "Ogg/Opus", "audio/ogg", "ogg", 16u << 20)
MEDIA(MP4, SOUND, "M4A", "audio/mp4", "m4a", 16u << 20)
MEDIA(WEBM, SOUND, "WebM", "audio/webm", "weba", 16u << 20)
MEDIA(WAV, SOUND, "WAV", "audio/wav", "wav", 16u << 20)

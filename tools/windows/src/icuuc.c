/* A stand-in for icuuc.dll, which Windows 10 has since version 1703 and wine 8 has not. FOR TESTS ONLY.
 *
 * Qt6Core imports these converter functions by name and cannot be loaded without them; it asks them only for
 * encodings that it does not know itself. Every call says U_UNSUPPORTED_ERROR, so Qt sees "no such converter". */
#include "library.h"

enum { U_UNSUPPORTED_ERROR = 16 };

static void refuse(int *error) {
  if (error) *error = U_UNSUPPORTED_ERROR;
}

EXPORT void *ucnv_open(const char *name, int *error) { UNUSED(name), refuse(error); return 0; }
EXPORT void ucnv_close(void *converter) { UNUSED(converter); }
EXPORT void ucnv_reset(void *converter) { UNUSED(converter); }
EXPORT signed char ucnv_getMaxCharSize(const void *converter) { UNUSED(converter); return 1; }
EXPORT const char *ucnv_getName(const void *converter, int *error) { UNUSED(converter), refuse(error); return 0; }
EXPORT const char *ucnv_getAvailableName(int index) { UNUSED(index); return 0; }
EXPORT int ucnv_countAvailable(void) { return 0; }

EXPORT const char *ucnv_getStandardName(const char *name, const char *standard, int *error) {
  UNUSED(name), UNUSED(standard), refuse(error);
  return 0;
}

EXPORT void ucnv_getToUCallBack(const void *converter, void **action, const void **context) {
  UNUSED(converter), UNUSED(action), UNUSED(context);
}

EXPORT void ucnv_getFromUCallBack(const void *converter, void **action, const void **context) {
  UNUSED(converter), UNUSED(action), UNUSED(context);
}

EXPORT void ucnv_setToUCallBack(void *converter, void *action, const void *context, void **old_action,
                                const void **old_context, int *error) {
  UNUSED(converter), UNUSED(action), UNUSED(context), UNUSED(old_action), UNUSED(old_context), refuse(error);
}

EXPORT void ucnv_setFromUCallBack(void *converter, void *action, const void *context, void **old_action,
                                  const void **old_context, int *error) {
  UNUSED(converter), UNUSED(action), UNUSED(context), UNUSED(old_action), UNUSED(old_context), refuse(error);
}

EXPORT void ucnv_cbToUWriteUChars(void *arguments, const void *source, int length, int offset, int *error) {
  UNUSED(arguments), UNUSED(source), UNUSED(length), UNUSED(offset), refuse(error);
}

EXPORT void ucnv_cbFromUWriteUChars(void *arguments, const void **source, const void *limit, int offset, int *error) {
  UNUSED(arguments), UNUSED(source), UNUSED(limit), UNUSED(offset), refuse(error);
}

EXPORT void ucnv_toUnicode(void *converter, void **target, const void *target_limit, const char **source,
                           const char *source_limit, int *offsets, signed char flush, int *error) {
  UNUSED(converter), UNUSED(target), UNUSED(target_limit), UNUSED(source), UNUSED(source_limit);
  UNUSED(offsets), UNUSED(flush), refuse(error);
}

EXPORT void ucnv_fromUnicode(void *converter, char **target, const char *target_limit, const void **source,
                             const void *source_limit, int *offsets, signed char flush, int *error) {
  UNUSED(converter), UNUSED(target), UNUSED(target_limit), UNUSED(source), UNUSED(source_limit);
  UNUSED(offsets), UNUSED(flush), refuse(error);
}

EXPORT int ucnv_toUCountPending(const void *converter, int *error) { UNUSED(converter), refuse(error); return -1; }
EXPORT int ucnv_fromUCountPending(const void *converter, int *error) { UNUSED(converter), refuse(error); return -1; }

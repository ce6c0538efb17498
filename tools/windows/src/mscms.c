/* A stand-in for mscms.dll (colour profiles), of which wine 8 lacks WcsCreateIccProfile. FOR TESTS ONLY.
 *
 * Qt's "windows" platform plugin imports these functions; each fails softly, so Qt goes without a colour profile. */
#include "library.h"

EXPORT void *OpenColorProfileW(void *profile, unsigned access, unsigned share, unsigned creation) {
  UNUSED(profile), UNUSED(access), UNUSED(share), UNUSED(creation);
  return 0;
}

EXPORT void *WcsOpenColorProfileW(void *colour, void *appearance, void *gamut, unsigned access, unsigned share,
                                  unsigned creation, unsigned flags) {
  UNUSED(colour), UNUSED(appearance), UNUSED(gamut);
  UNUSED(access), UNUSED(share), UNUSED(creation), UNUSED(flags);
  return 0;
}

EXPORT void *WcsCreateIccProfile(void *profile, unsigned options) { UNUSED(profile), UNUSED(options); return 0; }

EXPORT int GetColorProfileFromHandle(void *profile, void *buffer, unsigned *size) {
  UNUSED(profile), UNUSED(buffer), UNUSED(size);
  return 0;
}

EXPORT int GetColorDirectoryW(const void *machine, void *buffer, unsigned *size) {
  UNUSED(machine), UNUSED(buffer), UNUSED(size);
  return 0;
}

EXPORT int WcsGetDefaultColorProfile(int scope, const void *device, int kind, int sub_kind, unsigned id,
                                     unsigned size, void *name) {
  UNUSED(scope), UNUSED(device), UNUSED(kind), UNUSED(sub_kind), UNUSED(id), UNUSED(size), UNUSED(name);
  return 0;
}

EXPORT int WcsGetDefaultColorProfileSize(int scope, const void *device, int kind, int sub_kind, unsigned id,
                                         unsigned *size) {
  UNUSED(scope), UNUSED(device), UNUSED(kind), UNUSED(sub_kind), UNUSED(id), UNUSED(size);
  return 0;
}

EXPORT int CloseColorProfile(void *profile) { UNUSED(profile); return 1; }

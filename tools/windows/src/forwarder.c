/* python3.dll: nothing but forwarders to python3XX.dll, which the module definition file lists. */
#include "library.h"

/* What the test libraries share: an exported function, and an entry point that needs no C runtime. */
#define EXPORT __declspec(dllexport)
#define UNUSED(name) (void)(name)

int __stdcall DllMain(void *module, unsigned reason, void *reserved);
int __stdcall DllMain(void *module, unsigned reason, void *reserved) {
  UNUSED(module), UNUSED(reason), UNUSED(reserved);
  return 1;
}

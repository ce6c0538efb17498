/* python.exe for the tests under wine: loads the python3XX.dll that lies beside it and hands its arguments over.
 *
 * The DLL is named at compile time (-DPYTHON_DLL=L"python311.dll"). Exit code 101: it could not be loaded. */
#include <windows.h>

enum { NOT_LOADED = 101, LONGEST_PATH = 32768 };

typedef int(__cdecl *main_function)(int, wchar_t **);

int wmain(int argc, wchar_t **argv) {
  static wchar_t path[LONGEST_PATH];
  DWORD length = GetModuleFileNameW(NULL, path, LONGEST_PATH);
  wchar_t *name = wcsrchr(path, L'\\');
  if (length == 0 || length >= LONGEST_PATH || name == NULL) return NOT_LOADED;
  name++;
  if ((size_t)(path + LONGEST_PATH - name) <= wcslen(PYTHON_DLL)) return NOT_LOADED;
  wcscpy(name, PYTHON_DLL);
  HMODULE library = LoadLibraryExW(path, NULL, LOAD_WITH_ALTERED_SEARCH_PATH);
  if (library == NULL) return NOT_LOADED;
  main_function run = (main_function)(void *)GetProcAddress(library, "Py_Main");
  return run == NULL ? NOT_LOADED : run(argc, argv);
}

/* A program to be held and ended: what the tests of the job object start in AnyDesk's place.
 *
 *   waiter                 shows a window and runs until it is closed; before that it starts as many generations of
 *                          itself as WAITER_GENERATIONS says, each detached, each but the last ending at once
 *   waiter --generation N  one of these; the last one (0) is an orphan that waits
 *   waiter --get-status    prints "online"
 *   waiter --knock NAME    a stranger at a pipe: connects as soon as it is there and asks to start something;
 *                          exit code 40: was not let in, 41: was told nothing, 42: was told something
 *   waiter --squat NAME    a stranger who serves a pipe: prints "ready", waits for a client and listens;
 *                          exit code 43: the client said nothing, 44: it said something
 *   waiter --share NAME    the same, and lets others serve the pipe too
 *
 * With WAITER_NOTES set to a file, the first generation writes there what came of leaving the job: 0, or the error.
 *
 * Nothing here runs for longer than LIFE_SECONDS, so that a failed test leaves nothing behind for good. */
#include <stdio.h>
#include <windows.h>

enum { LIFE_SECONDS = 60, COMMAND_LENGTH = 2048, TIMER = 1, KNOCKS = 1500, KNOCK_MS = 10 };
enum { NOT_LET_IN = 40, TOLD_NOTHING = 41, TOLD = 42, SILENT_CLIENT = 43, TALKING_CLIENT = 44 };

static void note(DWORD error) {
  wchar_t path[MAX_PATH];
  char text[16];
  DWORD written;
  if (GetEnvironmentVariableW(L"WAITER_NOTES", path, MAX_PATH) == 0) return;
  HANDLE file = CreateFileW(path, GENERIC_WRITE, 0, NULL, CREATE_NEW, 0, NULL);
  if (file == INVALID_HANDLE_VALUE) return;
  WriteFile(file, text, (DWORD)sprintf(text, "%lu", error), &written, NULL);
  CloseHandle(file);
}

static HANDLE opened(const wchar_t *name, DWORD instances) {
  wchar_t path[MAX_PATH];
  swprintf(path, MAX_PATH, L"\\\\.\\pipe\\%ls", name);
  if (instances > 0) return CreateNamedPipeW(path, PIPE_ACCESS_DUPLEX, 0, instances, 4096, 4096, 0, NULL);
  for (int i = 0; i < KNOCKS; i++) {
    HANDLE pipe = CreateFileW(path, GENERIC_READ | FILE_WRITE_DATA, 0, NULL, OPEN_EXISTING, 0, NULL);
    if (pipe != INVALID_HANDLE_VALUE || GetLastError() != ERROR_FILE_NOT_FOUND) return pipe;
    Sleep(KNOCK_MS);
  }
  return INVALID_HANDLE_VALUE;
}

static int knock(const wchar_t *name) {
  static const char request[] = "{\"v\":1,\"id\":1,\"verb\":\"status\"}\n";
  char answer[256];
  DWORD count = 0;
  HANDLE pipe = opened(name, 0);
  if (pipe == INVALID_HANDLE_VALUE) return NOT_LET_IN;
  WriteFile(pipe, request, sizeof request - 1, &count, NULL);
  return ReadFile(pipe, answer, sizeof answer, &count, NULL) && count > 0 ? TOLD : TOLD_NOTHING;
}

static int squat(const wchar_t *name, DWORD instances) {
  char heard[256];
  DWORD count = 0;
  HANDLE pipe = opened(name, instances);
  if (pipe == INVALID_HANDLE_VALUE) return NOT_LET_IN;
  WriteFile(GetStdHandle(STD_OUTPUT_HANDLE), "ready\r\n", 7, &count, NULL);
  ConnectNamedPipe(pipe, NULL);
  return ReadFile(pipe, heard, sizeof heard, &count, NULL) && count > 0 ? TALKING_CLIENT : SILENT_CLIENT;
}

static int start_generation(int number) {
  wchar_t path[MAX_PATH], command[COMMAND_LENGTH];
  STARTUPINFOW startup = {.cb = sizeof startup};
  PROCESS_INFORMATION made;
  GetModuleFileNameW(NULL, path, MAX_PATH);
  swprintf(command, COMMAND_LENGTH, L"\"%ls\" --generation %d", path, number);
  DWORD apart = DETACHED_PROCESS | CREATE_NEW_PROCESS_GROUP;
  /* As a program that wants to get away would try first; the job does not let it. */
  BOOL is_free =
      CreateProcessW(path, command, NULL, NULL, FALSE, apart | CREATE_BREAKAWAY_FROM_JOB, NULL, NULL, &startup, &made);
  note(is_free ? 0 : GetLastError());
  if (!is_free && !CreateProcessW(path, command, NULL, NULL, FALSE, apart, NULL, NULL, &startup, &made)) return 1;
  CloseHandle(made.hThread);
  CloseHandle(made.hProcess);
  return 0;
}

static LRESULT CALLBACK on_message(HWND window, UINT message, WPARAM wide, LPARAM low) {
  if (message == WM_CLOSE || message == WM_TIMER) PostQuitMessage(0);
  return message == WM_CLOSE ? 0 : DefWindowProcW(window, message, wide, low);
}

static int live_with_window(void) {
  WNDCLASSW kind = {.lpfnWndProc = on_message, .lpszClassName = L"waiter"};
  MSG message;
  RegisterClassW(&kind);
  HWND window = CreateWindowExW(0, L"waiter", L"waiter", WS_OVERLAPPEDWINDOW | WS_VISIBLE, 20, 20, 200, 80, NULL, NULL,
                                NULL, NULL);
  if (window == NULL) return 2;
  SetTimer(window, TIMER, LIFE_SECONDS * 1000, NULL);
  while (GetMessageW(&message, NULL, 0, 0) > 0) DispatchMessageW(&message);
  return 0;
}

int wmain(int count, wchar_t **arguments) {
  if (count == 2 && wcscmp(arguments[1], L"--get-status") == 0) {
    DWORD written;
    return WriteFile(GetStdHandle(STD_OUTPUT_HANDLE), "online\r\n", 8, &written, NULL) ? 0 : 3;
  }
  if (count == 3 && wcscmp(arguments[1], L"--knock") == 0) return knock(arguments[2]);
  if (count == 3 && wcscmp(arguments[1], L"--squat") == 0) return squat(arguments[2], 1);
  if (count == 3 && wcscmp(arguments[1], L"--share") == 0) return squat(arguments[2], PIPE_UNLIMITED_INSTANCES);
  if (count == 3 && wcscmp(arguments[1], L"--generation") == 0) {
    int number = _wtoi(arguments[2]);
    if (number > 0) return start_generation(number - 1);
    Sleep(LIFE_SECONDS * 1000);
    return 0;
  }
  wchar_t generations[8];
  if (GetEnvironmentVariableW(L"WAITER_GENERATIONS", generations, 8) > 0 && start_generation(_wtoi(generations) - 1))
    return 4;
  return live_with_window();
}

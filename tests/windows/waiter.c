/* A program to be held and ended: what the tests of the job object start in AnyDesk's place.
 *
 *   waiter                 shows a window and runs until it is closed; before that it starts as many generations of
 *                          itself as WAITER_GENERATIONS says, each detached, each but the last ending at once
 *   waiter --generation N  one of these; the last one (0) is an orphan that waits
 *   waiter --get-status    prints "online"
 *
 * Nothing here runs for longer than LIFE_SECONDS, so that a failed test leaves nothing behind for good. */
#include <stdio.h>
#include <windows.h>

enum { LIFE_SECONDS = 60, COMMAND_LENGTH = 2048, TIMER = 1 };

static int start_generation(int number) {
  wchar_t path[MAX_PATH], command[COMMAND_LENGTH];
  STARTUPINFOW startup = {.cb = sizeof startup};
  PROCESS_INFORMATION made;
  GetModuleFileNameW(NULL, path, MAX_PATH);
  swprintf(command, COMMAND_LENGTH, L"\"%ls\" --generation %d", path, number);
  DWORD apart = DETACHED_PROCESS | CREATE_NEW_PROCESS_GROUP;
  /* As a program that wants to get away would try first; the job does not let it. */
  if (!CreateProcessW(path, command, NULL, NULL, FALSE, apart | CREATE_BREAKAWAY_FROM_JOB, NULL, NULL, &startup, &made) &&
      !CreateProcessW(path, command, NULL, NULL, FALSE, apart, NULL, NULL, &startup, &made))
    return 1;
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

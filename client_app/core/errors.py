"""Every error that a customer can see: a code to read out on the phone, a title, an advice, whether to try again."""

import enum
from dataclasses import dataclass

from client_app.core.messages import N_


class ErrorCode(enum.Enum):
    """Stable codes; the value is what customer and technician say to each other."""

    CODE_LENGTH = "K-01"
    CODE_CHECK = "K-02"
    CODE_UNKNOWN = "K-03"
    CODE_USED = "K-04"
    CODE_EXPIRED = "K-05"
    CASE_FROZEN = "K-06"
    CASE_ENDED = "K-07"
    TOO_MANY_TRIES = "K-08"
    WRONG_WORD = "K-09"
    NO_CONNECTION = "K-10"
    CONNECTION_INSPECTED = "K-11"
    NOT_THE_COMPANY = "K-12"
    SERVER_TROUBLE = "K-13"
    ANSWER_UNEXPECTED = "K-14"
    NO_BACKEND_SET = "K-15"
    RIGHTS_NONE = "K-20"
    RIGHTS_UNKNOWN = "K-21"
    DISPLAY_WAYLAND = "K-22"
    CHECK_TIMED_OUT = "K-23"
    DOCUMENT_WRONG = "K-30"
    DOCUMENTS_CHANGED = "K-31"
    DOCUMENTS_MISSING = "K-32"
    PRICE_CHANGED = "K-33"
    RECORD_REFUSED = "K-34"
    RECEIPT_WRONG = "K-35"
    CANNOT_STORE = "K-36"
    ANSWER_WRONG = "K-37"
    ANSWER_TRIES_OVER = "K-38"
    ANYDESK_MISSING = "K-40"
    ANYDESK_CHANGED = "K-41"
    ANYDESK_UNSAFE = "K-42"
    ANYDESK_NOT_STARTED = "K-43"
    ANYDESK_NO_NUMBER = "K-44"
    ANYDESK_DIED = "K-45"
    GUARDIAN_LOST = "K-46"
    STRANGER_CONNECTED = "K-47"
    NOT_CLOSED = "K-48"
    NO_PERMISSION = "K-49"
    LIST_UNTRUSTED = "K-50"
    ANYDESK_ALREADY_RUNS = "K-51"
    DOWNLOAD_FAILED = "K-52"
    DOWNLOAD_WRONG = "K-53"
    SIGNATURE_WRONG = "K-54"
    SIGNATURE_REVOKED = "K-55"
    GUARDIAN_REFUSED = "K-56"
    ELEVATION_REFUSED = "K-57"
    PRESENCE_MISSED = "K-58"
    RESTART_FAILED = "K-59"
    CANNOT_SAVE = "K-60"
    CANNOT_PRINT = "K-61"
    REMOVED_PARTLY = "K-62"
    UNSENT_RECORDS = "K-63"
    REOPEN_OVER = "K-64"
    RETURN_FAILED = "K-65"
    KIND_MISSING = "K-70"
    NAME_MISSING = "K-71"
    EMAIL_WRONG = "K-72"
    ADDRESS_MISSING = "K-73"
    COMPANY_MISSING = "K-74"
    NIP_WRONG = "K-75"
    TOO_LONG = "K-76"
    INTERNAL = "K-90"
    ALREADY_RUNNING = "K-91"
    BRAND_BROKEN = "K-92"
    FOLDER_NOT_WRITABLE = "K-93"

    @property
    def info(self) -> "ErrorInfo":
        """Title, advice and whether trying again makes sense."""
        return ERRORS[self]


@dataclass(frozen=True)
class ErrorInfo:
    """What a person needs: what is wrong, what to do next (message ids)."""

    title: str
    advice: str
    retryable: bool = False


class CustomerError(Exception):
    """An expected failure with a code. `str()` is for logs; people are shown `code.info`.

    Attributes:
        code: the code.
        detail: English words for the log, never shown to the customer, never holding personal data.
        retry_after_seconds: how long the other side asked us to wait, if it did.
    """

    def __init__(self, code: ErrorCode, detail: str = "", retry_after_seconds: float | None = None) -> None:
        super().__init__(f"{code.value} {code.name}: {detail}" if detail else f"{code.value} {code.name}")
        self.code = code
        self.detail = detail
        self.retry_after_seconds = retry_after_seconds


_ASK = N_("Tell the technician this code.")

ERRORS: dict[ErrorCode, ErrorInfo] = {
    ErrorCode.CODE_LENGTH: ErrorInfo(
        N_("The code has nine digits."), N_("Ask the technician to dictate it again.")
    ),
    ErrorCode.CODE_CHECK: ErrorInfo(
        N_("One digit does not fit."), N_("Read the code back to the technician and correct it.")
    ),
    ErrorCode.CODE_UNKNOWN: ErrorInfo(
        N_("This code is not known."),
        N_("Ask the technician for a new code. If they cannot give one, hang up."),
    ),
    ErrorCode.CODE_USED: ErrorInfo(
        N_("This code was already used on another computer."),
        N_("If that was not you, hang up. Otherwise ask the technician for a new code."),
    ),
    ErrorCode.CODE_EXPIRED: ErrorInfo(
        N_("This code is no longer valid."), N_("Ask the technician for a new code.")
    ),
    ErrorCode.CASE_FROZEN: ErrorInfo(
        N_("This case was stopped for your safety."),
        N_("Nobody can connect. Hang up and call the company on a number that you already know."),
    ),
    ErrorCode.CASE_ENDED: ErrorInfo(N_("This case has ended."), N_("Ask the technician for a new code.")),
    ErrorCode.TOO_MANY_TRIES: ErrorInfo(
        N_("Too many tries."), N_("Wait a few minutes, then try again."), True
    ),
    ErrorCode.WRONG_WORD: ErrorInfo(
        N_("That was not the word."),
        N_("The case was stopped. Hang up and call the company on a number that you already know."),
    ),
    ErrorCode.NO_CONNECTION: ErrorInfo(
        N_("The company's server cannot be reached."),
        N_("Check that this computer is connected to the Internet, then try again."),
        True,
    ),
    ErrorCode.CONNECTION_INSPECTED: ErrorInfo(
        N_("The connection to the company is not private."),
        N_("A program or network on the way opens secure connections. Tell the technician this code."),
        True,
    ),
    ErrorCode.NOT_THE_COMPANY: ErrorInfo(
        N_("The answer did not come from the company."),
        N_("Do not go on. Hang up and call the company on a number that you already know."),
    ),
    ErrorCode.SERVER_TROUBLE: ErrorInfo(
        N_("The company's server has a problem at the moment."), N_("Wait a minute, then try again."), True
    ),
    ErrorCode.ANSWER_UNEXPECTED: ErrorInfo(
        N_("This program is too old for the company's server."), N_("Tell the technician this code."), True
    ),
    ErrorCode.NO_BACKEND_SET: ErrorInfo(
        N_("This copy of the program was not prepared by a company."), N_("Download the program again.")
    ),
    ErrorCode.RIGHTS_NONE: ErrorInfo(
        N_("You are not an administrator of this computer."),
        N_("The technician can help with many things all the same. Tell them this code."),
    ),
    ErrorCode.RIGHTS_UNKNOWN: ErrorInfo(
        N_("It could not be found out whether you are an administrator."), _ASK, True
    ),
    ErrorCode.DISPLAY_WAYLAND: ErrorInfo(
        N_("This desktop (Wayland) does not let AnyDesk show the screen."),
        N_("Sign out, choose the session with “Xorg” or “X11” at sign-in, and start this program again."),
        True,
    ),
    ErrorCode.CHECK_TIMED_OUT: ErrorInfo(N_("A check took too long."), N_("Try again."), True),
    ErrorCode.DOCUMENT_WRONG: ErrorInfo(
        N_("The terms could not be confirmed as the company's."),
        N_("Do not go on. Tell the technician this code."),
        True,
    ),
    ErrorCode.DOCUMENTS_CHANGED: ErrorInfo(
        N_("The company has just published a new version."),
        N_("Please read it and tick the boxes again. What you typed was kept."),
    ),
    ErrorCode.DOCUMENTS_MISSING: ErrorInfo(
        N_("The terms are not available."), N_("Check the Internet connection and try again."), True
    ),
    ErrorCode.PRICE_CHANGED: ErrorInfo(
        N_("The price is not the one agreed on the phone."),
        N_("Nothing was ordered. Tell the technician this code."),
    ),
    ErrorCode.RECORD_REFUSED: ErrorInfo(
        N_("The company's server did not accept the order."),
        N_("Nothing was started. Tell the technician this code."),
    ),
    ErrorCode.RECEIPT_WRONG: ErrorInfo(
        N_("The receipt could not be confirmed."),
        N_("Nothing was started. Tell the technician this code."),
        True,
    ),
    ErrorCode.CANNOT_STORE: ErrorInfo(
        N_("The order could not be stored on this computer."),
        N_("Free some disk space, then try again. Nothing was ordered yet."),
        True,
    ),
    ErrorCode.ANSWER_WRONG: ErrorInfo(
        N_("The eight digits do not fit."), N_("Ask the technician to read them again."), True
    ),
    ErrorCode.ANSWER_TRIES_OVER: ErrorInfo(
        N_("The eight digits were wrong five times."),
        N_("Help can start when the Internet connection is back."),
    ),
    ErrorCode.ANYDESK_MISSING: ErrorInfo(
        N_("The AnyDesk program is missing."),
        N_("Download this program again, or tell the technician this code."),
    ),
    ErrorCode.ANYDESK_CHANGED: ErrorInfo(
        N_("The AnyDesk program is not the one that the company sent."),
        N_("It was not started. Tell the technician this code."),
    ),
    ErrorCode.ANYDESK_UNSAFE: ErrorInfo(
        N_("AnyDesk has settings that are not safe for this session."),
        N_("AnyDesk is not running. Tell the technician this code."),
    ),
    ErrorCode.ANYDESK_NOT_STARTED: ErrorInfo(N_("AnyDesk did not start."), N_("Try again."), True),
    ErrorCode.ANYDESK_NO_NUMBER: ErrorInfo(
        N_("AnyDesk has not got its number yet."),
        N_("Wait a moment. If nothing changes, tell the technician this code."),
    ),
    ErrorCode.ANYDESK_DIED: ErrorInfo(
        N_("AnyDesk closed by itself."),
        N_("The session has ended. Tell the technician if help was not finished."),
    ),
    ErrorCode.GUARDIAN_LOST: ErrorInfo(
        N_("The part of this program that watches over AnyDesk stopped."),
        N_("The session was ended for your safety."),
    ),
    ErrorCode.STRANGER_CONNECTED: ErrorInfo(
        N_("Somebody who is not your technician connected."),
        N_("The connection was cut at once. Hang up and call the company on a number that you already know."),
    ),
    ErrorCode.NOT_CLOSED: ErrorInfo(
        N_("AnyDesk could not be closed completely."),
        N_("Restart this computer now. Then nobody can connect."),
        True,
    ),
    ErrorCode.NO_PERMISSION: ErrorInfo(
        N_("AnyDesk was not started, because there is no receipt."),
        N_("Order again, or tell the technician this code."),
    ),
    ErrorCode.ANYDESK_ALREADY_RUNS: ErrorInfo(
        N_("The company's AnyDesk is already open on this computer."),
        N_("Close its window, then try again."),
        True,
    ),
    ErrorCode.LIST_UNTRUSTED: ErrorInfo(
        N_("The company's list of programs could not be confirmed."),
        N_("Nothing was started. Tell the technician this code."),
    ),
    ErrorCode.DOWNLOAD_FAILED: ErrorInfo(
        N_("AnyDesk could not be downloaded."),
        N_("Check that this computer is connected to the Internet, then try again."),
        True,
    ),
    ErrorCode.DOWNLOAD_WRONG: ErrorInfo(
        N_("The AnyDesk that was downloaded is not the one that the company sent."),
        N_("It was deleted. Try again, or tell the technician this code."),
        True,
    ),
    ErrorCode.SIGNATURE_WRONG: ErrorInfo(
        N_("The AnyDesk program does not carry its maker's signature."),
        N_("It was not started. Tell the technician this code."),
    ),
    ErrorCode.SIGNATURE_REVOKED: ErrorInfo(
        N_("The signature of this AnyDesk program was withdrawn by its maker."),
        N_("It was not started. Tell the technician this code."),
    ),
    ErrorCode.GUARDIAN_REFUSED: ErrorInfo(
        N_("The part of this program that watches over AnyDesk refused to start it."),
        N_("Nothing was started. Tell the technician this code."),
        True,
    ),
    ErrorCode.ELEVATION_REFUSED: ErrorInfo(
        N_("The permission was not given."),
        N_("Try again and press “Yes” in the system's window, or go on without it."),
        True,
    ),
    ErrorCode.PRESENCE_MISSED: ErrorInfo(
        N_("Nobody answered whether you are still at the computer."),
        N_("The session was ended for your safety."),
    ),
    ErrorCode.RESTART_FAILED: ErrorInfo(
        N_("The computer could not be restarted by this program."),
        N_("Restart it yourself from the system's menu. AnyDesk is already closed."),
        True,
    ),
    ErrorCode.CANNOT_SAVE: ErrorInfo(
        N_("The file could not be saved there."), N_("Choose another folder."), True
    ),
    ErrorCode.CANNOT_PRINT: ErrorInfo(N_("Printing did not work."), N_("Save it as PDF instead."), True),
    ErrorCode.REMOVED_PARTLY: ErrorInfo(
        N_("Some files could not be removed."), N_("They are listed below. You can delete them yourself.")
    ),
    ErrorCode.UNSENT_RECORDS: ErrorInfo(
        N_("Some confirmations were not sent to the company yet."),
        N_("Choose a folder to keep them in; then the program can be removed."),
        True,
    ),
    ErrorCode.REOPEN_OVER: ErrorInfo(
        N_("The time for opening the session again is over."), N_("Ask the technician for a new code.")
    ),
    ErrorCode.RETURN_FAILED: ErrorInfo(
        N_("The session could not be continued after the restart."),
        N_("Nobody is connected. Ask the technician for a new code."),
    ),
    ErrorCode.KIND_MISSING: ErrorInfo(
        N_("Choose how you order."), N_("As a private person or as a company.")
    ),
    ErrorCode.NAME_MISSING: ErrorInfo(N_("Your name is missing."), N_("Type your first and last name.")),
    ErrorCode.EMAIL_WRONG: ErrorInfo(
        N_("This is not a complete e-mail address."), N_("An e-mail address looks like name@example.com.")
    ),
    ErrorCode.ADDRESS_MISSING: ErrorInfo(
        N_("The address for the invoice is missing."), N_("Type street, number, postal code and town.")
    ),
    ErrorCode.COMPANY_MISSING: ErrorInfo(
        N_("The company's name is missing."), N_("Type it as it stands on invoices.")
    ),
    ErrorCode.NIP_WRONG: ErrorInfo(
        N_("This is not a valid tax number (NIP)."), N_("It has ten digits. Compare it with an invoice.")
    ),
    ErrorCode.TOO_LONG: ErrorInfo(N_("This is too long."), N_("Use at most 200 characters.")),
    ErrorCode.INTERNAL: ErrorInfo(
        N_("Something unexpected happened in this program."),
        N_("Nobody is connected. Tell the technician this code."),
    ),
    ErrorCode.ALREADY_RUNNING: ErrorInfo(
        N_("This program is already open."), N_("Look for its window on the task bar.")
    ),
    ErrorCode.BRAND_BROKEN: ErrorInfo(
        N_("This copy of the program is damaged."), N_("Download the program again.")
    ),
    ErrorCode.FOLDER_NOT_WRITABLE: ErrorInfo(
        N_("This program cannot write to its folder."),
        N_("Free some disk space and try again, or tell the technician this code."),
        True,
    ),
}

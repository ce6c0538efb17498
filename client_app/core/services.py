"""The ports of one run, together; built by the composition root after the first paint."""

from dataclasses import dataclass

from client_app.core.anydesk import AnyDeskPort
from client_app.core.elevation import ElevationPort
from client_app.core.ports import BackendPort, ChecksPort, ConsentPort, RemovalPort
from client_app.core.receipt_text import ReceiptPort
from client_app.core.returning import ReturningPort


@dataclass(frozen=True)
class Services:
    """Everything outside that the controller and the window use."""

    backend: BackendPort
    consent: ConsentPort
    checks: ChecksPort
    anydesk: AnyDeskPort
    removal: RemovalPort
    receipts: ReceiptPort
    returning: ReturningPort
    elevation: ElevationPort | None = None

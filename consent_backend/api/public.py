"""The endpoints that the client program uses."""

import hashlib
import hmac
from typing import Annotated, Any

from litestar import Request, Response, get, post, put
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, HeaderParameter, JSONBody

from consent_backend import __version__
from consent_backend.acts.joining import case_of_record, join, own_case, pick_word
from consent_backend.acts.moving import status_of
from consent_backend.acts.recording import Arrived, store_record
from consent_backend.acts.reopening import reopen
from consent_backend.acts.reporting import add_session_event, report_step
from consent_backend.api.openapi import problems
from consent_backend.api.requests import bearer_token, content_digest, identifier
from consent_backend.office import address_of, office_of
from consent_backend.problems import ApiError
from consent_backend.store.documents import document_facts, in_force, published
from consent_backend.store.records import record_by_id
from consent_backend.store.work import Work
from consent_record.canonical import canonical_bytes
from consent_record.errors import MalformedError
from consent_record.fields import timestamp
from consent_record.receipt import Receipt
from consent_record.records import Record
from consent_record.wire import (
    CaseStatus,
    CurrentDocuments,
    Health,
    JoinAnswer,
    JoinRequest,
    ProblemCode,
    ReopenAnswer,
    ReopenRequest,
    SessionEvent,
    StepReport,
    WordAnswer,
    WordRequest,
)

AnyRequest = Request[Any, Any, Any]
ContentDigest = Annotated[str | None, HeaderParameter(name="Content-Digest", required=False)]


@get("/v1/health", responses=problems(), summary="Whether the backend answers")
async def health() -> Health:
    """Say that the backend runs; touches no database."""
    return Health(status="ok", version=__version__, server_time=timestamp())


@get("/v1/documents", responses=problems(503), summary="Documents in force, with their texts")
async def documents(request: AnyRequest) -> CurrentDocuments:
    """Return every version in force, in all languages."""

    def current(work: Work) -> CurrentDocuments:
        facts = in_force(document_facts(work.connection))
        found = (published(work.connection, fact.reference.document_id) for fact in facts)
        texts = tuple(document for document in found if document is not None)
        return CurrentDocuments(documents=texts, server_time=work.now_text)

    return await office_of(request).store.read(current)


@post("/v1/cases/join", status_code=200, responses=problems(400, 404, 409, 413, 415, 422, 429, 503))
async def join_case(request: AnyRequest, data: JSONBody[JoinRequest]) -> JoinAnswer:
    """Exchange a dictated code once for a case token; the same nonce gets the same answer again."""
    office, address = office_of(request), address_of(request)
    return await office.store.write(lambda work: join(work, office.keyring, data, address))


@post(
    "/v1/cases/{case_id:str}/word",
    status_code=200,
    responses=problems(400, 401, 403, 404, 409, 413, 415, 422, 503),
)
async def check_word(request: AnyRequest, case_id: FromPath[str], data: JSONBody[WordRequest]) -> WordAnswer:
    """Check the word that the customer picked; a wrong one freezes the case."""
    token, case_id = bearer_token(request), identifier(case_id)
    return await office_of(request).store.write(
        lambda work: pick_word(work, own_case(work, token, case_id), data)
    )


@post(
    "/v1/cases/{case_id:str}/reopen",
    status_code=200,
    responses=problems(400, 401, 403, 404, 409, 413, 415, 422, 503),
)
async def reopen_case(
    request: AnyRequest, case_id: FromPath[str], data: JSONBody[ReopenRequest]
) -> ReopenAnswer:
    """After an accidental end: begin a new round of the word, so that the customer can open the session again."""
    token, case_id = bearer_token(request), identifier(case_id)
    return await office_of(request).store.write(
        lambda work: reopen(work, own_case(work, token, case_id), data)
    )


@get("/v1/cases/{case_id:str}", responses=problems(401, 404, 503))
async def case_status(request: AnyRequest, case_id: FromPath[str]) -> CaseStatus:
    """Return what the technician's side decided."""
    token, case_id = bearer_token(request), identifier(case_id)
    return await office_of(request).store.read(lambda work: status_of(work, own_case(work, token, case_id)))


@put("/v1/cases/{case_id:str}/step", responses=problems(400, 401, 404, 413, 415, 422, 503))
async def put_step(request: AnyRequest, case_id: FromPath[str], data: JSONBody[StepReport]) -> CaseStatus:
    """Report the customer's step."""
    token, case_id = bearer_token(request), identifier(case_id)
    return await office_of(request).store.write(
        lambda work: report_step(work, own_case(work, token, case_id), data)
    )


@post(
    "/v1/cases/{case_id:str}/events",
    status_code=200,
    responses=problems(400, 401, 404, 413, 415, 422, 429, 503),
)
async def post_event(request: AnyRequest, case_id: FromPath[str], data: JSONBody[SessionEvent]) -> CaseStatus:
    """Report an event; the same event_id twice is stored once."""
    token, case_id = bearer_token(request), identifier(case_id)
    return await office_of(request).store.write(
        lambda work: add_session_event(work, own_case(work, token, case_id), data)
    )


@put(
    "/v1/records/{record_id:str}",
    responses={
        200: ResponseSpec(Receipt, description="The receipt, in canonical form"),
        **problems(400, 401, 403, 404, 409, 413, 415, 422, 429, 503),
    },
)
async def put_record(
    request: AnyRequest,
    record_id: FromPath[str],
    data: JSONBody[Record],
    digest: ContentDigest = None,
) -> Response[bytes]:
    """Store a record once and answer with its receipt; the same bytes get the same receipt, others 409."""
    office, token = office_of(request), bearer_token(request)
    record_id, told = identifier(record_id), content_digest(request)
    try:
        canonical = canonical_bytes(data)
    except MalformedError as error:
        raise ApiError(ProblemCode.SHAPE, error.reason) from error
    found = hashlib.sha256(canonical)
    if not hmac.compare_digest(found.digest(), told):
        raise ApiError(ProblemCode.RECORD_HASH, "Content-Digest is not that of the record's canonical form")
    arrived = Arrived(record_id, data, canonical, found.hexdigest())
    receipt = await office.store.write(lambda work: store_record(work, office.keyring, token, arrived))
    return Response(content=receipt, media_type="application/json")


@get(
    "/v1/records/{record_id:str}/receipt",
    responses={
        200: ResponseSpec(Receipt, description="The receipt, in canonical form"),
        **problems(401, 404, 503),
    },
)
async def get_receipt(request: AnyRequest, record_id: FromPath[str]) -> Response[bytes]:
    """Return the receipt of a record of the caller's own case."""
    token, record_id = bearer_token(request), identifier(record_id)

    def receipt(work: Work) -> bytes:
        case, _is_former = case_of_record(work, token)
        stored = record_by_id(work.connection, record_id)
        if stored is None or stored.case_id != case.id:
            raise ApiError(ProblemCode.RECORD_UNKNOWN, "this case has no such record")
        return stored.receipt

    return Response(content=await office_of(request).store.read(receipt), media_type="application/json")


PUBLIC_HANDLERS = [
    health,
    documents,
    join_case,
    check_word,
    reopen_case,
    case_status,
    put_step,
    post_event,
    put_record,
    get_receipt,
]

"""The OpenAPI document: generated from the handlers and the types, served as it is, no page with foreign scripts."""

from typing import Any

import msgspec
from litestar import Request, Response, get
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Components, SecurityScheme

from consent_backend import __version__
from consent_backend.problems import MEDIA_TYPE, TITLES
from consent_record.wire import Problem


def problems(*statuses: int) -> dict[int, ResponseSpec]:
    """Return the documented refusals of an endpoint; what is no HTTP (400) and faults of ours (500) always may be."""
    return {
        status: ResponseSpec(
            Problem, generate_examples=False, description=TITLES[status], media_type=MEDIA_TYPE
        )
        for status in sorted({400, *statuses, 500})
    }


OPENAPI = OpenAPIConfig(
    title="pomoc-zdalna consent API",
    version=__version__,
    path="/v1/openapi-internal",
    render_plugins=(),
    use_handler_docstrings=True,
    components=Components(
        security_schemes={
            "case": SecurityScheme(type="http", scheme="bearer", description="case token of POST join"),
            "console": SecurityScheme(type="http", scheme="bearer", description="console session token"),
        }
    ),
)


def _portable(node: Any) -> Any:
    # \Z is Python's end of text; JSON Schema's patterns are ECMA 262, where `$` without flags says the same.
    if isinstance(node, dict):
        return {
            key: value.replace(r"\Z", "$")
            if key == "pattern" and isinstance(value, str)
            else _portable(value)
            for key, value in node.items()
        }
    if isinstance(node, list):
        return [_portable(value) for value in node]
    return node


@get("/v1/openapi", include_in_schema=False)
async def openapi(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Return the OpenAPI document."""
    document = _portable(request.app.openapi_schema.to_schema())
    return Response(content=msgspec.json.encode(document), media_type="application/json")

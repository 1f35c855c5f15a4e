"""An upstream that passes every server scenario of the official conformance suite directly, over streamable HTTP.

    python conformance.py PORT

Messages are answered as raw JSON, so that nothing of the SDK's typing stands between the suite and what is written here.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

import uvicorn
from mcp.server import Server, ServerRequestContext
from mcp.server.context import CallNext

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg=="
WAV = "UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA="
NOTHING: dict[str, Any] = {"type": "object", "properties": {}}
ADDRESS = {"type": "object", "properties": {"street": {"type": "string"}, "city": {"type": "string"}}}
DIALECT = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "$defs": {"address": ADDRESS},
    "properties": {"name": {"type": "string"}, "address": {"$ref": "#/$defs/address"}},
    "additionalProperties": False,
}
DEFAULTS = {
    "name": {"type": "string", "description": "User name", "default": "John Doe"},
    "age": {"type": "integer", "description": "User age", "default": 30},
    "score": {"type": "number", "description": "User score", "default": 95.5},
    "status": {"type": "string", "description": "User status", "enum": ["active", "inactive", "pending"], "default": "active"},
    "verified": {"type": "boolean", "description": "Verification status", "default": True},
}
_THREE = ["option1", "option2", "option3"]
_TITLED = [{"const": f"value{number}", "title": f"{word} Option"} for number, word in enumerate(("First", "Second", "Third"), 1)]
ENUMS = {
    "untitledSingle": {"type": "string", "enum": _THREE},
    "titledSingle": {"type": "string", "oneOf": _TITLED},
    "legacyEnum": {"type": "string", "enum": ["opt1", "opt2", "opt3"], "enumNames": ["Option One", "Option Two", "Option Three"]},
    "untitledMulti": {"type": "array", "items": {"type": "string", "enum": _THREE}},
    "titledMulti": {"type": "array", "items": {"anyOf": _TITLED}},
}
USER = {
    "username": {"type": "string", "description": "User's response"},
    "email": {"type": "string", "description": "User's email address"},
}

Context = ServerRequestContext[Any]


def text(said: str) -> dict[str, Any]:
    return {"type": "text", "text": said}


def embedded(uri: str, kind: str, said: str) -> dict[str, Any]:
    return {"type": "resource", "resource": {"uri": uri, "mimeType": kind, "text": said}}


IMAGE = {"type": "image", "data": PNG, "mimeType": "image/png"}
STILL: dict[str, list[dict[str, Any]]] = {
    "test_simple_text": [text("This is a simple text response for testing.")],
    "test_image_content": [IMAGE],
    "test_audio_content": [{"type": "audio", "data": WAV, "mimeType": "audio/wav"}],
    "test_embedded_resource": [embedded("test://embedded-resource", "text/plain", "This is an embedded resource content.")],
    "test_multiple_content_types": [
        text("Multiple content types test:"),
        IMAGE,
        embedded("test://mixed-content-resource", "application/json", json.dumps({"test": "data", "value": 123})),
    ],
    "json_schema_2020_12_tool": [text("done")],
}
"""Tools that always answer the same."""


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


MOVING: dict[str, dict[str, Any]] = {
    "test_tool_with_logging": NOTHING,
    "test_tool_with_progress": NOTHING,
    "test_error_handling": NOTHING,
    "test_sampling": _object(prompt={"type": "string"}),
    "test_elicitation": _object(message={"type": "string"}),
    "test_elicitation_sep1034_defaults": NOTHING,
    "test_elicitation_sep1330_enums": NOTHING,
}
SCHEMAS = {**{name: NOTHING for name in STILL}, "json_schema_2020_12_tool": DIALECT, **MOVING}
TOOLS = [{"name": name, "description": f"The tool {name}.", "inputSchema": schema} for name, schema in SCHEMAS.items()]
RESOURCES = [
    {"uri": f"test://{name}", "name": name, "description": f"The resource {name}.", "mimeType": kind}
    for name, kind in (("static-text", "text/plain"), ("static-binary", "image/png"), ("watched-resource", "text/plain"))
]
TEMPLATE = {"uriTemplate": "test://template/{id}/data", "name": "template", "description": "Data of an id.", "mimeType": "application/json"}


def _argument(name: str) -> dict[str, Any]:
    return {"name": name, "description": f"The argument {name}.", "required": True}


PROMPTS = [
    {"name": "test_simple_prompt", "description": "Without arguments."},
    {"name": "test_prompt_with_arguments", "description": "With two.", "arguments": [_argument("arg1"), _argument("arg2")]},
    {"name": "test_prompt_with_embedded_resource", "description": "With a resource.", "arguments": [_argument("resourceUri")]},
    {"name": "test_prompt_with_image", "description": "With an image."},
]


async def _tell(ctx: Context, method: str, **params: Any) -> None:
    await ctx.session._request_outbound.notify(method, params)


async def _ask(ctx: Context, method: str, **params: Any) -> dict[str, Any]:
    return await ctx.session._request_outbound.send_raw_request(method, params)


async def _elicited(ctx: Context, message: str, properties: dict[str, Any], required: list[str]) -> str:
    schema = {"type": "object", "properties": properties, "required": required}
    answer = await _ask(ctx, "elicitation/create", message=message, requestedSchema=schema)
    return f"action={answer.get('action')}, content={json.dumps(answer.get('content'))}"


async def call(ctx: Context, name: str, given: dict[str, Any]) -> dict[str, Any]:
    if name in STILL:
        return {"content": STILL[name]}
    said = "done"
    match name:
        case "test_error_handling":
            return {"content": [text("This tool intentionally returns an error for testing")], "isError": True}
        case "test_tool_with_logging":
            for words in ("Tool execution started", "Tool processing data", "Tool execution completed"):
                await _tell(ctx, "notifications/message", level="info", logger="test", data=words)
                await asyncio.sleep(0.05)
        case "test_tool_with_progress":
            token = ((ctx.params or {}).get("_meta") or {}).get("progressToken")
            for progress in (0, 50, 100):
                if token is not None:
                    await _tell(ctx, "notifications/progress", progressToken=token, progress=progress, total=100)
                await asyncio.sleep(0.05)
        case "test_sampling":
            message = {"role": "user", "content": text(given["prompt"])}
            answer = await _ask(ctx, "sampling/createMessage", messages=[message], maxTokens=100)
            said = f"LLM response: {answer['content'].get('text')}"
        case "test_elicitation":
            said = f"User response: {await _elicited(ctx, given['message'], USER, list(USER))}"
        case "test_elicitation_sep1034_defaults":
            said = f"Elicitation completed: {await _elicited(ctx, 'Please review', DEFAULTS, [])}"
        case "test_elicitation_sep1330_enums":
            said = f"Elicitation completed: {await _elicited(ctx, 'Please choose', ENUMS, [])}"
        case _:
            return {"content": [text(f"Unknown tool {name}")], "isError": True}
    return {"content": [text(said)]}


def read(uri: str) -> dict[str, Any]:
    if uri == "test://static-binary":
        return {"contents": [{"uri": uri, "mimeType": "image/png", "blob": PNG}]}
    if uri.startswith("test://template/"):
        known = uri.split("/")[3]
        said = json.dumps({"id": known, "templateTest": True, "data": f"Data for ID: {known}"})
        return {"contents": [{"uri": uri, "mimeType": "application/json", "text": said}]}
    return {"contents": [{"uri": uri, "mimeType": "text/plain", "text": "This is the content of the static text resource."}]}


def prompt(name: str, given: dict[str, Any]) -> dict[str, Any]:
    contents = {
        "test_simple_prompt": [text("This is a simple prompt for testing.")],
        "test_prompt_with_arguments": [text(f"Prompt with arguments: arg1='{given.get('arg1')}', arg2='{given.get('arg2')}'")],
        "test_prompt_with_embedded_resource": [
            embedded(str(given.get("resourceUri")), "text/plain", "Embedded resource content for testing."),
            text("Please process the embedded resource above."),
        ],
        "test_prompt_with_image": [IMAGE, text("Please analyze the image above.")],
    }[name]
    return {"messages": [{"role": "user", "content": content} for content in contents]}


CAPABILITIES = {
    "tools": {"listChanged": True}, "resources": {"subscribe": True, "listChanged": True}, "prompts": {"listChanged": True},
    "logging": {}, "completions": {},
}  # fmt: skip


async def answer(ctx: Context, call_next: CallNext) -> Any:
    params: dict[str, Any] = dict(ctx.params or {})
    match ctx.method:
        case "initialize":
            version = params.get("protocolVersion")
            return {"protocolVersion": version, "capabilities": CAPABILITIES, "serverInfo": {"name": "conformance", "version": "1"}}
        case "tools/list":
            return {"tools": TOOLS}
        case "tools/call":
            return await call(ctx, params["name"], params.get("arguments") or {})
        case "resources/list":
            return {"resources": RESOURCES}
        case "resources/templates/list":
            return {"resourceTemplates": [TEMPLATE]}
        case "resources/read":
            return read(params["uri"])
        case "prompts/list":
            return {"prompts": PROMPTS}
        case "prompts/get":
            return prompt(params["name"], params.get("arguments") or {})
        case "completion/complete":
            return {"completion": {"values": ["paris", "park"], "total": 2, "hasMore": False}}
        case "ping" | "logging/setLevel" | "resources/subscribe" | "resources/unsubscribe":
            return {}
    return await call_next(ctx)


server: Server[Any] = Server("conformance", version="1")
server.middleware.insert(0, answer)

if __name__ == "__main__":
    uvicorn.run(server.streamable_http_app(), host="127.0.0.1", port=int(sys.argv[1]), log_level="error")

"""The MCP faces that the AI client sees: they submit, tell, and wait. No face here can answer for a person.

server.py   the four tools over one engine; entry functions `serve_stdio` and `serve_http`
tools.py    what the model may call, and the strict reading of its arguments
answers.py  what the model is told about a case
proxy.py    `guard wrap`: guard in front of a wrapped server
delivery.py how the result of a call reaches a client: tasks.py (the Tasks extension), elicit.py (a form in the client), or a ticket
wire.py     which bytes are one unambiguous JSON-RPC message
stdio.py http.py  the transports; sessions.py: the clients over HTTP
"""

from guard.front.server import build_server, serve_http, serve_stdio

__all__ = ["build_server", "serve_http", "serve_stdio"]

"""The MCP faces that the AI client sees: they submit, tell, and wait. No face here can answer for a person.

server.py   the three tools over one engine; entry functions `serve_stdio` and `serve_http`
tools.py    what the model may call, and the strict reading of its arguments
answers.py  what the model is told about a case
wire.py     which bytes are one unambiguous JSON-RPC message
stdio.py http.py  the transports; sessions.py: the clients over HTTP
"""

from guard.front.server import build_server, serve_http, serve_stdio

__all__ = ["build_server", "serve_http", "serve_stdio"]

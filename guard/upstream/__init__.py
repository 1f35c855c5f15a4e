"""Wrapped servers: Code Mode servers of others that guard stands in front of. Here guard is the client.

wrapped.py   one wrapped server, as the engine sees it (`ports.Upstream`)
link.py      one connection to it, owned by one long-lived task
notices.py   what it says unasked, on its way to clients
command.py   a code mode that is a command, not a server
target.py    how it is reached: a command, or a URL with headers
stdio.py http.py  the transports; oauth.py signs in, tokens.py keeps what that gives, secrets.py follows references
session.py   a connection that has been initialised; its era
attendance.py  which clients are there while a call runs
detect.py    which profile fits it; catalogue.py reads the profiles, profiles/ are they, as data
classify.py  an ordinary tool call -> read, write, destructive
pins.py      its tool definitions as they were first seen
"""

"""The egress broker, the only way out of a box. Sans-IO but for `broker`, `stream` and `exchange`.

broker.py     one per guard process, with a gateway for each box
exchange.py   one connection of a box: requests one after another, or a tunnel
request.py    the head of an HTTP request, read strictly
hello.py      the server name in a TLS ClientHello
addresses.py  which addresses are never reached
plan.py       what a box sees of the network
stream.py     bounded reads and whole writes on sockets
"""

"""The parts of the egress broker (`guard.sandbox.broker`): which addresses are never reached, how a request and a TLS ClientHello are
read, what a box sees of the network, and the listeners in its network namespace.

Sans-IO but for `listeners` and `join`, which make sockets inside a box from outside.
"""

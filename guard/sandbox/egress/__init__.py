"""The parts of the egress broker (`guard.sandbox.broker`): which addresses are never reached, how a request and a TLS ClientHello are
read, and what a box sees of the network. Sans-IO but for `stream` and `exchange`.
"""

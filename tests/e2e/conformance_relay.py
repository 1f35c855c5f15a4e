"""What the conformance suite starts as a client: hands the scenario to the test that listens, and ends as that says.

python conformance_relay.py SOCKET URL
"""

import json
import os
import socket
import sys

with socket.socket(socket.AF_UNIX) as door:
    door.connect(sys.argv[1])
    context = json.loads(os.environ.get("MCP_CONFORMANCE_CONTEXT", "{}"))
    door.sendall(json.dumps([os.environ["MCP_CONFORMANCE_SCENARIO"], sys.argv[2], context]).encode() + b"\n")
    said = b"".join(iter(lambda: door.recv(4096), b"")).decode()
sys.exit(said)

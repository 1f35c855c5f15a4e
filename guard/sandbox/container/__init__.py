"""The Sandbox on a container engine (Podman or Docker), part by part; the parts that bubblewrap's boxes have too are one folder up.

sandbox.py      the Sandbox: one run from Job to Execution
engine.py       Podman or Docker behind its socket
image.py        the image that containers are made of
layout.py       what a container sees
box.py          one container as a box: its start, its run, its death
init.py         its first process, which waits for guard's order; init_client.py: guard's half of the conversation with it
"""

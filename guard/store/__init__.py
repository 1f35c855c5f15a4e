"""Where cases, the ledger, people, policies and payloads are kept: `ports.Store` on SQLite, and `ports.Leases` on locked files.

sqlite.py       the store, method by method
ledger.py       the ledger's rows, within a transaction
payloads.py     payloads by digest, within a transaction
policy_sets.py  the active policy set, within a transaction
grants.py       standing grants and the count of their uses, within a transaction
notices.py      how much people were told of lately, within a transaction
codec.py        a case as the JSON text of one column, and back
connection.py   a connection on its own thread, transactions, and what SQLite's errors mean
folder.py       the state folder: its permissions, and the lock that writers take turns by
schema.py       append-only numbered migrations
lease.py        which engines are alive
"""

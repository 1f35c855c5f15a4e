"""Where cases, the ledger, people, policies and payloads are kept: `ports.Store` on SQLite.

sqlite.py      the store, method by method
ledger.py      the ledger's rows, within a transaction
policies.py    the active policy set and payloads, within a transaction
codec.py       a case as the JSON text of one column, and back
connection.py  a connection on its own thread, transactions, and what SQLite's errors mean
folder.py      the state folder: its permissions, and the lock that writers take turns by
schema.py      append-only numbered migrations
"""

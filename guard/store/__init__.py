"""Where cases, the ledger, people, policies and payloads are kept. `sqlite.SqliteStore` is the one implementation of `ports.Store`.

    schema.py   append-only numbered migrations
    codec.py    a case as the JSON text of one column, and back
    files.py    the state folder: its permissions, and the lock around write transactions
    sqlite.py   the store
"""

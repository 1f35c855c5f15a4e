"""How people are called: fixed words (message), who is told when (routes), and the delivery (apprise)."""

"""The MCP faces that the AI client sees: they submit, tell, and wait. No face here can answer for a person."""

"""Outside text made visible: the one door through which it reaches a screen.

Control, bidi, zero-width, tag and other invisible characters become marks such as ‹U+202E RLO› that the text itself cannot write (a
literal ‹ becomes ‹U+2039›). Nothing is lost: the marks are exact. See CONSOLE design, section 5.
"""

from __future__ import annotations

"""What is measured is the box's own use."""

from __future__ import annotations

import os

from guard.model import Limits
from guard.sandbox.watch import Watch


def test_a_box_that_still_has_the_hosts_root_is_not_charged_with_what_the_host_stores() -> None:
    # Under load the first look comes before the box has entered its own root.
    assert Watch(Limits(disk_files=1), os.getpid(), None).look() is None

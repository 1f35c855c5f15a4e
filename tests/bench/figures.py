"""How every benchmark takes its options and shows its figures: a line each, with its target, or one JSON object."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping


def options(doc: str | None) -> argparse.ArgumentParser:
    """A parser with what all benchmarks take."""
    parser = argparse.ArgumentParser(description=doc)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser


def show(figures: Mapping[str, float], *, as_json: bool, targets: Mapping[str, float] | None = None) -> None:
    """Print figures."""
    if as_json:
        print(json.dumps({name: round(value, 4) for name, value in figures.items()}))
        return
    for name, value in figures.items():
        print(f"{name:40} {value:12,.3f}" + (f"   target < {targets[name]}" if targets and name in targets else ""))

"""Summarise the orders of a shop: a program such as agents write, used as the benchmarks' 100 lines."""

import csv
import json
import math
import os
import re
import statistics
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

DATA = Path("data")
OUT = Path("reports")
CURRENCY = re.compile(r"^[A-Z]{3}$")


@dataclass
class Order:
    number: str
    day: date
    amount: float
    currency: str
    lines: list = field(default_factory=list)

    @property
    def size(self):
        return len(self.lines)

    def scaled(self, rate):
        return round(self.amount * rate, 2)


def parse_day(text):
    year, month, day = (int(part) for part in text.split("-"))
    return date(year, month, day)


def load_orders(path):
    orders = {}
    with open(path, newline="", encoding="utf-8") as handle:
        for row in csv.DictReader(handle):
            number = row["number"].strip()
            if not CURRENCY.match(row["currency"]):
                continue
            order = orders.setdefault(number, Order(number, parse_day(row["day"]), 0.0, row["currency"]))
            order.amount += float(row["amount"])
            order.lines.append(row)
    return list(orders.values())


def load_rates():
    return json.loads((DATA / "rates.json").read_text())


def by_week(orders):
    weeks = defaultdict(list)
    for order in orders:
        start = order.day - timedelta(days=order.day.weekday())
        weeks[start].append(order)
    return dict(sorted(weeks.items()))


def describe(values):
    if not values:
        return {"count": 0}
    return {
        "count": len(values),
        "mean": round(statistics.fmean(values), 2),
        "median": statistics.median(values),
        "spread": round(math.sqrt(statistics.pvariance(values)), 2),
        "top": sorted(values, reverse=True)[:3],
    }


def outliers(orders, factor=3.0):
    amounts = [order.amount for order in orders]
    if len(amounts) < 2:
        return []
    middle, spread = statistics.fmean(amounts), statistics.stdev(amounts)
    return [order.number for order in orders if abs(order.amount - middle) > factor * spread]


def main():
    rates = load_rates()
    orders = []
    for name in sorted(os.listdir(DATA)):
        if name.endswith(".csv"):
            orders.extend(load_orders(os.path.join(DATA, name)))
    report = {"orders": len(orders), "currencies": Counter(order.currency for order in orders), "weeks": {}}
    for week, group in by_week(orders).items():
        report["weeks"][week.isoformat()] = describe([order.scaled(rates.get(order.currency, 1.0)) for order in group])
    report["outliers"] = outliers(orders)
    OUT.mkdir(exist_ok=True)
    (OUT / "orders.json").write_text(json.dumps(report, indent=2))
    print(json.dumps(report["currencies"]), "in", len(report["weeks"]), "weeks")


main()

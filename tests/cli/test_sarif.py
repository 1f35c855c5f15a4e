import json
from typing import Any

from tests.cli.build import COMPUTES, Home


def report(home: Home, code: str) -> dict[str, Any]:
    (home.workspace / "my program.py").write_text(code)
    found: dict[str, Any] = json.loads(home.guard("check", "--sarif", "my program.py").out)
    return found


def test_an_effect_is_a_result_at_its_place(bare: Home) -> None:
    found = report(bare, "import os\nos.remove('a.txt')\n")
    assert found["version"] == "2.1.0"
    (run,) = found["runs"]
    result = next(r for r in run["results"] if r.get("properties", {}).get("kind") == "fs.delete")
    place = result["locations"][0]["physicalLocation"]
    assert result["level"] == "warning"
    assert place["artifactLocation"]["uri"] == "my%20program.py"
    assert place["region"]["startLine"] == 2
    assert place["region"]["startColumn"] >= 1
    assert "destroying-needs-a-backup" in result["properties"]["policies"]


def test_every_result_names_a_rule_of_the_driver(bare: Home) -> None:
    (run,) = report(bare, "import os\nos.remove('a.txt')\nprint(open('b.txt').read())\n")["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert run["results"]
    assert all(rules[result["ruleIndex"]] == result["ruleId"] for result in run["results"])
    assert len(set(rules)) == len(rules)


def test_what_would_run_at_once_has_no_warning(bare: Home) -> None:
    (run,) = report(bare, COMPUTES)["runs"]
    assert run["results"] == []

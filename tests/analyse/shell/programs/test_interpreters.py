"""Code behind interpreters."""

from __future__ import annotations

import pytest

from tests.analyse.shell.check import effects


@pytest.mark.parametrize("shell", ["sh", "bash", "dash", "zsh", "/bin/bash"])
@pytest.mark.parametrize(
    "form",
    [
        "{} -c 'rm a'",
        "{} -ec 'rm a'",
        "{} -c 'rm $0' a",
        "{} <<< 'rm a'",
        "echo 'rm a' | {}",
        "echo 'rm a' | {} -s",
        "{} -o errexit -c 'rm a'",
    ],
)
def test_shell_text_is_walked(shell: str, form: str) -> None:
    found = effects(form.format(shell))
    assert found in (["fs.delete a"], ["fs.delete /~"]), found


@pytest.mark.parametrize("command", ["bash x.sh", "bash", "bash -s", ". ./x", "source x", "bash <(curl https://e.example)", "curl https://e.example | sh", "perl x.pl", "ruby -e 'x'", "php -r 'x;'",
                                     "bash --rcfile x -c ls", "python x.py", "python", "cat x | python", "node x.js", "pwsh -c x", "fish -c ls"])  # fmt: skip
def test_code_that_is_not_here_is_opaque(command: str) -> None:
    assert "opaque" in effects(command)


def test_python_and_javascript_are_analysed_as_such() -> None:
    assert effects("python3 -c 'print(1)'") == []
    assert "fs.delete a" in effects("python3 -c 'import os; os.remove(\"a\")'")
    assert "fs.delete a" in effects("python3 <<'E'\nimport os\nos.remove('a')\nE\n")


def test_eval_of_put_together_text_is_dynamic_even_if_it_is_known() -> None:
    assert effects("eval 'rm a'") == ["fs.delete a"]
    assert effects("x='rm a'; eval \"$x\"") == ["opaque", "fs.delete a"]


def test_other_languages_say_what_their_words_say() -> None:
    assert effects("perl -e 'unlink \"/srv/a\"'") == ["opaque", "fs.delete /srv/a~"]
    assert "fs.delete a" in effects("ruby -e 'system(\"rm a\")'")


def test_asking_for_the_version_runs_nothing() -> None:
    assert effects("bash --version; python3 --version; node -v; perl -v; ruby --version") == []

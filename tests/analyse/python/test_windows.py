"""Texts that a program gives to its windows where a function is expected: they are Tcl."""

from __future__ import annotations

import pytest

from guard.analyse.python import examine
from guard.model import Kind
from tests.analyse.python import check

START = "import tkinter as tk\nfrom tkinter import ttk\nroot = tk.Tk()\nw = tk.Label(root)\n"


def _cannot_be_seen(code: str) -> bool:
    return any(effect.kind is Kind.OPAQUE for effect in examine(code, check.FACTS).effects)


@pytest.mark.parametrize(
    "code",
    [
        "tk.Button(root, command='exec ls')",
        "tk.Button(root, cnf={'command': 'exec ls'})",
        "o = {}\no['com' + 'mand'] = 'exec ls'\ntk.Button(root, **o)",
        "class B(tk.Button): pass\nB(root, command='exec ls')",
        "make = tk.Button\nmake(root, command='exec ls')",
        "getattr(tk, 'Button')(root, command='exec ls')",
        "def made(kind, **rest): return kind(root, **rest)\nmade(tk.Button, command='exec ls')",
        "tk.Button(root, command=('exec', 'ls'))",
        "tk.Button(root, command=open('script').read())",
        "class A:\n    def go(self):\n        self.set = open('a').read()\n        tk.Button(root, command=self.set)\nA().go()",
        "script = input()\nw.bind('<1>', script)",
        "b = w.bind\nb('<1>', 'exec ls')",
        "w.bind_class('Label', '<1>', 'exec ls')",
        "tk.Canvas(root).tag_bind('all', '<1>', 'exec ls')",
        "ttk.Treeview(root).tag_bind('a', '<1>', callback='exec ls')",
        "tk.Text(root).window_create('1.0', create='exec ls')",
        "tk.Menu(root, postcommand='exec ls')",
        "tk.Menu(root).add_command(label='a', command='exec ls')",
        "root.option_add('*command', 'exec ls')",
        "root.option_add(input(), 'exec ls')",
        "w.bind('<1>', 'break; exec ls')",
        "w.bind('<1>', 'focus [exec ls]')",
        "w.event_generate('<<' + 'Paste>>')",
        "w.event_generate(input())",
    ],
)
def test_a_script_for_a_window_is_never_allowed(code: str) -> None:
    assert _cannot_be_seen(START + code)


@pytest.mark.parametrize(
    "code",
    [
        "tk.Button(root, text='exec ls', command=root.quit)",
        "def go(): return 1\ntk.Button(root, command=go)\nw.bind('<1>', go)",
        "tk.Button(root, command=lambda: 1).invoke()",
        "w.bind('<1>', lambda event: 'break')\nw.bind('<2>', 'break')\nw.unbind('<1>')\nw.bind('<1>', '')",
        "bar = tk.Scrollbar(root)\nshown = tk.Text(root, yscrollcommand=bar.set)\nbar.config(command=shown.yview)",
        "shown = tk.Label(root, text=open('a').read())\ntk.Scrollbar(root).config(command=shown.yview)",
        "root.after(100, print, 'exec ls')\nroot.after_idle(print)",
        "root.protocol('WM_DELETE_WINDOW', root.destroy)",
        "w.event_generate('<<Chosen>>')",
        "def run(command): return len(command)\nrun(command='exec ls')",
    ],
)
def test_functions_and_labels_are_no_scripts(code: str) -> None:
    assert not _cannot_be_seen(START + code)


def test_a_text_is_no_script_where_there_are_no_windows() -> None:
    assert not _cannot_be_seen("def run(make): return make(command='exec ls')\nrun(dict)")

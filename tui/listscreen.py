"""What every list screen does: its cursor moves by the same keys, and a filter, where it has one, narrows it while it is typed."""

from __future__ import annotations

from textual import on
from textual.widgets import Input

from guard.desk import Matcher, parse_filter
from guard.errors import BadInput
from tui.fields import Field
from tui.listing import Listing
from tui.screens import Face


class ListFace(Face):
    """A screen that is a list."""

    @property
    def listing(self) -> Listing:
        return self.query_one(Listing)

    def do_down(self) -> None:
        self.listing.move(1)

    def do_up(self) -> None:
        self.listing.move(-1)

    def do_page_down(self) -> None:
        self.listing.move(self.listing.page // 2)

    def do_page_up(self) -> None:
        self.listing.move(-self.listing.page // 2)

    def do_top(self) -> None:
        self.listing.move(-len(self.listing.items))

    def do_bottom(self) -> None:
        self.listing.move(len(self.listing.items))

    def do_back(self) -> None:
        self.dismiss()

    def do_open(self) -> None:
        """Open what has the cursor."""

    @on(Listing.Opened)
    def _opened(self) -> None:
        self.do_open()


class FilteredFace(ListFace):
    """A list with the field `#filter`, in the place of the status line while it is typed in."""

    DEFAULT_CSS = """
    FilteredFace #filter { display: none; }
    FilteredFace.-filtering #filter { display: block; }
    FilteredFace.-filtering #status { display: none; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.matcher: Matcher | None = None
        self.wanted = ""
        """The filter as it was typed."""

    def put_matching(self) -> None:
        """Put what matches into the list."""
        raise NotImplementedError

    def do_filter(self) -> None:
        self.add_class("-filtering")
        self.query_one("#filter", Field).focus()

    def do_back(self) -> None:
        """Out of the filter first."""
        self.do_clear() if self.wanted else super().do_back()

    def do_clear(self) -> None:
        self.query_one("#filter", Field).value = ""
        self._filter_by("")

    async def pressed(self, key: str) -> bool:
        if isinstance(self.focused, Field) and key == "escape":
            self.do_clear()
            self._leave_filter()
            return True
        return False

    @on(Input.Changed, "#filter")
    def _filter_typed(self, event: Input.Changed) -> None:
        try:
            self._filter_by(event.value.strip())
        except BadInput:  # half a word; what it is in the end is said then
            return

    def _filter_by(self, wanted: str) -> None:
        self.matcher, self.wanted = parse_filter(wanted) if wanted else None, wanted
        self.put_matching()

    @on(Input.Submitted, "#filter")
    def _filter_done(self, event: Input.Submitted) -> None:
        self._leave_filter()
        try:
            self._filter_by(event.value.strip())
        except BadInput as error:
            self.console_app.fail(error)

    def _leave_filter(self) -> None:
        self.remove_class("-filtering")
        self.set_focus(None)

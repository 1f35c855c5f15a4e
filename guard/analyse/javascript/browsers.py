"""What drives a browser: spec (see `sinks.SPECS`) -> names, as in `packages`."""

from __future__ import annotations

_BROWSER = {
    "goto": "goto",
    "page": "evaluate evaluateHandle addScriptTag addInitScript evaluateOnNewDocument waitForFunction $eval $$eval exposeFunction",
    "saved": "screenshot pdf",
    "pure": "title content url close click fill type press hover focus check uncheck selectOption locator getByRole getByText getByLabel "
    "getByPlaceholder getByTestId waitForSelector waitForTimeout waitForNavigation waitForLoadState waitForNetworkIdle waitForResponse "
    "waitForRequest $ $$ $x innerText textContent getAttribute setViewport setViewportSize setUserAgent viewport keyboard mouse on once "
    "setDefaultTimeout setContent isVisible reload goBack goForward setExtraHTTPHeaders cookies bringToFront setRequestInterception",
}


def _browser_rows(engines: str, launch: str) -> dict[str, str]:
    """The rows of a browser driver: what starts it, its pages, and what they do."""
    starts = (engines or launch).split()
    pages = [
        f"{start}(){way}" for start in starts for way in (".newPage()", ".newContext().newPage()", ".createBrowserContext().newPage()")
    ]
    rows = {spec: " ".join(f"{page}.{name}" for page in pages for name in names.split()) for spec, names in _BROWSER.items()}
    quiet = [
        f"{start}().{name}"
        for start in starts
        for name in (
            "newPage",
            "newContext",
            "createBrowserContext",
            "close",
            "newContext().newPage",
            "newContext().close",
            "pages",
            "version",
            "on",
        )
    ]
    rows["pure"] += " " + " ".join(quiet)
    return rows | {"spawn-browser": " ".join(starts), "connect": "connect"}


BROWSERS: dict[str, dict[str, str]] = {
    "puppeteer": _browser_rows("", "launch"),
    "playwright": _browser_rows("chromium.launch firefox.launch webkit.launch", ""),
}
"""Package -> {spec: names}."""

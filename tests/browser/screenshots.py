"""Pictures of the page for the README: `python tests/browser/screenshots.py FOLDER`."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from served import ask, chromium, opened, serving

QUESTION = "Is the Russell 2000 rally sustainable?"
SIZES = {"": (1280, 900), "-phone": (390, 844)}


def main(folder: Path) -> None:
    """Ask one question in a new browser for each picture, and open a proof."""
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as kept, serving(Path(kept)) as address, chromium() as browser:
        for name, (width, height) in SIZES.items():
            for scheme in ("light", "dark"):
                context = browser.new_context(
                    viewport={"width": width, "height": height}, color_scheme=scheme
                )
                page = context.new_page()
                opened(page, address)
                ask(page, QUESTION)
                page.locator(".tc-claims .tc-computed > summary").first.click()
                dark = "-dark" if scheme == "dark" else ""
                page.screenshot(path=folder / f"screenshot{name}{dark}.png")
                context.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))

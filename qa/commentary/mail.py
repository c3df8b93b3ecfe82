"""Mail as it was sent: subject, sender, day and text. Attachments are named and not opened."""

from __future__ import annotations

from collections.abc import Callable
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parseaddr
from typing import Any

from qa.commentary.dates import read_day


def read_mail(data: bytes, from_html: Callable[[bytes], str]) -> tuple[str, dict[str, Any]]:
    """The text of a mail and its fields; an HTML body goes through `from_html`."""
    message = BytesParser(policy=policy.default).parsebytes(data)
    assert isinstance(message, EmailMessage)
    body = message.get_body(preferencelist=("plain", "html"))
    text = ""
    if body is not None:
        content = str(body.get_content())
        is_page = body.get_content_type() == "text/html"
        text = from_html(content.encode("utf-8", "replace")) if is_page else content
    names = [part.get_filename() or "unnamed" for part in message.iter_attachments()]
    if names and text.strip():
        text = f"{text.rstrip()}\n\nAttachments (not opened): {', '.join(names)}"
    name, address = parseaddr(str(message["From"] or ""))
    fields = {
        "title": str(message["Subject"] or "").strip(),
        "author": name or address,
        "published": _sent(message),
    }
    return text, fields


def _sent(message: EmailMessage) -> str | None:
    header = message["Date"]
    day = read_day(getattr(header, "datetime", None))
    return day.isoformat() if day else None

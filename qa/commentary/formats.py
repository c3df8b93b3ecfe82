"""HTML, PDF, Word, PowerPoint and mail become Markdown, in a process of their own.

`convert.Converter` starts this module as a program and feeds it. The bytes are untrusted: the
program opens no file of the user's, no connection and no other program, and has limits on memory.
The conversion is markitdown's, called converter by converter, so that its downloads, plugins and
helper programs have no part in it.

A request is 8 bytes of length, then a kind, a line feed and the bytes; a reply is 8 bytes of
length and a JSON object: `text` and `fields`, or `problem`.
"""

from __future__ import annotations

import io
import json
import os
import sys
import zipfile
from collections.abc import Callable
from typing import Any, BinaryIO

from qa.commentary.dates import read_day
from qa.commentary.texts import clean

MEMORY = 900_000_000
UNPACKED = 100_000_000
PARTS = 5_000
# How much smaller than its content a part of a Word or PowerPoint file may be.
RATIO = 300
_RATIO_FROM = 2_000_000
TEXT = 3_000_000
_FORBIDDEN = ("socket.", "subprocess.", "os.exec", "os.posix_spawn", "os.system", "os.fork")
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
# Stamps of the libraries' own templates, which say nothing of a document.
_TEMPLATE_AUTHORS = ("python-docx", "python-pptx", "Steve Canny", "anonymous")
_TEMPLATE_YEARS = (2000, 2013)

Fields = dict[str, Any]


class Refused(Exception):
    """Bytes that aren't what they should be, or too much; the text is a clause."""


def convert(kind: str, data: bytes) -> tuple[str, Fields]:
    """The Markdown of `data` and what it says of itself; raises Refused, or what a parser does."""
    text, fields = _KINDS[kind](data)
    if len(text) > TEXT:
        raise Refused(f"its text is longer than {TEXT // 1_000_000} million characters; split it")
    return clean(text).strip(), {key: value for key, value in fields.items() if value}


def _page(data: bytes) -> tuple[str, Fields]:
    from bs4 import BeautifulSoup
    from markitdown import StreamInfo
    from markitdown.converters import HtmlConverter

    from qa.commentary.pages import content, page_fields

    soup = BeautifulSoup(data, "html.parser")
    fields = page_fields(soup)
    html = content(soup).encode("utf-8")
    info = StreamInfo(extension=".html", charset="utf-8")
    return HtmlConverter().convert(io.BytesIO(html), info).markdown, fields


def _pdf(data: bytes) -> tuple[str, Fields]:
    import pdfplumber
    from markitdown import StreamInfo
    from markitdown.converters import PdfConverter

    if b"%PDF" not in data[:1024]:
        raise Refused("it is no PDF, whatever its name says; check the file")
    text = PdfConverter().convert(io.BytesIO(data), StreamInfo(extension=".pdf")).markdown
    if not text.strip():
        raise Refused("the PDF holds no text, only pictures; run text recognition over it")
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        said = {key: value for key, value in pdf.metadata.items() if isinstance(value, str)}
    days = [_pdf_day(said.get(key)) for key in ("CreationDate", "ModDate")]
    return text, _properties(said.get("Title"), said.get("Author"), days)


def _pdf_day(value: str | None) -> Any:
    return read_day(value.removeprefix("D:")[:8]) if value else None


def _word(data: bytes) -> tuple[str, Fields]:
    from markitdown import DocumentConverter, StreamInfo
    from markitdown.converters import DocxConverter

    _check_parts(data, "word/")
    converter: DocumentConverter = DocxConverter()  # type: ignore[no-untyped-call]
    text = converter.convert(io.BytesIO(data), StreamInfo(extension=".docx")).markdown
    return text, _core(data)


def _slides(data: bytes) -> tuple[str, Fields]:
    from markitdown import DocumentConverter, StreamInfo
    from markitdown.converters import PptxConverter

    _check_parts(data, "ppt/")
    converter: DocumentConverter = PptxConverter()  # type: ignore[no-untyped-call]
    text = converter.convert(io.BytesIO(data), StreamInfo(extension=".pptx")).markdown
    return text, _core(data)


def _mail(data: bytes) -> tuple[str, Fields]:
    from qa.commentary.mail import read_mail

    return read_mail(data, lambda html: _page(html)[0])


_KINDS: dict[str, Callable[[bytes], tuple[str, Fields]]] = {
    "html": _page,
    "pdf": _pdf,
    "docx": _word,
    "pptx": _slides,
    "eml": _mail,
}


def _check_parts(data: bytes, folder: str) -> None:
    """What a Word or PowerPoint file says that it holds, before anything is unpacked."""
    try:
        parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise Refused("it is no Office file, whatever its name says; check the file") from error
    if not any(part.filename.startswith(folder) for part in parts):
        raise Refused(f"there is no {folder} part in it; check the file")
    swollen = any(part.file_size > max(_RATIO_FROM, RATIO * part.compress_size) for part in parts)
    if swollen or len(parts) > PARTS or sum(part.file_size for part in parts) > UNPACKED:
        raise Refused("it unpacks to far more than it is; a sound file doesn't")


def _core(data: bytes) -> Fields:
    """Title, author and day of the core properties of an Office file."""
    from defusedxml.ElementTree import fromstring

    with zipfile.ZipFile(io.BytesIO(data)) as file:
        if "docProps/core.xml" not in file.namelist():
            return {}
        root = fromstring(file.read("docProps/core.xml"))
    said = {element.tag.rpartition("}")[2]: element.text for element in root}
    days = [read_day(said.get(key)) for key in ("created", "modified")]
    return _properties(said.get("title"), said.get("creator"), days)


def _properties(title: str | None, author: str | None, days: list[Any]) -> Fields:
    """Fields from a file's properties.

    The day is the later of making and last change: the text as it stands is no older than that,
    so an earlier as-of never sees it.
    """
    known = [day for day in days if day is not None]
    day = max(known) if known else None
    if author in _TEMPLATE_AUTHORS or (day and day.year in _TEMPLATE_YEARS):
        author = None if author in _TEMPLATE_AUTHORS else author
        day = None
    title = None if title in ("untitled", "PowerPoint Presentation", "Word Document") else title
    return {"title": title, "author": author, "file_day": day.isoformat() if day else None}


def serve(requests: BinaryIO, replies: BinaryIO) -> None:
    """Answer requests until there are no more. A request that ate the memory is the last."""
    while header := requests.read(8):
        kind, _, data = requests.read(int.from_bytes(header, "big")).partition(b"\n")
        last = False
        try:
            text, fields = convert(kind.decode(), data)
            reply: Fields = {"text": text, "fields": fields}
        except Refused as error:
            reply = {"problem": str(error)}
        except MemoryError:
            reply, last = {"problem": "it needs too much memory to be read; split it"}, True
        # Parsers of broken files raise whatever they run into; here that is the file's fault.
        except Exception as error:
            reply = {"problem": f"it can't be read ({type(error).__name__}); check the file"}
        body = json.dumps(reply).encode()
        replies.write(len(body).to_bytes(8, "big") + body)
        replies.flush()
        if last:
            return


def _confine() -> None:
    """No connections, programs or written files from here on, and no more memory than MEMORY."""
    if sys.platform == "linux":  # elsewhere the limit is not kept, or can't be set
        import resource

        with open("/proc/self/statm", encoding="ascii") as file:
            held = int(file.read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (held + MEMORY, held + MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    roots = tuple({sys.prefix, sys.base_prefix, *(path for path in sys.path if path)})

    def guard(event: str, arguments: tuple[Any, ...]) -> None:
        if event.startswith(_FORBIDDEN):
            raise PermissionError(f"a converter may not do this: {event}")
        if event == "open":
            path, _, flags = arguments
            inside = isinstance(path, int) or str(path).startswith(roots)
            if not inside or (isinstance(flags, int) and flags & _WRITING):
                raise PermissionError(f"a converter may not open {path}")

    sys.addaudithook(guard)


def main() -> None:
    """The program: requests on stdin, replies on stdout."""
    import warnings

    warnings.simplefilter("ignore")
    requests, replies = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not get between the replies
    import markitdown.converters  # noqa: F401  # before the limits, which count what is loaded

    _confine()
    serve(requests, replies)


if __name__ == "__main__":
    main()

"""Bytes become text: the encodings that commentary comes in, and what is no text at all."""

from __future__ import annotations

import codecs
import re

from qa.errors import DocumentError

# The longer mark first: UTF-32's begins with UTF-16's.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Controls, halves of characters, and what turns or hides the text around it.
_CONTROLS = re.compile(
    r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff"
    r"\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]"
)
_LINE_ENDS = re.compile(r"\r\n?|[\f\x85\u2028\u2029]")
_GUESSED_FROM = 64_000


def decode(name: str, raw: bytes) -> str:
    """The text of a file: UTF-8, UTF-16 or UTF-32 by their marks, else the Windows code page.

    Raises DocumentError for what is no text.
    """
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return clean(_decoded(name, raw, encoding))
    for encoding in ("utf-16-le", "utf-16-be"):
        if _looks_wide(raw, encoding):
            return clean(_decoded(name, raw, encoding))
    if b"\0" in raw:
        raise DocumentError(f"{name}: it is no text, whatever its name says; check the file.")
    for encoding in ("utf-8", "cp1252"):
        try:
            return clean(raw.decode(encoding))
        except UnicodeDecodeError:
            continue
    return clean(_guessed(name, raw))


def clean(text: str) -> str:
    """The text with plain line ends, and without control characters and the like."""
    return _CONTROLS.sub("", _LINE_ENDS.sub("\n", text))


def _decoded(name: str, raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise DocumentError(
            f"{name}: byte {error.start} is not {encoding.upper()}; save it as UTF-8."
        ) from error


def _looks_wide(raw: bytes, encoding: str) -> bool:
    """Whether every other byte is mostly nothing, as in UTF-16 of western text."""
    sample = raw[:1000]
    high = sample[1::2] if encoding == "utf-16-le" else sample[0::2]
    low = sample[0::2] if encoding == "utf-16-le" else sample[1::2]
    return len(sample) >= 4 and high.count(0) > 0.8 * len(high) and low.count(0) == 0


def _guessed(name: str, raw: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(raw[:_GUESSED_FROM]).best()
    if best is None:
        raise DocumentError(f"{name}: its encoding can't be told; save it as UTF-8.")
    return raw.decode(best.encoding, errors="replace")

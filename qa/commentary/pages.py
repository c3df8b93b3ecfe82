"""What a web page says of itself in its tags, and the part of it that is the text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from bs4 import BeautifulSoup, Tag

from qa.commentary.dates import read_day

_NOISE = "script style noscript template iframe svg nav header footer aside form button".split()
# A page's main part is taken for its text when it holds this share of its words.
_MOST = 0.4
_PUBLISHED = (
    "article:published_time",
    "datepublished",
    "citation_publication_date",
    "dc.date.issued",
    "dc.date",
    "dcterms.date",
    "parsely-pub-date",
    "pubdate",
    "publishdate",
    "date",
)
_TITLE = ("og:title", "twitter:title", "citation_title", "dc.title")
_AUTHOR = ("author", "article:author", "parsely-author", "citation_author", "dc.creator")
_FIRM = ("og:site_name", "application-name", "publisher", "dc.publisher")


def page_fields(soup: BeautifulSoup) -> dict[str, Any]:
    """Title, author, publisher, day and address, from meta tags, JSON-LD, title and canonical."""
    meta = _meta(soup)
    linked = dict(_linked(soup))
    title = soup.title.get_text(" ", strip=True) if soup.title else None
    canonical = soup.find("link", rel="canonical")
    day = next((d for key in _PUBLISHED if (d := read_day(meta.get(key)))), None)
    day = read_day(linked.get("published")) or day or _time(soup)
    return {
        "title": _first(meta, _TITLE) or linked.get("title") or title,
        "author": linked.get("author") or _first(meta, _AUTHOR),
        "publisher": linked.get("publisher") or _first(meta, _FIRM),
        "published": day.isoformat() if day else None,
        "url": (canonical.get("href") if isinstance(canonical, Tag) else None)
        or meta.get("og:url")
        or linked.get("url"),
    }


def content(soup: BeautifulSoup) -> str:
    """The HTML of the page's text, without menus, forms and scripts."""
    for tag in soup(_NOISE):
        tag.extract()
    whole = soup.body or soup
    words = len(whole.get_text(" ").split())
    for name in ("article", "main"):
        parts = soup.find_all(name)
        if len(parts) == 1 and len(parts[0].get_text(" ").split()) > _MOST * words:
            return str(parts[0])
    return str(whole)


def _meta(soup: BeautifulSoup) -> dict[str, str]:
    found: dict[str, str] = {}
    for tag in soup.find_all("meta"):
        name = tag.get("property") or tag.get("name") or tag.get("itemprop")
        value = tag.get("content")
        if isinstance(name, str) and isinstance(value, str) and value.strip():
            found.setdefault(name.lower(), value.strip())
    return found


def _first(meta: dict[str, str], names: tuple[str, ...]) -> str | None:
    # An author given as an address says nothing to a reader.
    values = (meta[name] for name in names if name in meta)
    return next((value for value in values if not value.startswith("http")), None)


def _linked(soup: BeautifulSoup) -> Iterator[tuple[str, str]]:
    """The fields of the first article in the page's JSON-LD."""
    for script in soup.find_all("script", type="application/ld+json"):
        try:
            data = json.loads(script.get_text())
        except (ValueError, RecursionError):
            continue
        for node in _nodes(data):
            day = node.get("datePublished")
            if isinstance(day, str):
                yield "published", day
                yield from _named(node)
                return


def _named(node: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for field, key in (("title", "headline"), ("url", "url")):
        if isinstance(node.get(key), str):
            yield field, node[key]
    for key in ("author", "publisher"):
        value = node.get(key)
        value = value[0] if isinstance(value, list) and value else value
        value = value.get("name") if isinstance(value, dict) else value
        if isinstance(value, str) and value:
            yield key, value


def _nodes(data: Any) -> Iterator[dict[str, Any]]:
    for node in data if isinstance(data, list) else [data]:
        if isinstance(node, dict):
            yield node
            graph = node.get("@graph")
            yield from (n for n in graph if isinstance(n, dict)) if isinstance(graph, list) else ()


def _time(soup: BeautifulSoup) -> Any:
    """The day of a time tag that is marked as the page's own."""
    tag = soup.find("time", attrs={"itemprop": "datePublished"}) or soup.find("time", pubdate=True)
    return read_day(tag.get("datetime")) if isinstance(tag, Tag) else None

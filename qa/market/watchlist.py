"""The watch list: rules that a user keeps, in a small JSON file, and how they stand."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from qa.domain import Metric
from qa.errors import BadRule, TapecheckError, ToolError, UnknownSymbol, WatchListError
from qa.market.rule_words import read_rule
from qa.market.rules import USUAL, One

MOST_RULES = 200
LARGEST_FILE = 200_000  # bytes
LOCK_SECONDS = 5.0
Symbol = Annotated[One, BeforeValidator(lambda s: s.upper() if isinstance(s, str) else s)]
Words = Annotated[str, AfterValidator(lambda words: read_rule(words).words)]


class Watched(BaseModel):
    """A rule in words, and the instrument it is for; the usual benchmark unless one is named."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    symbol: Symbol
    rule: Words
    benchmark: Symbol | None = None


class _File(BaseModel):
    """What the file holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = 1
    rules: tuple[Watched, ...] = Field((), max_length=MOST_RULES)


@dataclass(frozen=True)
class Look:
    """How a watched rule stands: a signals metric of that one rule, or why it can't be told."""

    watched: Watched
    metric: Metric | None
    error: TapecheckError | None

    @property
    def triggered(self) -> bool:
        """Whether the rule is told and has triggered."""
        return self.metric is not None and self.metric.figures["triggered"].value == 1


def watched(symbol: str, rule: str, benchmark: str | None = None) -> Watched:
    """A rule to watch; raises BadRule for words, and UnknownSymbol for a symbol, of another form.

    Whether there are prices of the symbol is only seen when they are looked at.
    """
    try:
        return Watched(symbol=symbol, rule=rule, benchmark=benchmark)
    except ValidationError as error:
        wrong = error.errors()[0]["input"]
        raise UnknownSymbol(f"{wrong!r} is no symbol: give one such as ^RUT or IWM.") from error


def usual(symbol: str, benchmark: str | None = None) -> tuple[Watched, ...]:
    """The rules that are watched when nobody has named any."""
    return tuple(watched(symbol, rule.words, benchmark) for rule in USUAL.values())


def look(rules: Sequence[Watched], ask: Callable[..., Metric]) -> tuple[Look, ...]:
    """Look at rules one by one; `ask` computes a metric by name and arguments (Analyst.metric).

    One that can't be told (no prices, too short a history) says why and stops no other; when the
    same keeps all of them from being told, that is raised.
    """
    looks = tuple(_look(rule, ask) for rule in rules)
    reasons = {str(seen.error) for seen in looks}
    if len(reasons) == 1 and looks[0].error is not None:
        raise looks[0].error
    return looks


def _look(rule: Watched, ask: Callable[..., Metric]) -> Look:
    given: dict[str, Any] = {"symbol": rule.symbol, "rules": (rule.rule,)}
    if rule.benchmark:
        given["benchmark"] = rule.benchmark
    try:
        return Look(rule, ask("signals", **given), None)
    except (ToolError, UnknownSymbol, BadRule) as error:
        return Look(rule, None, error)


def default_path() -> Path:
    """The watch list of this user, in the user's data folder."""
    from platformdirs import user_data_path

    return user_data_path("tapecheck", appauthor=False) / "watchlist.json"


class WatchList:
    """The rules in a file, numbered from 1. A file that isn't there holds none.

    The file is replaced whole under a lock, so that two writers lose nothing and a reader never
    sees half of it. Its form: {"rules": [{"symbol": "^RUT", "rule": "VIX above 20"}]}. Everything
    raises WatchListError for a file that can't be read or written, and BadRule for a rule in it
    that can't be read.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or default_path()

    def rules(self) -> tuple[Watched, ...]:
        """The rules kept, in their order."""
        if not self.path.exists():
            return ()
        try:
            if not self.path.is_file() or self.path.stat().st_size > LARGEST_FILE:
                raise WatchListError(
                    f"{self.path} is no watch list: it is no file, or larger than "
                    f"{LARGEST_FILE:,} bytes; name another with --watch."
                )
            return _File.model_validate_json(self.path.read_bytes()).rules
        except OSError as error:
            raise WatchListError(
                f"The watch list {self.path} can't be read ({error.strerror}); "
                "name another with --watch."
            ) from error
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            raise WatchListError(
                f"The watch list {self.path} can't be read: {where and f'{where}: '}{first['msg']};"
                " mend it, or move it away to begin a new one."
            ) from error

    def add(self, rule: Watched) -> int:
        """Keep a rule and return its number; one that is kept already keeps the number it has."""
        with self._writing() as kept:
            if rule not in kept:
                if len(kept) >= MOST_RULES:
                    raise WatchListError(
                        f"The watch list holds {MOST_RULES} rules, its most; remove one first."
                    )
                kept.append(rule)
            return kept.index(rule) + 1

    def remove(self, number: int) -> Watched:
        """Drop the rule with this number and return it; those after it move up by one."""
        with self._writing() as kept:
            if not 1 <= number <= len(kept):
                raise WatchListError(
                    f"The watch list has no rule {number}: it holds {len(kept)}; "
                    "`tapecheck signals` shows their numbers."
                )
            return kept.pop(number - 1)

    @contextmanager
    def _writing(self) -> Iterator[list[Watched]]:
        """The rules as a list, which is kept when it has changed."""
        from filelock import FileLock, Timeout

        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(f"{self.path}.lock", timeout=LOCK_SECONDS):
                kept = list(self.rules())
                before = tuple(kept)
                yield kept
                if tuple(kept) != before:
                    self._replace(_File(rules=tuple(kept)))
        except Timeout as error:
            raise WatchListError(
                f"Another process is writing the watch list {self.path}; try again when it is done."
            ) from error
        except OSError as error:
            raise WatchListError(
                f"The watch list {self.path} can't be written ({error.strerror}); "
                "name a file that you may write to with --watch."
            ) from error

    def _replace(self, held: _File) -> None:
        draft = self.path.with_name(f"{self.path.name}.{os.getpid()}")
        try:
            draft.write_text(held.model_dump_json(indent=2, exclude_none=True) + "\n", "utf-8")
            draft.replace(self.path)
        finally:
            draft.unlink(missing_ok=True)

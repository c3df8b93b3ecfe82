"""A replayed answer in words, for the shell."""

from __future__ import annotations

from collections.abc import Iterator

from qa.checking.replay import Replay


def replay_lines(replay: Replay) -> Iterator[str]:
    """What was tried, each difference on a line of its own, and what could not be tried."""
    tried = (
        f"{replay.metrics} metrics computed again, {replay.passages} passages compared, "
        f"{replay.claims} claims checked again"
    )
    if replay.holds:
        yield f"The answer holds: {tried}."
    else:
        yield f"The answer differs in {len(replay.differences)} places: {tried}."
    for d in replay.differences:
        yield f"  {d.where}: {d.reason}; expected {d.expected}, found {d.found}"
    yield from (f"  {line}" for line in replay.untried)

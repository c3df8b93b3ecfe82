"""Odd strings for the figure reader: `python -m eval.fuzz [--strings N]`.

None may raise, every figure has to lie where it says, and the time may grow no faster than the
length of the text.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from random import Random

from qa.checking.figures import read_figures

SEED = 20260123
PIECES = (
    "0 7 12 500 2,669.16 1,732.99 .5 1/2 3-1/2 1e9 ½ ² ７ ٥ Ⅴ % percent pp bp points x times "
    "trillion bn $ € ( ) [ ] { } [12] {m3.return} - − – — + / . , : ; ' ” to and of from at down "
    "up fell rose about more than January Jan. 23 2025-26 2026-02-30 Q4 FY26 10-K S&P Russell 2000 "
    "COVID-19 1-800 52-week day year two three-month ninety- nine hundred a third half doubled "
    "a.m. 12:37 No. https:// \n \t 5G \x00 \x01 \x02 \u200b \ufeff \U0001f600 \ud7ff é 漢 İ"
).split(" ")
REPEATED = (
    "1 1,000, 5- 1/ 5_to_ 5%_( [1, { five_ up_ January_5_ 10-year_ $ a1 .5 twenty- s&p_ 1_of_ "
    "2026- https:// (1)_ half_a_ ½ 1.2.3. 3-1/2_ 9,99 -$ ((((( 1e Q 4Q 20 1_ II ٥"
).split()
SHORT, LONG = 4_000, 32_000
SLACK = 3.0  # what a busy machine may add to a time that grows in proportion


def strings(number: int, seed: int = SEED) -> Iterator[str]:
    """Random strings: of fragments with and without spaces, and of any characters at all."""
    rng = Random(seed)
    for i in range(number):
        if i % 3 == 0:
            yield "".join(chr(rng.randrange(1, 0x2FFF)) for _ in range(rng.randrange(40)))
        else:
            yield ("" if i % 3 == 1 else " ").join(rng.choices(PIECES, k=rng.randrange(1, 16)))


def faults(text: str) -> str | None:
    """What is wrong with the figures read from a text; raises what the reader raises."""
    at = 0
    for stated in read_figures(text):
        start, end = stated.span
        if not at <= start < end <= len(text) or stated.text != text[start:end]:
            return f"{stated.text!r} at {stated.span} in {text!r}"
        at = end
    return None


def growth(piece: str, runs: int = 3) -> float:
    """How much longer a piece repeated takes per character in a long text than in a short one.

    The short text is read as many times over as the long one is longer: a busy machine then slows
    down both alike.
    """
    short, long = (piece * (length // len(piece)) for length in (SHORT, LONG))
    times = LONG // SHORT
    pairs = [(_seconds(short, times), _seconds(long, 1)) for _ in range(runs)]
    return min(each for _, each in pairs) / max(min(each for each, _ in pairs), 1e-9)


def _seconds(text: str, times: int) -> float:
    begun = time.process_time()
    for _ in range(times):
        read_figures(text)
    return time.process_time() - begun


def main() -> None:
    """Read the strings, then the repeated pieces; exit 1 at the first fault."""
    parser = argparse.ArgumentParser(description="Try odd strings on the figure reader.")
    parser.add_argument("--strings", type=int, default=100_000)
    given = parser.parse_args()
    begun = time.process_time()
    for text in strings(given.strings):
        if fault := faults(text):
            raise SystemExit(f"a figure is not where it says: {fault}")
    print(f"{given.strings} strings in {time.process_time() - begun:.1f} s, no fault")
    ranked = sorted(REPEATED, key=lambda piece: growth(piece.replace("_", " ")))
    worst = max((growth(piece.replace("_", " "), runs=9), piece) for piece in ranked[-3:])
    print(f"eight times the length takes {8 * worst[0]:.1f} times as long at most ({worst[1]!r})")
    raise SystemExit(0 if worst[0] <= SLACK else 1)


if __name__ == "__main__":
    main()

"""Are the odds worth anything? `python -m eval.calibration --market folder:PATH [SYMBOL ...]`.

The same record as `tapecheck backtest` prints, with how long it took.
"""

from __future__ import annotations

import argparse
import sys
import time

from qa.analyst import Analyst
from qa.errors import TapecheckError
from qa.market.backtest import lines


def main() -> None:
    """Replay the scorecard at every month end and print how it did."""
    parser = argparse.ArgumentParser(description="Score the scorecard's odds at every month end.")
    parser.add_argument("symbols", nargs="*", metavar="SYMBOL")
    parser.add_argument("--market", default="sample", help="sample (default) or folder:PATH")
    given = parser.parse_args()
    started = time.perf_counter()
    try:
        found = Analyst(market=given.market, model="offline").backtest(given.symbols)
    except TapecheckError as error:
        sys.exit(str(error))
    print("\n".join(lines(found)))
    print(f"\n{time.perf_counter() - started:.1f} s")


if __name__ == "__main__":
    main()

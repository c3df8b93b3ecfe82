"""A program whose last question to the stand-in hangs: test_yahoo runs it to see it end."""

import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from yahoo_server import Series, YahooServer, rising

from qa.errors import NotAvailable, UnknownSymbol
from qa.market.yahoo import YahooSource

server = YahooServer()
server.series["IWM"] = Series(rising(["2026-01-22", "2026-01-23"]), "ETF", {"2026-01-23": 2})
now = datetime(2026, 1, 23, 22, tzinfo=UTC)
source = YahooSource(1, folder=Path(sys.argv[1]), session=server.session(), now=lambda: now)
server.fault = "cookie-hang"
with suppress(NotAvailable, UnknownSymbol):  # the import of yfinance takes of its time
    source.history("^RUT")
server.fault = None
source.start_question()
assert len(source.history("IWM").frame) == 2
server.fault = "hang"
source.start_question()
try:
    source.history("XLE")
except NotAvailable:
    print("ended")

"""Every error that Tapecheck raises on purpose.

    TapecheckError
    ├── UsageError                what was asked can't be asked; exit code 2
    │   ├── DocumentError         a commentary file or folder that can't be taken in
    │   ├── BadQuestion           empty, or too long to be a question
    │   ├── BadDate               malformed, in the future, before the data, or the wrong way round
    │   ├── BadSettings           a setting that can't be used
    │   ├── UnknownSymbol         the market source has no such instrument
    │   ├── BadRule               a rule to watch that can't be read, or doesn't fit its instrument
    │   ├── WatchListError        a watch list that can't be read or written
    │   ├── MarketSourceError     a market source that isn't there or can't be read
    │   └── StoreLocked           another process is writing the passage store
    ├── ToolError                 what a tool tells the model; the answer then says it is missing
    │   ├── NotEnoughHistory      too few sessions for the metric
    │   └── NotAvailable          the source has no such data (no opens, no forward P/E)
    └── ModelError                the model failed, or handed in nothing that can be used

The text of each says what happened and what to do next, in one sentence.
"""


class TapecheckError(Exception):
    """The root of all errors raised on purpose."""

    exit_code = 1


class UsageError(TapecheckError):
    """The question, a setting or a file can't be used as given."""

    exit_code = 2


class DocumentError(UsageError):
    """A commentary file or folder that can't be taken in."""


class BadQuestion(UsageError):
    """An empty question, or one too long to be a question."""


class BadDate(UsageError):
    """A date that is malformed, in the future, before the data, or out of order."""


class BadSettings(UsageError):
    """A setting that can't be used."""


class UnknownSymbol(UsageError):
    """The market source has no such instrument."""


class BadRule(UsageError):
    """A rule to watch that can't be read, or doesn't fit its instrument."""


class WatchListError(UsageError):
    """A watch list that can't be read or written."""


class MarketSourceError(UsageError):
    """A market source that isn't there or can't be read."""


class StoreLocked(UsageError):
    """Another process is writing the passage store."""


class ToolError(TapecheckError):
    """A tool's word to the model: it can't do what was asked, and why."""


class NotEnoughHistory(ToolError):
    """Too few sessions for the metric that was asked for."""


class NotAvailable(ToolError):
    """The source doesn't hold what the metric needs."""


class ModelError(TapecheckError):
    """The model failed, or handed in nothing that can be used."""

"""What one question may spend on a model, and what it has spent.

calls and tool calls are counted by LangChain's limits; tokens, cost and time here, from what
the model's replies say that they used. The last call may only hand in the draft.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from langchain.agents.middleware import AgentMiddleware, ModelRequest, ModelResponse, hook_config
from langchain_core.messages import AIMessage, SystemMessage
from langchain_core.messages.utils import count_tokens_approximately

from qa.agent.listener import Stopped
from qa.agent.prompts import LAST_CALL
from qa.errors import ModelError
from qa.settings import Budget

LEFT_FOR_THE_DRAFT = 0.8  # of the tokens, the cost or the time: then only the draft may follow


@dataclass
class Meter:
    """What a question has used so far. `stages` are seconds of work by its kind."""

    model_calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    malformed: int = 0
    started: float = field(default_factory=time.monotonic)
    stages: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def timing(self, stage: str) -> Iterator[None]:
        """Count the time inside towards a stage."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self.stages[stage] = self.stages.get(stage, 0.0) + time.perf_counter() - started

    def count(self, asked: list[Any], reply: AIMessage) -> None:
        """Count a reply; one that doesn't say what it used is estimated from its length."""
        self.model_calls += 1
        used = reply.usage_metadata
        if used:
            self.input_tokens += used["input_tokens"]
            self.output_tokens += used["output_tokens"]
        else:
            self.input_tokens += count_tokens_approximately(asked)
            self.output_tokens += count_tokens_approximately([reply])

    def share(self, budget: Budget) -> tuple[float, str]:
        """The share used of what is nearest to its end, and its name."""
        spent = self.input_tokens + self.output_tokens
        cost = budget.cost(self.input_tokens, self.output_tokens)
        shares = [(0.0, "")]
        if budget.tokens:
            shares.append((spent / budget.tokens, f"{budget.tokens:,} tokens"))
        if budget.usd and cost is not None:
            shares.append((cost / budget.usd, f"${budget.usd:g}"))
        if budget.seconds:
            used = time.monotonic() - self.started
            shares.append((used / budget.seconds, f"{budget.seconds:g} seconds"))
        return max(shares)


class Guard(AgentMiddleware[Any, Any, Any]):
    """Keeps a model within its budget, and turns its failures into ModelError.

    When little is left, the model is told so and may do nothing but hand in its draft; when
    nothing is left, the run ends.
    """

    def __init__(self, budget: Budget) -> None:
        super().__init__()
        self._budget = budget

    @hook_config(can_jump_to=["end"])
    def before_model(self, state: Any, runtime: Any) -> dict[str, Any] | None:
        """End the run when a budget is used up."""
        share, what = runtime.context.meter.share(self._budget)
        if share < 1:
            return None
        words = f"The budget of {what} ran out."
        return {"jump_to": "end", "messages": [AIMessage(words)]}

    def wrap_model_call(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], ModelResponse[Any]]
    ) -> ModelResponse[Any]:
        """Ask the model: for the draft alone when little is left."""
        meter: Meter = request.runtime.context.meter
        if self._nearly_spent(meter):
            words = f"{request.system_prompt or ''}\n{LAST_CALL}"
            request = request.override(tools=[], system_message=SystemMessage(words))
        with meter.timing("model"):
            try:
                response = handler(request)
            except (Stopped, ModelError):
                raise
            except Exception as error:  # each provider has errors of its own
                raise ModelError(told(error)) from error
        for message in response.result:
            if isinstance(message, AIMessage):
                meter.count(list(request.messages), message)
        return response

    def _nearly_spent(self, meter: Meter) -> bool:
        last = meter.model_calls >= self._budget.model_calls - 1
        return last or meter.share(self._budget)[0] >= LEFT_FOR_THE_DRAFT


def told(error: Exception) -> str:
    """A provider's error in half a sentence: what it is, without keys, addresses or documents."""
    status = getattr(error, "status_code", None)
    kind = type(error).__name__
    known = {
        401: "it refused the key (401)",
        403: "it refused the key (403)",
        404: "it has no such model, or there is no such address (404)",
        429: "it refused: too many requests, or the account's limit (429)",
    }
    if isinstance(status, int):
        return known.get(status) or f"it {'failed' if status >= 500 else 'refused'} ({status})"
    if "Timeout" in kind:
        return "it did not answer in time"
    if "Connection" in kind:
        return "the connection to it failed"
    return f"it failed ({kind})"

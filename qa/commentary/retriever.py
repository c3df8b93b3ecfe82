"""The commentary as a LangChain retriever: fixed to a day; its documents say who wrote and when."""

from __future__ import annotations

from datetime import date
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import Field

from qa.commentary.recency import is_stale
from qa.domain import Passage

_KEPT = {"document", "title", "author", "firm", "published", "url", "span", "tickers", "stance"}


class CommentaryRetriever(BaseRetriever):
    """`Library.search` behind LangChain's interface; made by `Library.retriever`.

    The day is the retriever's and not the query's: nothing published after `as_of` is found.
    `options` are further arguments of `Library.search`: strict, undated, stances, firms, ...
    """

    library: Any
    as_of: date
    k: int = 8
    options: dict[str, Any] = Field(default_factory=dict)

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        found = self.library.search(query, as_of=self.as_of, k=self.k, **self.options)
        return [self._document(passage) for passage in found]

    def _document(self, passage: Passage) -> Document:
        """The passage verbatim; its metadata are plain JSON, `stale` among them."""
        metadata = passage.model_dump(mode="json", include=_KEPT)
        metadata["stale"] = is_stale(passage, self.as_of)
        return Document(id=passage.id, page_content=passage.text, metadata=metadata)

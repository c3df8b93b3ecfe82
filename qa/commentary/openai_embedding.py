"""OpenAI's embedding models, or those of a server that speaks like it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from qa.errors import BadSettings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from qa.commentary.embedding import Done, Parts

# The service takes up to 2,048 texts and 300,000 tokens in one request.
BATCH = 256
SECONDS = 60.0
RETRIES = 3


class OpenAIEmbedder:
    """Embeds with `model` over the network. The texts leave the machine; `name` says so."""

    def __init__(self, model: str, key: str, address: str | None = None) -> None:
        self._model = model
        self._key = key
        self._address = address

    @property
    def name(self) -> str:
        """The model's name, with where it comes from."""
        return f"openai:{self._model}"

    def embed_documents(self, texts: list[str], done: Done | None = None) -> NDArray[np.float32]:
        """Unit vectors, shape (len(texts), dimensions); raises BadSettings when it can't be asked.

        Rate limits and failing connections are tried again, with growing pauses.
        """
        import numpy as np

        found: list[NDArray[np.float32]] = []
        for first in range(0, len(texts), BATCH):
            found.append(self._vectors(texts[first : first + BATCH]))
            if done is not None:
                done(min(first + BATCH, len(texts)), len(texts))
        return np.concatenate(found) if found else np.zeros((0, 1), dtype=np.float32)

    def embed_parts(
        self, texts: list[str], parts: Sequence[Parts], done: Done | None = None
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """The vectors of texts and of their parts, each part being sent as a text of its own."""
        told = [t[slice(*span)] for t, spans in zip(texts, parts, strict=True) for span in spans]
        rows = self.embed_documents([*texts, *told], done)
        return rows[: len(texts)], rows[len(texts) :]

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """The unit vector of a query, shape (dimensions,)."""
        row: NDArray[np.float32] = self._vectors([text])[0]
        return row

    def close(self) -> None:
        """Close the connections."""
        if (client := self.__dict__.pop("_client", None)) is not None:
            client.close()

    def _vectors(self, texts: list[str]) -> NDArray[np.float32]:
        import numpy as np
        from openai import OpenAIError

        # The service refuses an empty text.
        asked = [text if text.strip() else " ." for text in texts]
        try:
            reply = self._client.embeddings.create(
                model=self._model, input=asked, encoding_format="float"
            )
        except OpenAIError as error:
            raise BadSettings(
                f"The embedder {self.name} can't be used ({error}): check the model's name, the "
                "key and OPENAI_BASE_URL, or set TAPECHECK_EMBEDDER=minilm."
            ) from error
        rows = sorted(reply.data, key=lambda row: row.index)
        if len(rows) != len(texts):
            raise BadSettings(
                f"The embedder {self.name} gave {len(rows)} vectors for {len(texts)} texts: "
                "use another server, or set TAPECHECK_EMBEDDER=minilm."
            )
        vectors = np.array([row.embedding for row in rows], dtype=np.float32)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        unit: NDArray[np.float32] = vectors / np.maximum(lengths, 1e-12)
        return unit

    @cached_property
    def _client(self) -> Any:
        from openai import OpenAI

        return OpenAI(
            api_key=self._key, base_url=self._address, timeout=SECONDS, max_retries=RETRIES
        )

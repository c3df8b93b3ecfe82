"""OpenAI's embedder, against a server of our own on the loopback; the client is the real one."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import numpy as np
import pytest

from qa.commentary.embedding import MiniLM, embedder_of
from qa.commentary.library import open_library
from qa.commentary.openai_embedding import BATCH, OpenAIEmbedder
from qa.errors import BadSettings
from qa.settings import read_settings

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
MODEL = "text-embedding-3-small"


class Service(BaseHTTPRequestHandler):
    """Embeds a text as (its length, 1, 2), and gives the rows in the wrong order."""

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, self.headers["Authorization"], asked))
        failures = self.server.failures
        status = failures.pop(0) if failures else 200
        rows = [
            {"object": "embedding", "index": n, "embedding": [float(len(text)), 1.0, 2.0]}
            for n, text in enumerate(asked["input"])
        ]
        reply = {"object": "list", "data": rows[::-1][self.server.lost :], "model": MODEL}
        reply["usage"] = {"prompt_tokens": 1, "total_tokens": 1}
        body = json.dumps(reply if status == 200 else {"error": {"message": "not now"}}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("retry-after-ms", "1")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Keep quiet."""


@pytest.fixture
def service(socket_enabled):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    server.asked, server.failures, server.lost = [], [], 0
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def embedder(service):
    opened = OpenAIEmbedder(MODEL, "a-key", f"http://127.0.0.1:{service.server_port}/v1")
    yield opened
    opened.close()


def test_rows_come_back_in_order_and_of_length_one(embedder, service):
    rows = embedder.embed_documents(["four", "sixsix"])
    np.testing.assert_allclose(rows[0], np.array([4, 1, 2]) / np.sqrt(21), rtol=1e-6)
    np.testing.assert_allclose(rows[1], np.array([6, 1, 2]) / np.sqrt(41), rtol=1e-6)
    ((path, key, asked),) = service.asked
    assert (path, key) == ("/v1/embeddings", "Bearer a-key")
    assert (asked["model"], asked["input"]) == (MODEL, ["four", "sixsix"])
    np.testing.assert_allclose(embedder.embed_query("four"), rows[0])


def test_many_texts_go_in_batches_and_are_counted(embedder, service):
    heard = []
    rows = embedder.embed_documents(["x"] * (BATCH + 3), lambda *step: heard.append(step))
    assert rows.shape == (BATCH + 3, 3)
    assert [len(asked["input"]) for _, _, asked in service.asked] == [BATCH, 3]
    assert heard == [(BATCH, BATCH + 3), (BATCH + 3, BATCH + 3)]


def test_an_empty_text_is_not_sent_empty(embedder, service):
    assert embedder.embed_documents([""]).shape == (1, 3)
    assert service.asked[0][2]["input"][0].strip()
    assert len(embedder.embed_documents([])) == 0


def test_a_busy_service_is_asked_again(embedder, service):
    service.failures += [429, 500]
    assert embedder.embed_documents(["four"]).shape == (1, 3)
    assert len(service.asked) == 3


def test_a_refusal_says_what_to_do(embedder, service):
    service.failures += [401]
    with pytest.raises(BadSettings, match=r"openai:text-embedding-3-small can't be used .*minilm"):
        embedder.embed_documents(["four"])


def test_a_reply_that_lacks_rows_is_refused(embedder, service):
    service.lost = 1
    with pytest.raises(BadSettings, match="gave 1 vectors for 2 texts"):
        embedder.embed_documents(["one", "two"])


def test_the_setting_chooses_and_the_store_refuses_to_mix(service, tmp_path):
    address = f"http://127.0.0.1:{service.server_port}/v1"
    settings = read_settings(
        embedder=f"openai:{MODEL}", OPENAI_API_KEY="a-key", OPENAI_BASE_URL=address
    )
    folder, place = tmp_path / "notes", str(tmp_path / "store")
    folder.mkdir()
    (folder / "a.md").write_text("---\ntitle: T\npublished: 2026-01-09\n---\nSmall caps lead.")
    embedder = embedder_of(settings)
    library = open_library([folder], place, embedder=embedder)
    assert library.size == 1
    library.close()
    embedder.close()
    with pytest.raises(BadSettings, match=f"made with the embedder openai:{MODEL} .*not all-Mini"):
        open_library([folder], place, embedder=MiniLM())


def test_a_name_that_is_not_known_and_a_key_that_is_missing(monkeypatch):
    with pytest.raises(BadSettings, match="'word2vec' is not known: use minilm or openai:NAME"):
        read_settings(embedder="word2vec")
    with pytest.raises(BadSettings, match="needs a key: set OPENAI_API_KEY"):
        embedder_of(read_settings(embedder=f"openai:{MODEL}"))
    with pytest.raises(BadSettings, match="'openai:' is not known"):
        embedder_of(read_settings(embedder="openai:"))
    assert isinstance(embedder_of(read_settings()), MiniLM)

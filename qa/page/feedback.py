"""What readers thought of answers: a line of JSON each, kept beside the threads."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from qa import Answer
from qa.errors import BadSettings

LONGEST_COMMENT = 2000
LOCK_SECONDS = 5.0


def keep_feedback(path: Path, answer: Answer, good: bool, comment: str = "") -> None:
    """Add a reader's word on an answer; raises BadSettings when the file can't be written."""
    row = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "question": answer.question.model_dump(mode="json"),
        "model": answer.model,
        "settings_hash": answer.settings_hash,
        "verified": answer.verified,
        "good": good,
        "comment": comment.strip()[:LONGEST_COMMENT],
    }
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{path}.lock", timeout=LOCK_SECONDS), path.open("a", encoding="utf-8") as f:
            f.write(json.dumps(row, ensure_ascii=False) + "\n")
    except (OSError, Timeout) as error:
        raise BadSettings(
            f"The feedback can't be kept in {path} ({error}): set TAPECHECK_THREADS to a file in a "
            "folder that you may write."
        ) from error


def read_feedback(path: Path) -> list[dict[str, Any]]:
    """What was kept, the oldest first; nothing where there is no file."""
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]

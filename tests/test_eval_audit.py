"""The examiner of the auditor: what counts for a claim, what is fair, and the claims themselves."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from conftest import SHARED, needs_real_tape

from eval.audit import Finding, Judged, half_of, judge, measured, misses, note_of, report, timed
from eval.cases import BadCase
from eval.claims import HELD_OUT, Claim, Text, load_texts

NOTE = {"published": "2026-01-24", "claims": [{"text": "Up 3%.", "verdict": "confirmed"}]}
TEXT = "The index rose 3.0% to 2,500.25 on Friday."


def text(*claims: dict[str, Any]) -> Text:
    given = {"id": "x", "published": "2026-01-24", "claims": list(claims)}
    return Text.model_validate(given)


def claim(verdict: str = "confirmed", words: str = TEXT, **more: Any) -> dict[str, Any]:
    return {"text": words, "verdict": verdict, "kind": "day", **more}


def finding(verdict: str, asserted: str = "3.0%", span: tuple[int, int] = (15, 19)) -> Finding:
    told = {"actual": "2.47%", "definition": "close over the prior close", "reason": "As it was."}
    return {"verdict": verdict, "asserted": asserted, "span": span, **told}


def one(key: dict[str, Any], *findings: Finding) -> Judged:
    (judged,) = judge(text(key), findings)
    return judged


# --- What counts for a claim ---------------------------------------------------------------------


def test_worst_of_several_counts() -> None:
    order = ["confirmed", "confirmed_under", "uncheckable", "stale", "contradicted"]
    for worse in range(1, len(order)):
        found = [finding(verdict) for verdict in (order[worse], *order[:worse])]
        assert one(claim(), *found).got == order[worse]
    assert one(claim()).got == "silent"


def test_judged_number_is_picked_out_whatever_its_sign_and_form() -> None:
    level = finding("uncheckable", "2,500.25", (24, 32))
    for held in ("3.0%", "-3.0 percent", "up 3%", "3.0"):
        assert one(claim(asserted=[3.0]), finding("confirmed", held), level).got == "confirmed"
    # The number is nowhere, or none is named: the whole sentence counts.
    assert one(claim(asserted=[4.0]), finding("confirmed"), level).got == "uncheckable"
    assert one(claim(), finding("confirmed"), level).got == "uncheckable"


def test_a_part_of_a_number_is_not_the_number() -> None:
    other = finding("confirmed")
    for held in ("13.0%", "3.01%", "3,000", "a record"):
        assert one(claim(asserted=[3.0]), finding("contradicted", held), other).got == "confirmed"
    ordinal = finding("confirmed", "12th session")
    assert one(claim(asserted=[12.0]), finding("stale"), ordinal).got == "confirmed"


def test_findings_belong_to_the_claim_where_they_stand() -> None:
    note = text(claim(words="Up 3.0%."), claim("contradicted", "Down 3.0%."))
    assert note.whole == "Up 3.0%. Down 3.0%."
    assert [note.whole[a:b] for a, b in note.spans] == ["Up 3.0%.", "Down 3.0%."]
    found = [finding("confirmed", span=(3, 7)), finding("contradicted", span=(14, 18))]
    assert [judged.got for judged in judge(note, found)] == ["confirmed", "contradicted"]
    assert [judged.got for judged in judge(note, found[:1])] == ["confirmed", "silent"]


def test_a_file_is_halved_by_the_hash_of_each_id() -> None:
    # sha256("a") begins with ca, an even byte; sha256("c") with 2e, sha256("b") with 3e: worked
    # with sha256sum; that of "f" begins with 25, an odd one.
    halves = {name: half_of(Text.model_validate({**NOTE, "id": name})) for name in "abcf"}
    assert halves == {"a": "dev", "b": "dev", "c": "dev", "f": "test"}
    assert {half_of(text) for text in load_texts(HELD_OUT)} == {"dev", "test"}


# --- What is fair --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "got", "exact", "fair", "accused", "through"),
    [
        ("confirmed", "confirmed", True, True, False, False),
        ("confirmed", "confirmed_under", False, False, False, False),
        ("confirmed", "contradicted", False, False, True, False),
        ("confirmed", "silent", False, False, False, False),
        ("confirmed_under", "contradicted", False, False, True, False),
        ("contradicted", "confirmed_under", False, False, False, True),
        ("contradicted", "uncheckable", False, False, False, False),
        ("stale", "confirmed", False, False, False, True),
        ("stale", "contradicted", False, False, False, False),
        ("uncheckable", "silent", False, True, False, False),
        ("uncheckable", "contradicted", False, False, True, False),
        ("not_contradicted", "stale", True, True, False, False),
        ("not_contradicted", "silent", True, True, False, False),
        ("not_contradicted", "contradicted", False, False, True, False),
    ],
)
def test_marks(key: str, got: str, exact: bool, fair: bool, accused: bool, through: bool) -> None:
    judged = one(claim(key), *([] if got == "silent" else [finding(got)]))
    marks = (judged.exact, judged.fair, judged.accused, judged.let_through)
    assert marks == (exact, fair, accused, through)


def test_verdicts_that_the_key_allows_are_fair_not_exact() -> None:
    judged = one(claim("contradicted", also=["stale", "confirmed_under"]), finding("stale"))
    assert (judged.exact, judged.fair) == (False, True)
    allowed = one(claim("contradicted", also=["confirmed_under"]), finding("confirmed_under"))
    assert not allowed.let_through
    uncheckable = one(claim("uncheckable", also=["contradicted"]), finding("contradicted"))
    assert not uncheckable.accused


@pytest.mark.parametrize(
    ("key", "got", "named"),
    [
        (claim("contradicted", actual=2.4694), "contradicted", True),
        (claim("contradicted", actual=-2.4694), "contradicted", True),
        (claim("contradicted", actual=2.46), "contradicted", False),
        (claim("contradicted", actual=12.47), "contradicted", False),
        (claim("contradicted"), "contradicted", None),
        (claim("contradicted", actual=2.4694), "stale", None),
        (claim("confirmed_under", definition="Prior close"), "confirmed_under", True),
        (claim("confirmed_under", definition="intraday"), "confirmed_under", False),
        (claim("stale", date="2026-01-16"), "stale", False),
    ],
)
def test_what_is_right_has_to_be_told(key: dict[str, Any], got: str, named: bool | None) -> None:
    assert one(key, finding(got)).named is named


def test_earlier_day_is_told_in_any_form() -> None:
    told = finding("stale") | {"reason": "It was so on January 16, 2026."}
    assert one(claim("stale", date="2026-01-16"), told).named is True


# --- What is printed -----------------------------------------------------------------------------


def audited(_: str, published: date | None, __: str | None) -> list[Finding]:
    return [finding("contradicted" if published == date(2026, 1, 24) else "confirmed")]


def test_report_counts() -> None:
    keys = ["confirmed", "not_contradicted", "contradicted", "uncheckable"]
    texts = [text(claim(key)) for key in keys]
    lines = list(report(measured(texts, audited)))
    header, confirmed = lines[0], lines[1]
    column = header.index("contradicted") + len("contradicted")
    assert confirmed[column - 1] == "1"
    rates = {line[:34].strip(): line[34:].split() for line in lines if " of " in line}
    assert rates["exact, of the checkable"] == ["1", "of", "2", "50.0%"]
    assert rates["fair, of all"] == ["1", "of", "4", "25.0%"]
    assert rates["falsely called contradicted"] == ["3", "of", "3", "100.0%"]
    assert rates["wrong or stale, but let through"] == ["0", "of", "1", "0.0%"]
    assert lines[-1].split() == ["day", "4", "1", "1", "3", "0"]


def test_every_miss_is_told_with_its_reasons() -> None:
    fair = text(claim("stale", also=["contradicted"]))
    texts = [text(claim("contradicted")), text(claim("confirmed")), fair]
    lines = list(misses(measured(texts, audited)))
    assert lines == [
        f"x (day, 2026-01-24): {TEXT}",
        "    expected confirmed, got contradicted",
        "    contradicted: 3.0% against 2.47%: As it was.",
    ]


def test_note_has_its_words_and_the_last_day() -> None:
    texts = [text(claim()), text(claim()).model_copy(update={"published": date(2026, 2, 2)})]
    asked: list[tuple[int, date | None]] = []

    def auditor(note: str, published: date | None, _: str | None) -> list[Finding]:
        asked.append((len(note.split()), published))
        return []

    assert len(note_of(texts, 20).split()) == 24  # eight words a text, the last one whole
    assert timed(texts, auditor, runs=3) >= 0
    assert asked == [(1000, date(2026, 2, 2))] * 4


# --- The files -----------------------------------------------------------------------------------


def test_older_form_is_read(tmp_path: Path) -> None:
    line = {
        "id": "c1",
        "published": "2025-12-15",
        "claim": "The high is 6,920.34",
        "metric": "52w high",
        "subject": "^GSPC",
        "asserted": {"level": 6920.34},
        "verdict": "confirmed_only_under:intraday high",
    }
    file = tmp_path / "old.jsonl"
    file.write_text(json.dumps(line) + "\n\n", encoding="utf-8")
    (read,) = load_texts(file)
    (only,) = read.claims
    assert (read.published, only.about) == (date(2025, 12, 15), "^GSPC")
    assert only.text == "The high is 6,920.34."
    assert only.verdict == "confirmed_under"
    assert (only.asserted, only.note) == ((6920.34,), "intraday high")
    file.write_text(json.dumps(line | {"published": None, "verdict": "stale"}), encoding="utf-8")
    assert load_texts(file)[0].published is None
    for subject, about, verdict in (
        ("^RUT,^GSPC", "^RUT", "confirmed_under"),
        ("calendar", None, "confirmed_under"),
        ("HY_OAS", None, "uncheckable"),
    ):
        file.write_text(json.dumps(line | {"subject": subject}), encoding="utf-8")
        (read,) = load_texts(file)
        assert (read.claims[0].about, read.claims[0].verdict) == (about, verdict)
    worded = line | {"asserted": {"level": 6920.34, "day": "2025-10-29"}}
    file.write_text(json.dumps(worded), encoding="utf-8")
    assert load_texts(file)[0].claims[0].asserted == ()


def test_claims_of_one_page_are_one_text(tmp_path: Path) -> None:
    page = {"url": "https://example.org/note", "published": "2026-01-25", "metric": "m"}
    other = page | {"url": "https://example.org/other"}
    lines = [
        page | {"id": "c1", "claim": "Up 1% from May 1 to May 9", "subject": "^RUT"},
        other | {"id": "c2", "claim": "Down 3%", "subject": "^RUT"},
        page | {"id": "c3", "claim": "Down 2% over the same window", "subject": "^GSPC"},
    ]
    file = tmp_path / "pages.jsonl"
    told = [json.dumps(one | {"asserted": {}, "verdict": "confirmed"}) for one in lines]
    file.write_text("\n".join(told), encoding="utf-8")
    first, second = load_texts(file)
    assert (first.id, second.id) == ("c1", "c2")
    assert first.whole == "Up 1% from May 1 to May 9. Down 2% over the same window."
    asked: list[str | None] = []

    def auditor(text: str, published: date | None, about: str | None) -> list[Finding]:
        asked.append(about)
        return [finding("confirmed", "1%", (0, 5))] if about == "^RUT" else []

    judged = measured([first], auditor)
    assert asked == ["^RUT", "^GSPC"]  # the page is read once for each that a claim is about
    assert [one.got for one in judged] == ["confirmed", "silent"]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("", "is empty"),
        ("{", "line 1: not JSON"),
        ('{"id": "x", "published": "2026-01-24", "claims": []}', "line 1: claims:"),
        (json.dumps(text(claim()).model_dump(mode="json") | {"id": ""}), "line 1: id:"),
        ("\n".join([text(claim()).model_dump_json()] * 2), "line 2: the id 'x' is there twice"),
        (text(claim()).model_dump_json().replace('"confirmed"', '"true"'), "verdict:"),
    ],
)
def test_bad_files_are_refused(content: str, fault: str, tmp_path: Path) -> None:
    file = tmp_path / "claims.jsonl"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(BadCase, match=fault):
        load_texts(file)


def test_absent_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadCase, match=r"Can't read the claims none\.jsonl"):
        load_texts(tmp_path / "none.jsonl")


@pytest.mark.skipif(not (SHARED / "claims").is_dir(), reason="../shared/claims is not here")
def test_shared_claims_are_read() -> None:
    texts = load_texts(SHARED / "claims" / "claims.jsonl")
    lines = (SHARED / "claims" / "claims.jsonl").read_text(encoding="utf-8").splitlines()
    told = [claim for text in texts for claim in text.claims]
    given = [json.loads(line) for line in lines]
    assert len(told) == len(lines)
    for claim_read in told:
        line = next(g for g in given if claim_read.text in (g["claim"], f"{g['claim']}."))
        under = "_only_under:" in line["verdict"] and "_OAS" not in line["subject"]
        assert (claim_read.verdict == "confirmed_under") is under


@pytest.fixture(scope="module")
def held_out() -> list[Text]:
    return load_texts(HELD_OUT)


def claims(texts: list[Text]) -> list[Claim]:
    return [claim for text in texts for claim in text.claims]


def test_held_out_claims_are_many_and_of_all_kinds(held_out: list[Text]) -> None:
    verdicts = Counter(claim.verdict for claim in claims(held_out))
    hard = verdicts.pop("not_contradicted")
    assert hard >= 60
    assert verdicts.total() >= 260
    assert min(verdicts.values()) >= 0.08 * verdicts.total()
    assert len({claim.text for claim in claims(held_out)}) == verdicts.total() + hard


def test_keys_are_complete(held_out: list[Text]) -> None:
    for text in held_out:
        assert text.published is not None
        for claim in text.claims:
            assert claim.verdict not in claim.also
            if claim.verdict == "confirmed_under":
                assert claim.definition, claim.text
                assert claim.actual is not None, claim.text
            if claim.verdict == "stale":
                assert claim.date, claim.text
                assert date.fromisoformat(claim.date) < text.published
            if claim.verdict == "contradicted" and claim.asserted:
                assert claim.actual is not None or claim.kind == "closed_day", claim.text


def test_judged_numbers_stand_in_their_sentences(held_out: list[Text]) -> None:
    for claim in claims(held_out):
        for number in claim.asserted:
            forms = {f"{abs(number):,.{decimals}f}" for decimals in range(4)}
            words = claim.text.replace("Fifteen", "15")
            assert any(form in words for form in forms), (number, claim.text)


@needs_real_tape
def test_confirmed_levels_and_points_stand_in_the_real_prices(held_out: list[Text]) -> None:
    checked = 0
    for text in held_out:
        for claim in text.claims:
            exact = [abs(n) for n in claim.asserted if abs(n) >= 100 and n % 1]
            if claim.verdict != "confirmed" or claim.kind not in ("close", "day", "record"):
                continue
            closes = _closes(str(claim.subject), text)
            points = [abs(b - a) for a, b in pairwise(closes)]
            for number in exact:
                assert min(abs(close - number) for close in closes + points) < 0.006, claim
                checked += 1
    assert checked > 20


def _closes(symbol: str, text: Text) -> list[float]:
    """The closes of the ten sessions up to the day of publication, read without the product."""
    rows = (SHARED / "market" / f"{symbol}.csv").read_text(encoding="utf-8").splitlines()
    column = rows[0].split(",").index("Close")
    cells = [row.split(",") for row in rows[1:] if row[:10] <= str(text.published)]
    return [float(row[column]) for row in cells[-10:]]

"""The measures of ranking by hand, the questions and their answers, and notes of public texts."""

import json
from datetime import date
from math import log2
from pathlib import Path

import pytest

from eval import ranked
from eval.cases import BadCase
from eval.fed_text import write_notes
from eval.retrieval import PAIRS, Bench, Pair, answers, by_overlap, lines, load_pairs, overlap
from qa.commentary.documents import read_document
from qa.settings import bundled_corpus

FED_TEXT = Path(__file__).parents[1].parent / "shared" / "fed_text"


def test_recall_is_of_the_first_five():
    ranking = list("abcdefgh")
    assert ranked.recall(ranking, {"a"}) == 1
    assert ranked.recall(ranking, {"f"}) == 0
    assert ranked.recall(ranking, {"e", "f"}) == 1  # either answers


def test_ndcg_by_hand():
    ranking = list("abcdefghijkl")
    assert ranked.ndcg(ranking, {"a"}) == 1
    assert ranked.ndcg(ranking, {"c"}) == pytest.approx(1 / log2(4))  # third: 0.5
    both = (1 + 1 / log2(4)) / (1 + 1 / log2(3))  # first and third of an ideal first and second
    assert ranked.ndcg(ranking, {"a", "c"}) == pytest.approx(both)
    assert ranked.ndcg(ranking, {"k"}) == 0  # the eleventh


def test_the_reciprocal_rank_is_of_the_first_right_one():
    assert ranked.reciprocal_rank(list("abc"), {"b", "c"}) == 0.5
    assert ranked.reciprocal_rank(list("abc"), {"z"}) == 0


def test_the_interval_of_a_mean():
    sure = ranked.mean([0.5] * 20)
    assert (sure.value, sure.low, sure.high, sure.n) == (0.5, 0.5, 0.5, 20)
    # Of 100 coins, half of them 1, the standard error is 0.05: 1.96 of it is 0.098.
    coins = ranked.mean([0.0, 1.0] * 50)
    assert coins.low == pytest.approx(0.402, abs=0.011)
    assert coins.high == pytest.approx(0.598, abs=0.011)
    assert coins == ranked.mean([0.0, 1.0] * 50)


def test_the_halves_are_fixed_by_the_ids():
    pairs = [pair for path in PAIRS.glob("*.jsonl") for pair in load_pairs(path)]
    assert len({pair.id for pair in pairs}) == len(pairs)
    # The SHA-256 of c001 begins with the byte 26, even, and that of c002 with 8f, odd (sha256sum).
    halves = {pair.id: pair.tuned_on for pair in pairs}
    assert halves["c001"]
    assert not halves["c002"]
    assert 0.4 < sum(halves.values()) / len(halves) < 0.6


def test_each_question_on_the_commentary_has_an_answer_there():
    root = bundled_corpus()
    bodies = {path.stem: " ".join(path.read_text().split()) for path in root.glob("*.md")}
    for name in ("commentary", "terse"):
        pairs = load_pairs(PAIRS / f"{name}.jsonl")
        assert len(pairs) >= 120
        assert len({pair.question for pair in pairs}) == len(pairs)
        for pair in pairs:
            for document, words in pair.golds.items():
                assert words in bodies[document], (pair.id, words)


@pytest.mark.skipif(not FED_TEXT.is_dir(), reason="the texts (../shared/fed_text) are not here")
def test_each_question_on_public_texts_has_an_answer_there():
    texts = [path.read_text(encoding="utf-8") for path in FED_TEXT.glob("*.jsonl")]
    rows = [json.loads(line) for text in texts for line in text.strip().split("\n")]
    bodies = {row["id"]: " ".join(row["body"].split()) for row in rows}
    pairs = load_pairs(PAIRS / "fed_text.jsonl")
    assert len(pairs) >= 60
    for pair in pairs:
        for document, words in pair.golds.items():
            assert " ".join(words.split()) in bodies[document], (pair.id, words)


@pytest.mark.parametrize("line", ["{", '{"id": "a", "question": "b"}', '{"id": "", "golds": {}}'])
def test_a_bad_line_is_named(tmp_path, line):
    good = '{"id": "a", "question": "Why?", "golds": {"note": "because"}}'
    (tmp_path / "pairs.jsonl").write_text(f"{good}\n{line}\n")
    with pytest.raises(BadCase, match=r"pairs\.jsonl, line 2: "):
        load_pairs(tmp_path / "pairs.jsonl")


def test_notes_are_written_of_public_texts_once(tmp_path):
    beige = {
        "id": "beigebook202504-st-louis",
        "period": "202504",
        "district": "st-louis",
        "url": "https://example.org/b",
        "body": 'class="col-xs-12">\r\n Employment was flat: "flat".\nPrices rose.',
    }
    minutes = {
        "id": "m1",
        "date": "20260128",
        "title": "Minutes",
        "kind": "minutes",
        "url": "https://example.org/m",
        "body": "Members voted.",
    }
    (tmp_path / "some.jsonl").write_text("\n".join(json.dumps(row) for row in (beige, minutes)))
    notes = tmp_path / "notes"
    assert write_notes(tmp_path, notes) == 2
    report = read_document(notes / "beigebook202504-st-louis.md", notes)
    assert report.title == "Beige Book, April 2025: St. Louis"
    assert report.firm == "Federal Reserve Bank of St. Louis"
    assert report.published == date(2025, 4, 15)
    assert report.body == 'Employment was flat: "flat".\nPrices rose.'
    released = read_document(notes / "m1.md", notes)
    assert (released.title, released.published) == ("Minutes, January 2026", date(2026, 2, 18))
    before = (notes / "m1.md").stat().st_mtime_ns
    write_notes(tmp_path, notes)
    assert (notes / "m1.md").stat().st_mtime_ns == before


NOTES = {
    "rates": "The Federal Reserve keeps its rate where it is through the year.",
    "season": "January has been kind to small companies in most decades.",
    "value": "Small caps trade at the deepest discount to large caps in 25 years.",
}


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bench")
    for name, body in NOTES.items():
        text = f"---\ntitle: A note\npublished: 2026-01-09\n---\n{body}\n"
        (folder / f"{name}.md").write_text(text)
    return Bench(folder, folder / "store")


PAIR = Pair(id="x", question="Is the discount the deepest?", golds={"value": "deepest discount"})


def test_the_systems_are_measured_on_their_half(bench):
    found = list(lines([PAIR], bench.systems()))
    assert [line.system for line in found] == ["BM25 alone", "vectors alone", "fused", "the page"]
    assert {line.half for line in found} == {"tuning" if PAIR.tuned_on else "test"}
    assert all(mean.value == 1 and mean.n == 1 for line in found for mean in line.means)
    wrong = PAIR.model_copy(update={"golds": {"nowhere": "words"}})
    (*_, page) = lines([wrong], bench.systems())
    assert [mean.value for mean in page.means] == [0, 0, 0]


def test_shared_words_are_counted_without_stop_words(bench):
    # Of discount and deepest both stand in the answer.
    assert overlap(PAIR, bench.passages) == 1
    far = PAIR.model_copy(update={"question": "Are minnows cheap, by their discount?"})
    assert overlap(far, bench.passages) == pytest.approx(1 / 3)  # discount; not minnows, not cheap


def test_a_gold_that_stands_nowhere_is_named(bench):
    with pytest.raises(BadCase, match="x: no passage of value has the words"):
        answers(PAIR.model_copy(update={"golds": {"value": "cheapest"}}), bench.passages)


def test_recall_is_told_by_shared_words(bench):
    questions = {
        "Is the discount the deepest?": "value",  # both words stand in the answer
        "Are minnows cheap, by their discount?": "value",  # one of three
        "Who won the cup?": "rates",  # none, and nothing is found
    }
    tested = (
        pair_id
        for pair_id in map(str, range(99))
        if not PAIR.model_copy(update={"id": pair_id}).tuned_on
    )
    pairs = [
        Pair(id=pair_id, question=question, golds={name: NOTES[name][:20]})
        for pair_id, (question, name) in zip(tested, questions.items(), strict=False)
    ]
    told = {low: (value.value, value.n) for (low, _), value in by_overlap(pairs, bench)}
    assert told == {0.0: (0, 1), 0.2: (1, 1), 0.5: (1, 1)}

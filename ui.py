"""The Streamlit page: ask, watch the steps, read the checked answer."""

from __future__ import annotations

from datetime import date

import streamlit as st

from qa.agent.events import Finished, Repairing, ToolFinished, ToolStarted
from qa.analyst import Analyst
from qa.errors import TapecheckError
from qa.report.markdown import to_markdown

EXAMPLES = (
    "Is the Russell 2000 rally sustainable?",
    "How did the Russell 2000 do against the other US indices since December?",
    "What is Jefferies' year-end target and what upside does it imply?",
)


@st.cache_resource(show_spinner="Taking in commentary ...")
def open_analyst() -> Analyst:
    """One analyst for the whole server: its store and tape are opened once."""
    analyst = Analyst()
    analyst.library.prepare()
    return analyst


def show_answer(analyst: Analyst, question: str, as_of: date | None) -> None:
    """Work on a question with its steps in view; prose is shown only after the checks."""
    with st.status("Working ...", expanded=True) as status:
        for event in analyst.stream(question, as_of=as_of):
            match event:
                case ToolStarted():
                    wanted = " ".join(str(value) for value in event.arguments.values())
                    st.text(f"{event.tool}: {wanted}")
                case ToolFinished(problem=str(problem)):
                    st.text(problem)
                case Repairing():
                    st.text(f"Mending: {'; '.join(event.problems)}")
                case Finished():
                    answer = event.answer
        label = "Checked" if answer.verified else "Checked; some of it could not be verified"
        status.update(label=label, state="complete", expanded=False)
    if answer.sample_data:
        st.warning(f"Not real prices: {answer.market}.")
    text = to_markdown(answer)
    st.markdown(text.replace("$", "\\$"))  # else two dollar signs make a formula
    left, right = st.columns(2)
    left.download_button("Markdown", text, "answer.md", "text/markdown")
    right.download_button(
        "JSON", answer.model_dump_json(indent=2), "answer.json", "application/json"
    )


def main() -> None:
    """The page."""
    st.set_page_config(page_title="Tapecheck", page_icon="📎")
    st.title("Tapecheck")
    st.caption("Every statement is cited, every figure is checked.")
    try:
        analyst = open_analyst()
        first, last = analyst.market.source.span()
    except TapecheckError as error:
        st.error(str(error))
        return
    with st.sidebar:
        as_of = st.date_input("As of", min(last, date.today()), first, date.today())
        st.caption(f"Tape: {analyst.market.source.name}")
        st.caption(f"Model: {analyst.settings.chosen_model}")
        st.caption(f"Commentary: {analyst.library.size} passages")
        example = st.radio("Examples", EXAMPLES, index=None)
    question = st.chat_input("Ask a question") or example
    if question:
        st.chat_message("user").text(question)
        with st.chat_message("assistant"):
            try:
                show_answer(analyst, question, as_of if isinstance(as_of, date) else None)
            except TapecheckError as error:
                st.error(str(error))


main()

"""Text on the page. What people, models and documents wrote is shown as text and nothing else.

Streamlit reads Markdown in most of its calls, links and pictures included. So the page hands it
words of its own only; everything else goes through here, escaped, or into widgets that don't read.
"""

from __future__ import annotations

import streamlit as st

from qa.report.style import STYLE
from qa.report.tables import plain

PAGE = """
.stMainBlockContainer{max-width:62rem;padding-top:3.2rem}
.stMainBlockContainer h1{font-size:2rem;padding:0 0 .5rem}
.tc-page h3{font-size:1.1rem;padding:0;margin:1.1rem 0 .3rem}
.tc-page p,.tc-page li,.tc-page dd{overflow-wrap:anywhere}
.tc-page dl{margin:.3rem 0;padding:0}
.tc-page dl>dt,.tc-page dl>dd{margin:0;padding:0;font-size:.875rem;line-height:1.5}
.tc-page ul.tc-claims{margin-left:0;padding-left:0}.tc-page ul.tc-claims>li{margin-left:1.1rem}
.tc-page>h3:first-child{margin-top:.5rem}
@media (max-width:40rem){.tc-page ul.tc-claims>li{margin:.5rem 0;padding:0}}
.stChatMessage>[data-testid^="stChatMessageAvatar"]{display:none}
.stChatMessage:has(>[data-testid="stChatMessageAvatarAssistant"]){padding-left:0;padding-right:0}
.tc-page .tc-row{margin:0;display:flex;flex-wrap:wrap;gap:0 .7rem}
.tc-page .tc-row>span{flex:0 1 17rem}.tc-page .tc-row>details[open]{flex:1 0 100%}
.tc-page .tc-table{margin-bottom:.4rem}.tc-page a{color:inherit}
.tc-page .tc-question{max-height:16rem;overflow:auto}
.tc-page li.tc-source{margin:.4rem 0}.tc-page li.tc-source>details[open]{margin-bottom:1rem}
[data-testid="stCaptionContainer"]{color:inherit;opacity:.75}
[data-testid="stFileUploaderDropzoneInstructions"] *{white-space:normal}
[data-testid="stPopoverBody"]{min-width:min(28rem,92vw)}
[class*="st-key-example-"] button{text-align:left;justify-content:flex-start}
"""


def many(count: int, thing: str) -> str:
    """So many of a thing, in words."""
    return f"{count} {thing}{'s' * (count != 1)}"


def show_style() -> None:
    """The sheet that the page's HTML is styled by, once a run."""
    st.html(f"<style>{PAGE}{STYLE}</style>")


def show_html(fragment: str) -> None:
    """HTML made by `qa.report`, where every text is escaped."""
    st.html(f'<div class="tc-page">{fragment}</div>')


def show_notice(kind: str, text: object) -> None:
    """A remark in a box: `kind` is error, warning, info or success."""
    from qa.report.html import notice  # the sheet above is wanted before this is imported

    show_html(notice(kind, str(text)))


def show_lines(*texts: str) -> None:
    """Lines of text as they are, close together."""
    show_html("".join(f'<p class="tc-step">{plain(text)}</p>' for text in texts))


def show_line(text: object, style: str = "tc-step") -> None:
    """A line of text as it is."""
    show_html(f'<p class="{style}">{plain(str(text))}</p>')

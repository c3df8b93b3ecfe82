"""How the HTML looks, on the page and in a saved file.

The colours are those of Okabe and Ito, told apart by the colour-blind, and each mark has a line of
its own kind besides. Everything else is the text's own colour at some strength, so that one sheet
serves light and dark.
"""

from __future__ import annotations

_COLOURS = {
    "computed": "#0072B2",
    "quoted": "#009E73",
    "derived": "#CC79A7",
    "disputed": "#D55E00",
    "unchecked": "#D55E00",
}
_LINES = {
    "computed": "solid",
    "quoted": "dotted",
    "derived": "double",
    "disputed": "wavy",
    "unchecked": "dashed",
}


def _inked(colour: str) -> str:
    """The colour with some of the text's: darker on white, lighter on black."""
    return f"color-mix(in srgb,{colour} 75%,currentColor)"


def _marks() -> str:
    return "".join(
        f".tc-{name}>summary,.tc-legend .tc-{name}{{text-decoration:underline {_LINES[name]} "
        f"{_inked(colour)} 2px;text-underline-offset:3px}}"
        for name, colour in _COLOURS.items()
    )


DOCUMENT = """
:root{color-scheme:light dark}
body{font:16px/1.55 system-ui,sans-serif;margin:0;overflow-wrap:anywhere}
main{max-width:52rem;margin:0 auto;padding:1.5rem 1rem 3rem}
h1{font-size:1.5rem;line-height:1.3}h3{font-size:1.1rem;margin:1.6rem 0 .4rem}
@media print{main{max-width:none;padding:0}details.tc-mark>.tc-proof{display:none}
.tc-legend{display:none}.tc-source,tr{break-inside:avoid}}
"""
STYLE = """
.tc-faint{opacity:.75;font-size:.875rem}
.tc-verdict{border-left:4px solid #0072B2;padding:.1rem 0 .1rem .9rem;margin:.4rem 0 .8rem}
.tc-verdict p{margin:.2rem 0}.tc-label{font-size:1.3rem}
.tc-claims{padding-left:1.1rem;margin:.2rem 0 .6rem}.tc-claim{line-height:1.75;margin:.15rem 0}
.tc-claim::after{content:"";display:block;clear:both}.tc-mark{display:inline}.tc-mark>summary{display:inline;cursor:pointer;list-style:none}
.tc-mark>summary::-webkit-details-marker{display:none}
.tc-mark:not([open])::details-content{display:none}
.tc-mark>summary:focus-visible{outline:2px solid #0072B2;outline-offset:2px;border-radius:2px}
.tc-mark[open]::details-content{display:contents}
.tc-mark[open]>summary{background:color-mix(in srgb,currentColor 12%,transparent)}
.tc-cite>summary{font-size:.85em;opacity:.85}.tc-cite>summary:hover{text-decoration:underline}
.tc-proof{border:1px solid color-mix(in srgb,currentColor 25%,transparent);border-radius:.5rem;
padding:.6rem .8rem;margin:.4rem 0;font-size:.875rem;line-height:1.5;max-height:26rem;overflow:auto;
float:left;width:100%;box-sizing:border-box}
.tc-proof p{margin:.2rem 0;font-size:inherit}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem .8rem;margin:.3rem 0}
dt{opacity:.75}dd{margin:0;overflow-wrap:anywhere}
blockquote{margin:.5rem 0;padding:.1rem 0 .1rem .8rem;
border-left:3px solid color-mix(in srgb,currentColor 30%,transparent)}
mark{background:color-mix(in srgb,#E69F00 38%,transparent);color:inherit;padding:0 .1em}
.tc-wide{overflow-x:auto;container-type:inline-size}
.tc-table{border-collapse:collapse;font-size:.875rem;margin:.4rem 0}
.tc-table caption{text-align:left;opacity:.75}.tc-table th{text-align:left}
.tc-table th,.tc-table td{padding:.25rem .6rem;vertical-align:top;
border:0;border-bottom:1px solid color-mix(in srgb,currentColor 18%,transparent)}
.tc-folded{margin:.3rem 0}.tc-folded>summary{cursor:pointer}
.tc-folded>summary:hover{text-decoration:underline}
.tc-for>.tc-side{color:color-mix(in srgb,#0072B2 75%,currentColor)}
.tc-against>.tc-side{color:color-mix(in srgb,#D55E00 75%,currentColor)}
.tc-figures,.tc-figures>tbody{display:block}.tc-figures>tbody{columns:15rem;column-gap:1.6rem}
.tc-figures tr{display:flex;justify-content:space-between;break-inside:avoid;
border-bottom:1px solid color-mix(in srgb,currentColor 18%,transparent)}.tc-figures td{border:0}
.tc-figures td:last-child{text-align:right}
.tc-score td:nth-child(2){white-space:nowrap}.tc-score td:first-child{font-weight:600}
@container (max-width:38rem){.tc-stack thead,.tc-score thead{display:none}
.tc-stack,.tc-stack>caption,.tc-stack>tbody,.tc-score>tbody{display:block;width:100%}
.tc-stack tr,.tc-score tr{display:block;padding:.5rem 0;
border-bottom:1px solid color-mix(in srgb,currentColor 18%,transparent)}
.tc-stack td,.tc-score td{display:block;border:0;padding:.05rem 0}
.tc-stack td{display:grid;grid-template-columns:7rem 1fr;gap:.6rem}
.tc-stack td:empty{display:none}.tc-stack td::before{content:attr(data-head);opacity:.75}
.tc-score td:first-child,.tc-score td:nth-child(2){display:inline-block;margin-right:.7rem}
.tc-score td:nth-child(n+4){display:inline-block;margin-right:.7rem;opacity:.8}
.tc-score td[data-head]::before{content:attr(data-head) " "}}
.tc-day{white-space:nowrap}
.tc-notice{border-left:4px solid #0072B2;border-radius:.25rem;padding:.5rem .8rem;margin:.3rem 0;
background:color-mix(in srgb,currentColor 6%,transparent);overflow-wrap:anywhere;
white-space:pre-line}
.tc-warning,.tc-unverified{border-left-color:#E69F00}.tc-error{border-left-color:#D55E00}
.tc-success{border-left-color:#009E73}
.tc-unverified{border-left:4px solid #E69F00;padding-left:.8rem}
.tc-unverified h3{margin-top:.2rem}
.tc-legend{display:flex;flex-wrap:wrap;gap:.3rem 1rem;font-size:.8rem;margin:.4rem 0}
.tc-chart{margin:1rem 0;max-width:38rem;break-inside:avoid}.tc-chart>svg{width:100%;height:auto}
.tc-chart text{font:13px system-ui,sans-serif;fill:currentColor;opacity:.85}
.tc-grid{stroke:currentColor;opacity:.15}.tc-level{stroke:currentColor;opacity:.6}
.tc-spread{stroke:currentColor;stroke-width:1.5}
path.tc-level{stroke-dasharray:2 4}
.tc-key{display:flex;flex-wrap:wrap;gap:.2rem 1rem;font-size:.8rem;margin:.2rem 0}
.tc-key svg{width:1.5rem;height:.5rem;margin-right:.4rem;vertical-align:middle}
.tc-source{margin:.8rem 0}.tc-question{font-size:1.05rem;margin:0}
.tc-step{margin:.1rem 0;font-size:.875rem;overflow-wrap:anywhere}
@media (max-width:40rem){.tc-claims{padding-left:0;list-style:none}
.tc-claims>li{margin:.5rem 0}dl{grid-template-columns:1fr}dt{margin-top:.3rem}}
""" + _marks()

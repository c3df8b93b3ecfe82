"""Small files of the formats that are converted, made here: HTML, PDF, Word, PowerPoint, mail."""

import io
import zipfile
from email.message import EmailMessage

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OPEN = "http://schemas.openxmlformats.org"
_KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_TYPES = f"""<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="{_OPEN}/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/word/document.xml" ContentType="{_KIND}"/>
</Types>"""
_LINKS = f"""<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="{_OPEN}/package/2006/relationships">
<Relationship Id="rId1" Target="word/document.xml"
 Type="{_OPEN}/officeDocument/2006/relationships/officeDocument"/>
</Relationships>"""


def core(title="", author="", created="", modified=""):
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/">
<dc:title>{title}</dc:title><dc:creator>{author}</dc:creator>
<dcterms:created>{created}</dcterms:created><dcterms:modified>{modified}</dcterms:modified>
</cp:coreProperties>"""


def docx(paragraphs, properties=None, parts=(), level=zipfile.ZIP_DEFLATED):
    """A Word file; `parts` are further (name, content) of the archive."""
    body = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs)
    document = f'<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>'
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", level) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("_rels/.rels", _LINKS)
        archive.writestr("word/document.xml", document)
        if properties:
            archive.writestr("docProps/core.xml", properties)
        for name, content in parts:
            archive.writestr(name, content)
    return file.getvalue()


def pdf(lines, title=None, author=None, made=None):
    """A PDF; `made` is its CreationDate and ModDate, as (year, month, day)."""
    from reportlab.pdfgen.canvas import Canvas

    file = io.BytesIO()
    canvas = Canvas(file, invariant=1)
    if title:
        canvas.setTitle(title)
    if author:
        canvas.setAuthor(author)
    for number, line in enumerate(lines):
        canvas.drawString(72, 750 - 20 * number, line)
    canvas.save()
    data = file.getvalue()
    # reportlab's "invariant" stamp: 2000-01-01.
    return data.replace(b"D:20000101", b"D:%04d%02d%02d" % made) if made else data


def pptx(title, lines, day=None):
    from pptx import Presentation

    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = title
    slide.placeholders[1].text = "\n".join(lines)
    deck.core_properties.title = "Deck of the week"
    deck.core_properties.author = "Jane Doe"
    if day:
        deck.core_properties.created = deck.core_properties.modified = day
    file = io.BytesIO()
    deck.save(file)
    return file.getvalue()


def mail(text=None, html=None, date="Fri, 09 Jan 2026 21:30:00 -0500", attached=()):
    message = EmailMessage()
    message["Subject"] = "Small caps: the week"
    message["From"] = "Jane Doe <jane@example.com>"
    if date:
        message["Date"] = date
    if text is not None:
        message.set_content(text)
    if html is not None:
        message.add_alternative(html, subtype="html") if text else message.set_content(
            html, subtype="html"
        )
    for name, content in attached:
        message.add_attachment(
            content, maintype="application", subtype="octet-stream", filename=name
        )
    return message.as_bytes()

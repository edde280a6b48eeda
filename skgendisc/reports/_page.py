"""One self-contained page: what all reports look like."""

from dataclasses import dataclass
from importlib.resources import files
from string import Template

from skgendisc import __version__
from skgendisc.reports._markup import Markup, as_markup, tag


@dataclass(frozen=True)
class Page:
    """What a report says.

    Parameters
    ----------
    title : str
    lead : str
        What was done, in a sentence or two.
    sections : list of (str, Markup)
        Headings, and what stands below; headings inside are ``h3`` and deeper.
    """

    title: str
    lead: str
    sections: list

    def to_html(self):
        """The whole page, as text."""
        here = files("skgendisc.reports")
        sections = [
            tag("section", tag("h2", heading), body) for heading, body in self.sections
        ]
        return Template(here.joinpath("page.html").read_text("utf-8")).substitute(
            title=as_markup(self.title),
            lead=as_markup(self.lead),
            style=here.joinpath("page.css").read_text("utf-8"),
            sections=as_markup(sections),
            version=__version__,
        )


def table(header, rows, *, caption, row_class=None):
    """A table that scrolls in its own box, its first column standing still.

    Parameters
    ----------
    header : list of (str or Markup, str)
        Text of each column, and what it means.
    rows : list of list of str
        The first cell names the row.
    caption : str
    row_class : list of str, default=None

    Returns
    -------
    markup : Markup
    """
    head = tag("tr", *(tag("th", text, scope="col", title=m) for text, m in header))
    body = [
        tag(
            "tr",
            tag("th", row[0], scope="row"),
            *(tag("td", cell) for cell in row[1:]),
            class_=of_row,
        )
        for row, of_row in zip(rows, row_class or [None] * len(rows), strict=True)
    ]
    content = tag(
        "table",
        tag("caption", tag("span", caption)),
        tag("thead", head),
        tag("tbody", body),
    )
    # The keyboard can scroll what it can reach.
    return tag(
        "div", content, class_="scroll", tabindex=0, role="region", aria_label=caption
    )


def definitions(pairs):
    """A list of words and what they mean."""
    return tag("dl", *([tag("dt", w), tag("dd", m)] for w, m in pairs))


def cards(items, *, width=None):
    """Pieces side by side as far as there is room, "wide" ones or "narrow"."""
    return tag("div", *items, class_=f"cards {width}" if width else "cards")


def figure(picture, *caption, class_="card"):
    """A picture and what it says."""
    return tag("figure", picture, tag("figcaption", *caption), class_=class_)


def folded(summary, content):
    """Content that opens on demand."""
    return tag("details", tag("summary", summary), content) if content else Markup()

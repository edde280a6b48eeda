"""HTML by construction: text is escaped the moment it becomes markup."""

from html import escape


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def as_markup(content):
    """HTML of markup, text, a number, None, or a sequence of these.

    Parameters
    ----------
    content : Markup, str, float, None or iterable

    Returns
    -------
    markup : Markup
        Text escaped, None left out.
    """
    if isinstance(content, Markup):
        return content
    if content is None:
        return Markup()
    if isinstance(content, str | int | float):
        return Markup(escape(str(content)))
    return Markup("".join(map(as_markup, content)))


def tag(name, *children, **attributes):
    """An element.

    Parameters
    ----------
    name : str
    *children : see `as_markup`
    **attributes : str, float or None
        ``class_`` is ``class``, other underscores are hyphens, and None leaves one out.

    Returns
    -------
    markup : Markup

    Examples
    --------
    >>> from skgendisc.reports._markup import tag
    >>> tag("p", "1 < 2", class_="note")
    '<p class="note">1 &lt; 2</p>'
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(str(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    return Markup(f"<{name}{written}>{as_markup(children)}</{name}>")

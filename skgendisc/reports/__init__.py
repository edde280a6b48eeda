"""A study's result as one HTML page that needs nothing else.

No network, no scripts: pictures are drawn into the page, which follows the reader's
choice of light or dark and fits a phone. A page is a title and sections (``_page``);
what comes from data is escaped the moment it becomes markup (``_markup``). A new kind
of result needs one function that makes a page of it.
"""

from skgendisc.reports._write import write_html

__all__ = ["write_html"]

"""What all results make of their records."""

from skgendisc.utils._optional import import_optional


def failures_of(records, *keys):
    """A dict for each error: these keys of its record, ``step`` and ``message``."""
    return [
        {key: record[key] for key in keys} | {"step": step, "message": message}
        for record in records
        for step, message in record["errors"].items()
    ]


def as_frame(rows, feature):
    """Rows as a pandas DataFrame, for a method of this name.

    Raises
    ------
    ImportError
        If pandas is not installed.
    """
    pandas = import_optional("pandas", feature=feature, extra="tables")
    return pandas.DataFrame(rows)

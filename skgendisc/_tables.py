"""Tables in files: read as frames, and written with more rows.

Real rows are kept as the file has them - the text of a CSV file, the columns of a
Parquet file - and go to the new file without having been numbers in between.
"""

import bz2
import csv
import gzip
import io
import json
import lzma
import warnings
import zipfile
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module

import numpy as np

from skgendisc.utils._optional import import_optional
from skgendisc.utils.files import check_new_file, uninterrupted

CSV_ENDINGS = (".csv", ".csv.gz", ".csv.bz2", ".csv.xz", ".csv.zip", ".csv.zst")
PARQUET_ENDINGS = (".parquet", ".pq")
WRITTEN_ENDINGS = (*CSV_ENDINGS[:4], *PARQUET_ENDINGS)

# Reading a table ---------------------------------------------------------------------


def read_frame(path, name="TABLE"):
    """A table as a frame, as pandas reads it.

    Parameters
    ----------
    path : Path
    name : str, default="TABLE"
        Of the command line's argument, for errors.

    Returns
    -------
    frame : pandas.DataFrame
    """
    _check_table_path(path, name)
    pandas = _import_pandas()
    with _reading(path, name):
        if not is_parquet(path):
            return _parse(path)
        with uninterrupted():
            return pandas.read_parquet(path)


def read_table(path):
    """A table as its file has it, with a frame that tells its gaps from its numbers.

    Parameters
    ----------
    path : Path

    Returns
    -------
    table : CsvTable or ParquetTable
        With ``frame``, where a column of whole numbers has them with gaps too.
    """
    _check_table_path(path, "TABLE")
    _import_pandas()
    with _reading(path, "TABLE"):
        return (ParquetTable if is_parquet(path) else CsvTable).read(path)


def is_parquet(path):
    """Whether a name ends as those of Parquet files do."""
    return path.name.lower().endswith(PARQUET_ENDINGS)


def _check_table_path(path, name):
    if not path.is_file():
        found = "is a folder" if path.is_dir() else "does not exist"
        raise ValueError(f"{name} must be a file: {path} {found}. Check the path.")
    if not path.name.lower().endswith(CSV_ENDINGS + PARQUET_ENDINGS):
        known = ", ".join(CSV_ENDINGS + PARQUET_ENDINGS)
        raise ValueError(
            f"{name} must be a CSV or Parquet file: got {path}. Convert it, or rename "
            f"it to end in one of {known}."
        )
    if is_parquet(path):
        import_optional("pyarrow", feature="reading a Parquet file", extra="tables")


def _import_pandas():
    return import_optional("pandas", feature="reading TABLE", extra="tables")


@contextmanager
def _reading(path, name):
    try:
        yield
    except Exception as error:  # readers and decompressors raise errors of many kinds
        raise ValueError(
            f"{name} cannot be read: {path}: {error}. Check that the file is whole, in "
            "UTF-8, with a header and as many cells in each row."
        ) from error


def _parse(source, **options):
    """Read CSV from a path or from text."""
    pandas = _import_pandas()
    with uninterrupted(), warnings.catch_warnings():
        # Without these two, cells beyond the header would be dropped in silence, or
        # the first column taken for row names.
        warnings.simplefilter("error", pandas.errors.ParserWarning)
        return pandas.read_csv(source, index_col=False, low_memory=False, **options)


# CSV ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class CsvTable:
    """The text of a CSV file, record by record.

    Parameters
    ----------
    frame : pandas.DataFrame
    header : str
    records : list of str
        Text of each row, without its line ending.
    cells : list of list of str
        Each row's cells.
    line_ending : str
    """

    frame: object
    header: str
    records: list
    cells: list
    line_ending: str

    @classmethod
    def read(cls, path):
        """Read a file."""
        text = _decompress(path.read_bytes(), path.suffix.lower()).decode("utf-8")
        order_mark = "\ufeff" if text.startswith("\ufeff") else ""  # Excel's
        text = text.removeprefix(order_mark)
        frame = _parse(io.StringIO(text, newline=""), dtype_backend="numpy_nullable")
        (header, _), *rows = _records(text)
        if len(rows) != len(frame):
            raise ValueError(
                f"it has {len(rows)} lines of cells, but {len(frame)} rows; quotes may "
                "be missing"
            )
        stripped = header.rstrip("\r\n")
        return cls(
            frame=frame,
            header=order_mark + stripped,
            records=[record.rstrip("\r\n") for record, _ in rows],
            cells=[cells for _, cells in rows],
            line_ending=header[len(stripped) :] or "\n",
        )

    def to_csv(self, new, *, keep_real, mark):
        """Text of this table followed by new rows."""
        lines = [self.header if mark is None else f"{self.header},{_quoted(mark)}"]
        if keep_real and mark is None:
            lines += self.records
        elif keep_real:
            n_columns = self.frame.shape[1]
            lines += [
                record + "," * (n_columns - len(cells)) + ",False"
                for record, cells in zip(self.records, self.cells, strict=True)
            ]
        columns = [self._spell(number, new[name]) for number, name in enumerate(new)]
        if mark is not None:
            columns.append(["True"] * len(new))
        text = io.StringIO()
        writer = csv.writer(text, lineterminator=self.line_ending)
        writer.writerows(zip(*columns, strict=True))
        return self.line_ending.join([*lines, text.getvalue()])

    def to_arrow(self):
        """This table as a pyarrow.Table."""
        pyarrow = _import_pyarrow()
        return pyarrow.Table.from_pandas(self.frame, preserve_index=False)

    def _spell(self, number, values):
        """Cells of new values, as the real rows write them where they have them."""
        real = self.frame.iloc[:, number]
        texts = [row[number] if number < len(row) else "" for row in self.cells]
        gaps = Counter(
            text for text, is_gap in zip(texts, real.isna(), strict=True) if is_gap
        )
        gap = gaps.most_common(1)[0][0] if gaps else ""
        known = {
            value: text
            for value, text, is_gap in zip(real, texts, real.isna(), strict=True)
            if not is_gap
        }
        # Codes of one width, 00202 for instance, keep it.
        widths = {len(text) if text.isdigit() else 0 for text in known.values()}
        width = widths.pop() if len(widths) == 1 else 0
        return [
            gap if is_gap else known.get(value) or str(value).zfill(width)
            for value, is_gap in zip(values, values.isna(), strict=True)
        ]


def _records(text):
    """Text and cells of each record; blank lines are none, as in pandas."""
    taken = []

    def lines():
        for line in io.StringIO(text, newline=""):
            taken.append(line)
            yield line

    for cells in csv.reader(lines()):
        record = "".join(taken)
        taken.clear()
        if record.strip():
            yield record, cells


def _quoted(cell):
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow([cell])
    return text.getvalue()


def _decompress(data, suffix):
    if suffix == ".zip":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            (name,) = archive.namelist()
            return archive.read(name)
    if suffix == ".zst":
        zstandard = import_module("zstandard")  # as pandas does
        return zstandard.ZstdDecompressor().decompressobj().decompress(data)
    readers = {".gz": gzip.decompress, ".bz2": bz2.decompress, ".xz": lzma.decompress}
    return readers.get(suffix, bytes)(data)


def _compress(data, suffix):
    if suffix == ".gz":
        # Without the time, same rows make same bytes; level 9 takes thrice as long.
        return gzip.compress(data, compresslevel=6, mtime=0)
    writers = {".bz2": bz2.compress, ".xz": lzma.compress}
    return writers.get(suffix, bytes)(data)


# Parquet -----------------------------------------------------------------------------


@dataclass(frozen=True)
class ParquetTable:
    """The columns of a Parquet file.

    Parameters
    ----------
    frame : pandas.DataFrame
    columns : pyarrow.Table
    """

    frame: object
    columns: object

    @classmethod
    def read(cls, path):
        """Read a file."""
        pyarrow, pandas = _import_pyarrow(), _import_pandas()
        parquet = import_optional(
            "pyarrow.parquet", feature="reading a Parquet file", extra="tables"
        )
        with uninterrupted():
            table = parquet.read_table(path)
        unnamed = [n for n in table.column_names if n.startswith("__index_level_")]
        table = table.drop_columns(unnamed)
        # Numbers of rows of a pandas index: they hold for the rows of this file only.
        metadata = dict(table.schema.metadata or {})
        if b"pandas" in metadata:
            about = json.loads(metadata[b"pandas"])
            about["index_columns"] = [
                name for name in about["index_columns"] if name in table.column_names
            ]
            metadata[b"pandas"] = json.dumps(about).encode()
        # With gaps, they are floats and objects otherwise.
        nullable = {pyarrow.bool_(): pandas.BooleanDtype()} | {
            getattr(pyarrow, kind.lower())(): getattr(pandas, f"{kind}Dtype")()
            for bits in (8, 16, 32, 64)
            for kind in (f"Int{bits}", f"UInt{bits}")
        }
        frame = table.to_pandas(
            ignore_metadata=True, date_as_object=False, types_mapper=nullable.get
        )
        return cls(frame, table.replace_schema_metadata(metadata))

    def to_csv(self, new, *, keep_real, mark):
        """Text of this table followed by new rows."""
        pandas = _import_pandas()
        rows = pandas.concat([self.frame, new], ignore_index=True)
        if mark is not None:
            rows[mark] = np.arange(len(rows)) >= len(self.frame)
        return rows.iloc[0 if keep_real else len(self.frame) :].to_csv(index=False)

    def to_arrow(self):
        """This table as a pyarrow.Table."""
        return self.columns


def _import_pyarrow():
    return import_optional("pyarrow", feature="a Parquet file", extra="tables")


def _write_parquet(real, new, *, keep_real, mark):
    pyarrow = _import_pyarrow()
    parquet = import_optional(
        "pyarrow.parquet", feature="writing a Parquet file", extra="tables"
    )
    rows = pyarrow.Table.from_pandas(new, schema=real.schema, preserve_index=False)
    tables = [real, rows] if keep_real else [rows]
    table = pyarrow.concat_tables(
        [one.replace_schema_metadata(real.schema.metadata) for one in tables]
    )
    if mark is not None:
        is_synthetic = np.arange(table.num_rows) >= table.num_rows - len(new)
        table = table.append_column(mark, pyarrow.array(is_synthetic))
    data = io.BytesIO()
    parquet.write_table(table.unify_dictionaries(), data)
    return data.getvalue()


# Writing a table ---------------------------------------------------------------------


def check_out(out, *, force):
    """Fail now, rather than after the work, where a table cannot be written.

    Parameters
    ----------
    out : Path
    force : bool
        Whether a file may be there.
    """
    if not out.name.lower().endswith(WRITTEN_ENDINGS):
        raise ValueError(
            f"--out must say by its ending how to write: got {out}. Let it end in one "
            f"of {', '.join(WRITTEN_ENDINGS)}."
        )
    if is_parquet(out):
        import_optional("pyarrow", feature="writing a Parquet file", extra="tables")
    check_new_file(out, "--out", force=force)


def encode_table(table, new, out, *, keep_real, mark):
    """Content of a file with the rows of a table, then new ones.

    Parameters
    ----------
    table : CsvTable or ParquetTable
    new : pandas.DataFrame
        With the columns of ``table.frame``.
    out : Path
        Its ending says how to write.
    keep_real : bool
        Whether the rows of the table are written.
    mark : str or None
        Name of one more column, that tells which rows are new.

    Returns
    -------
    data : bytes
    """
    options = {"keep_real": keep_real, "mark": mark}
    if not is_parquet(out):
        text = table.to_csv(new, **options)
        return _compress(text.encode("utf-8"), out.suffix.lower())
    try:
        return _write_parquet(table.to_arrow(), new, **options)
    except (TypeError, RuntimeError) as error:  # pyarrow's, beside its ValueErrors
        raise ValueError(
            f"--out cannot be written as Parquet: {error}. Let it end in .csv."
        ) from error

#!/usr/bin/env python3
"""Cuts the UCI file bank-additional-full.csv into one pair of files per month.

    python3 cut.py ORIGINAL            writes contacts-*.csv.gz and outcomes-*.csv.gz beside this script
    python3 cut.py ORIGINAL --check    builds the same in memory and compares; exit 1 if anything differs

ORIGINAL is bank-additional-full.csv of https://archive.ics.uci.edu/dataset/222/bank+marketing, plain or gzipped.
Needs Python 3.9 or newer and nothing else.
"""

import argparse
import csv
import gzip
import io
import sys
from datetime import date
from pathlib import Path

FIRST_YEAR = 2008
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
LABEL = "y"


def read(original):
    """The column names and the rows of the original, in its order; every field as text."""
    opened = gzip.open if original.suffix == ".gz" else open
    with opened(original, "rt", encoding="ascii", newline="") as lines:
        rows = csv.reader(lines, delimiter=";")
        return next(rows), list(rows)


def contact_dates(months):
    """The first day of the month of each contact.

    The original names months without their year, but stands in time order: where the month falls back, a new
    year has begun.
    """
    year, before = FIRST_YEAR, 0
    for name in months:
        month = MONTHS.index(name) + 1
        if month < before:
            year += 1
        before = month
        yield date(year, month, 1)


def month_after(day):
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def cut(header, rows):
    """The text of each file by its name without .gz."""
    # A dot in a SQL name means a field of a struct; with underscores nobody has to quote the column.
    columns = [name.replace(".", "_") for name in header]
    inputs = [i for i, name in enumerate(columns) if name != LABEL]
    label, month = columns.index(LABEL), columns.index("month")
    tables = {}
    for number, (row, day) in enumerate(zip(rows, contact_dates(row[month] for row in rows)), start=1):
        contact = f"C{number:05d}"
        contacts = tables.setdefault(
            f"contacts-{day:%Y-%m}.csv", [["contact_id", "contact_date"] + [columns[i] for i in inputs]])
        outcomes = tables.setdefault(f"outcomes-{month_after(day):%Y-%m}.csv", [["contact_id", LABEL]])
        contacts.append([contact, day.isoformat()] + [row[i] for i in inputs])
        outcomes.append([contact, row[label]])
    return {name: text(table) for name, table in tables.items()}


def text(table):
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(table)
    return out.getvalue().encode("ascii")


def write(files, folder):
    for name, content in files.items():
        # Neither time nor name in the header: the same content gives the same bytes on every day.
        (folder / f"{name}.gz").write_bytes(gzip.compress(content, compresslevel=9, mtime=0))


def differences(files, folder):
    """What differs between the cut and the folder. Compares unpacked bytes: builds of zlib pack differently."""
    present = {path.name[:-3] for path in folder.glob("*.csv.gz")}
    for name in sorted(present | set(files)):
        if name not in files:
            yield f"{name}.gz: the cut makes no such file"
        elif name not in present:
            yield f"{name}.gz: missing"
        elif gzip.decompress((folder / f"{name}.gz").read_bytes()) != files[name]:
            yield f"{name}.gz: differs"


def main():
    parser = argparse.ArgumentParser(description="Cuts bank-additional-full.csv into months.")
    parser.add_argument("original", type=Path, help="bank-additional-full.csv, plain or .gz")
    parser.add_argument("--check", action="store_true", help="compare with the files that are here, write nothing")
    arguments = parser.parse_args()
    folder = Path(__file__).resolve().parent
    files = cut(*read(arguments.original))
    if not arguments.check:
        write(files, folder)
        print(f"wrote {len(files)} files")
        return 0
    faults = list(differences(files, folder))
    print("\n".join(faults) if faults else f"{len(files)} files are as the cut makes them")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

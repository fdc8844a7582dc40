"""The report, or sheets of sites, as one file of one language: HTML or PDF."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from steppe.layers.errors import InputError, Problem
from steppe.layers.tables import PlanTables
from steppe.layers.whole_files import write_file
from steppe.layers.wording import find_languages, join, tell
from steppe.outputs.output_folder import settle
from steppe.planfile.plan_inputs import Inputs
from steppe.report.pdf_printing import find_browser, print_pdf
from steppe.report.report_page import render_report
from steppe.report.site_sheet import refuse_strangers, render_sheets
from steppe.screening.found_sites import PROPOSED_ID


def refuse_report(language: str, *, pdf: bool) -> None:
    """Refuse what cannot be written before anything is computed for it.

    Raises
    ------
    InputError
        For a language that has no catalogue, and for PDF where no browser prints it.
    """
    if language not in find_languages():
        what = tell("fault.option.lang", value=language)
        raise InputError(Problem("--lang", what, tell("fix.one_of", known=join(find_languages()))))
    if pdf:
        find_browser()


def refuse_sites(asked: Sequence[str], inputs: Inputs) -> None:
    """Refuse a park that is not there before anything is computed; what is proposed is known later.

    Raises
    ------
    InputError
        For an id that no park has, and that none of what is proposed can have.
    """
    parks = [str(each) for each in inputs.layer("parks")["park_id"]]
    refuse_strangers((each for each in asked if not each.startswith(PROPOSED_ID)), parks)


def write_report(
    path: Path,
    tables: PlanTables,
    *,
    language: str,
    sites: Sequence[str] = (),
    pdf: bool = False,
) -> Path:
    """Write the report of a plan, or the sheets of some parks, and return the path.

    Parameters
    ----------
    path
        The file.
    tables
        What the plan came to.
    language
        One of `steppe.layers.wording.find_languages`.
    sites
        Ids of parks, or `all`: their sheets are written; the report when empty.
    pdf
        Whether a browser of the system prints it.

    Raises
    ------
    InputError
        As `refuse_report`, for a park that is not there, and where the file cannot be written.
    """
    refuse_report(language, pdf=pdf)
    settled = settle(tables)
    page = render_sheets(settled, language, sites) if sites else render_report(settled, language)
    return write_file(path, print_pdf(page) if pdf else page)

"""Why a whole file is refused, each with the facts its sentence needs.

A single bad row is no error: it is a :class:`data.rows.Rejection`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.errors import VongLauError
from data.errors import UnreadableFileError

if TYPE_CHECKING:
    from data.importing.records import ImportReport


class NoSuchFileError(VongLauError, FileNotFoundError):
    """There is no file at this place."""

    code = "no_such_file"


class NothingToWatchError(VongLauError, ValueError):
    """A folder to watch in which no folder is called like a layer."""

    code = "nothing_to_watch"


class FolderShutError(VongLauError, PermissionError):
    """A folder to watch that may not be read, or into which nothing may be written."""

    code = "folder_shut"


class EmptyFileError(VongLauError, ValueError):
    """The file has no bytes, or not one filled cell."""

    code = "empty_file"


class PasswordProtectedError(UnreadableFileError):
    """A workbook that opens with a password only."""

    code = "password_protected"


class DamagedFileError(UnreadableFileError):
    """A file of a kind that is read, and damaged, or not all there: half a download."""

    code = "damaged_file"


class NoStoredValuesError(VongLauError, ValueError):
    """A workbook of formulas whose results were never stored: there is nothing to read."""

    code = "no_stored_values"


class HiddenSheetError(VongLauError, ValueError):
    """Only a hidden sheet has what the layer needs; an office hides old sheets on purpose."""

    code = "hidden_sheet"


class FileTooLargeError(VongLauError, ValueError):
    """More bytes, rows, columns or unpacked bytes than are read."""

    code = "file_too_large"


class StrayCellError(FileTooLargeError):
    """A sheet that is too large for a few cells far from its table, and would be read without."""

    code = "stray_cell"


class UnknownLayerError(VongLauError, ValueError):
    """A layer that cannot be imported."""

    code = "unknown_layer"


class NoSuchSheetError(VongLauError, KeyError):
    """The file has no sheet of this name."""

    code = "no_such_sheet"


class NoHeaderError(VongLauError, ValueError):
    """No row of the sheet looks like a row of headings."""

    code = "no_header"


class CrossTabError(VongLauError, ValueError):
    """A summary, counts by ward and month, and no list: nothing in it is one record."""

    code = "cross_tab"


class CountsError(VongLauError, ValueError):
    """A list of counts, by day, ward and offence: each row stands for several cases."""

    code = "counts"


class UnconfirmedColumnsError(VongLauError, ValueError):
    """Nobody is there to say whether columns are what they were guessed to be from their cells."""

    code = "unconfirmed_columns"


class RowsBesideError(VongLauError, ValueError):
    """Nobody is there to say what rows are that stand above or below a table and were not read."""

    code = "rows_beside"


class TablesBesideError(VongLauError, ValueError):
    """Nobody is there to say which of several tables of a file are wanted."""

    code = "tables_beside"


class KnownOtherwiseError(VongLauError, ValueError):
    """The new rows are like cases known by other keys, and nobody said whether they are.

    Parameters
    ----------
    report
        As of a dry run, with the question about the list; also the attribute ``report``.
    """

    code = "known_otherwise"

    def __init__(self, report: ImportReport) -> None:
        n = sum(question.n_rows for question in report.numbers if question.holds_back)
        super().__init__(file=report.file_name, n=n)
        self.report = report


class StoreChangedError(VongLauError, RuntimeError):
    """Somebody changed the store since the rows of a file were checked."""

    code = "store_changed"


class NothingToldError(VongLauError, ValueError):
    """No column tells what happened, and nobody is there to say that it is a list of incidents."""

    code = "nothing_told"


class NotAlikeError(VongLauError, ValueError):
    """All sheets with the same headings were asked for, and none has what the layer needs."""

    code = "not_alike"


class NoRowsError(VongLauError, ValueError):
    """Headings, and nothing under them."""

    code = "no_rows"


class UnknownHeadingError(VongLauError, KeyError):
    """The mapping names a heading that the file does not have."""

    code = "unknown_heading"


class UnknownFieldError(VongLauError, KeyError):
    """The mapping names a field that the layer does not have."""

    code = "unknown_field"


class UnknownRowError(VongLauError, KeyError):
    """A correction of a row that the file does not have."""

    code = "unknown_row"


class PersonalColumnError(VongLauError, ValueError):
    """The mapping asks for a column of personal data; those are never stored."""

    code = "personal_column"


class NoDateColumnError(VongLauError, ValueError):
    """No column tells on which day incidents happened."""

    code = "no_date_column"


class NoPlaceColumnError(VongLauError, ValueError):
    """No column tells where: no coordinates and, for incidents, no ward either."""

    code = "no_place_column"


class NoIdColumnError(VongLauError, ValueError):
    """No column tells the cameras, sites or wards apart."""

    code = "no_id_column"


class NoNameColumnError(VongLauError, ValueError):
    """No column holds the names of the wards or programmes."""

    code = "no_name_column"


class NoPopulationColumnError(VongLauError, ValueError):
    """No column holds numbers of inhabitants."""

    code = "no_population_column"


class NoStateColumnError(VongLauError, ValueError):
    """No column holds the states of cameras."""

    code = "no_state_column"


class NoCrosswalkColumnError(VongLauError, ValueError):
    """A crosswalk without one of its four columns: old division and code, new division and code."""

    code = "no_crosswalk_column"


class BadConventionError(VongLauError, ValueError):
    """A word that is no order of days, or no sign of decimals."""

    code = "bad_convention"


class AnswerNotAllowedError(VongLauError, ValueError):
    """An answer to an open question that is none of those it takes."""

    code = "answer_not_allowed"


class ContradictoryAnswersError(VongLauError, ValueError):
    """One row is said to be two cases: by its number one, and another by what is said of all."""

    code = "contradictory_answers"


class UnknownQuestionError(VongLauError, KeyError):
    """An answer to a question that the file does not ask."""

    code = "unknown_question"


class SameFileOtherBookError(VongLauError, ValueError):
    """The same file is in the store, with its cases under the name of another book."""

    code = "same_file_other_book"


class ElsewhereError(VongLauError, ValueError):
    """Nothing in the file lies in this city."""

    code = "elsewhere"


class NoWardsLoadedError(VongLauError, RuntimeError):
    """Incidents cannot be placed, and no map clipped to the city, before wards are loaded."""

    code = "no_wards_loaded"


class ImportCancelledError(VongLauError, RuntimeError):
    """A person stopped the import before it was written; nothing was changed."""

    code = "import_cancelled"


class EveryRowFailedError(VongLauError, ValueError):
    """Every row of the file was refused, so nothing was changed.

    Parameters
    ----------
    report
        The counts, and every refused row with its reason; also the attribute ``report``.
    """

    code = "every_row_failed"

    def __init__(self, report: ImportReport) -> None:
        super().__init__(file=report.file_name, n=report.n_rows)
        self.report = report

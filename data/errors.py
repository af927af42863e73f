"""What can go wrong with the store and with files, each with the facts its sentence needs."""

from __future__ import annotations

from analysis.errors import VongLauError


class StoreNotFoundError(VongLauError, FileNotFoundError):
    """No store at this place."""

    code = "store_not_found"


class StoreExistsError(VongLauError, FileExistsError):
    """A store is already at this place, with rows in it."""

    code = "store_exists"


class NotAStoreError(VongLauError, ValueError):
    """The file is not a store of Vọng Lâu."""

    code = "not_a_store"


class StoreNewerError(VongLauError, RuntimeError):
    """The store was written by a newer version of the program."""

    code = "store_newer"


class BadStoreUrlError(VongLauError, ValueError):
    """A URL of a database that cannot be used: of no known kind, or without its driver."""

    code = "bad_store_url"


class StoreLockedError(VongLauError, TimeoutError):
    """Another process holds the store locked for longer than we wait."""

    code = "store_locked"


class StoreUnwritableError(VongLauError, PermissionError):
    """The store's file or folder cannot be written."""

    code = "store_unwritable"


class FileTakenError(VongLauError, FileExistsError):
    """A file of this name is there already, and nobody said that it may go."""

    code = "file_taken"


class ServerStoreError(VongLauError, ValueError):
    """A store on a database server, whose own tools back it up and restore it."""

    code = "server_store"


class DamagedStoreError(VongLauError, ValueError):
    """A store whose file SQLite finds damaged."""

    code = "damaged_store"


class BatchNotFoundError(VongLauError, LookupError):
    """No batch with this number, or it was undone before."""

    code = "batch_not_found"


class NoSuchRowError(VongLauError, LookupError):
    """No row of the store is called so, nor ever was."""

    code = "no_such_row"


class UnreadableFileError(VongLauError, ValueError):
    """A file whose contents are not what its name says, or are damaged, or need a password."""

    code = "unreadable_file"


class OpenQuoteError(UnreadableFileError):
    """A text table with a quotation mark that opens a cell and does not close it."""

    code = "open_quote"


class UnreadableMapError(UnreadableFileError):
    """A map file whose contents are not what its name says, or are damaged."""

    code = "unreadable_map"


class UnsortedExtractError(VongLauError, ValueError):
    """An OpenStreetMap extract that is not in order, and cannot be sorted here."""

    code = "unsorted_extract"


class NoBoundariesError(VongLauError, ValueError):
    """An OpenStreetMap extract without administrative boundaries."""

    code = "no_boundaries"


class WhichAdminLevelError(VongLauError, ValueError):
    """An extract with boundaries of several levels, and nobody said which are the wards."""

    code = "which_admin_level"


class UnsupportedFormatError(VongLauError, ValueError):
    """A kind of file that is not read or written for this layer; ``allowed`` lists what is."""

    code = "unsupported_format"


class DegreesInMetricCrsError(VongLauError, ValueError):
    """A map file that claims a system in metres and holds degrees."""

    code = "degrees_in_metric_crs"


class MetresInGeographicCrsError(VongLauError, ValueError):
    """A map file that claims degrees, by its format or its own word, and holds metres."""

    code = "metres_in_geographic_crs"


class SwappedAxesError(VongLauError, ValueError):
    """A map file in degrees that puts the latitude first, as GeoJSON and its like never do."""

    code = "swapped_axes"


class BadCrsError(VongLauError, ValueError):
    """A name that stands for no coordinate reference system."""

    code = "bad_crs"

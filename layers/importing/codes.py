"""What can be wrong with a file, or worth knowing of it: words for programs."""

from enum import StrEnum


class Code(StrEnum):
    """What went wrong; stable, for programs."""

    NOT_GIS_FILE = "not_gis_file"
    MISSING_PART = "missing_part"
    DAMAGED_ARCHIVE = "damaged_archive"
    EMPTY_ARCHIVE = "empty_archive"
    UNSAFE_ARCHIVE = "unsafe_archive"
    UNSUPPORTED_ARCHIVE = "unsupported_archive"
    TOO_LARGE = "too_large"
    SEVERAL_LAYERS = "several_layers"
    NO_SUCH_LAYER = "no_such_layer"
    DAMAGED_FILE = "damaged_file"
    EMPTY_FILE = "empty_file"
    UNSAFE_GEOPACKAGE = "unsafe_geopackage"
    UNKNOWN_CRS = "unknown_crs"
    AMBIGUOUS_CRS = "ambiguous_crs"
    NULL_DATUM_CRS = "null_datum_crs"
    WRONG_CRS = "wrong_crs"
    CRS_GUESSED = "crs_guessed"
    WRONG_KIND = "wrong_kind"
    EMPTY_GEOMETRY = "empty_geometry"
    INVALID_GEOMETRY = "invalid_geometry"
    NOT_FINITE = "not_finite"
    OUTSIDE = "outside"
    TOO_MANY_VERTICES = "too_many_vertices"
    MALFORMED_FEATURE = "malformed_feature"
    MISSING_RECORD = "missing_record"
    DUPLICATE_CODE = "duplicate_code"
    MISSING_CODE = "missing_code"
    NOT_ASSIGNED = "not_assigned"
    MISSING_ATTRIBUTE = "missing_attribute"
    REFUSED_ATTRIBUTE = "refused_attribute"
    LAYER_EXISTS = "layer_exists"
    LAYER_KEY = "layer_key"
    NO_CODE_COLUMN = "no_code_column"
    NO_SUCH_COLUMN = "no_such_column"
    UNKNOWN_FIELD = "unknown_field"
    MAPPED_TWICE = "mapped_twice"
    TOO_MANY_PROBLEMS = "too_many_problems"
    UNREADABLE_TEXT = "unreadable_text"
    UNKNOWN_ENCODING = "unknown_encoding"
    ENCODING_GUESSED = "encoding_guessed"
    ENCODING_IGNORED = "encoding_ignored"
    TOO_MUCH_MEMORY = "too_much_memory"
    TOOK_TOO_LONG = "took_too_long"
    READER_CRASHED = "reader_crashed"
    READER_KILLED = "reader_killed"
    TOO_MANY_AT_ONCE = "too_many_at_once"
    QUARANTINE_UNAVAILABLE = "quarantine_unavailable"
    NO_PLACE_COLUMNS = "no_place_columns"
    NORTH_IS_X = "north_is_x"
    AXES_SWAPPED = "axes_swapped"
    DATUM_ACCEPTED = "datum_accepted"
    OFFSET_SUSPECTED = "offset_suspected"
    REPAIRED = "repaired"
    HEIGHTS_DROPPED = "heights_dropped"
    ODD_HEIGHTS = "odd_heights"
    OTHER_CRS_FITS = "other_crs_fits"
    MEMBERS_IGNORED = "members_ignored"
    TOO_MANY_ENTITIES = "too_many_entities"
    SAVE_AS = "save_as"
    TOO_MANY_VERTICES_IN_ALL = "too_many_vertices_in_all"
    BEYOND_AREA_OF_USE = "beyond_area_of_use"
    CURVES_STRAIGHTENED = "curves_straightened"
    MEASURES_DROPPED = "measures_dropped"


WARNINGS = frozenset(
    {
        Code.CRS_GUESSED,
        Code.ENCODING_GUESSED,
        Code.ENCODING_IGNORED,
        Code.NORTH_IS_X,
        Code.AXES_SWAPPED,
        Code.DATUM_ACCEPTED,
        Code.OFFSET_SUSPECTED,
        Code.REPAIRED,
        Code.HEIGHTS_DROPPED,
        Code.ODD_HEIGHTS,
        Code.OTHER_CRS_FITS,
        Code.MEMBERS_IGNORED,
        Code.BEYOND_AREA_OF_USE,
        Code.CURVES_STRAIGHTENED,
        Code.MEASURES_DROPPED,
    }
)

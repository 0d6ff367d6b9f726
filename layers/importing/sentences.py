"""What is said of each code; the parameters stand in the Problem."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from layers.importing.codes import Code

SENTENCES: dict[Code, Promise] = {
    Code.NOT_GIS_FILE: _(
        "This is no file that can be imported, or not what its name says. Send a shapefile (zip or its parts), "
        "a GeoPackage, GeoJSON, KML or KMZ, GPX, FlatGeobuf, DXF, CSV or XLSX. Found: %(found)s"
    ),
    Code.MISSING_PART: _("The part %(part)s is missing. Send all parts of the shapefile together."),
    Code.DAMAGED_ARCHIVE: _("The zip archive is damaged and cannot be unpacked."),
    Code.EMPTY_ARCHIVE: _("The zip archive is empty."),
    Code.UNSAFE_ARCHIVE: _("The zip archive is refused: “%(entry)s” %(reason)s."),
    Code.UNSUPPORTED_ARCHIVE: _("Only zip archives can be unpacked. Pack the files as zip."),
    Code.TOO_LARGE: _("The content is too large: at most %(limit)s can be read."),
    Code.SEVERAL_LAYERS: _("There are several layers. Choose one: %(choices)s"),
    Code.NO_SUCH_LAYER: _("There is no layer “%(layer)s”. There are: %(choices)s"),
    Code.DAMAGED_FILE: _("The file is damaged and cannot be read: %(reason)s"),
    Code.EMPTY_FILE: _("The file has no features."),
    Code.UNSAFE_GEOPACKAGE: _(
        "The GeoPackage contains views or triggers (%(name)s) and is refused."
    ),
    Code.UNKNOWN_CRS: _(
        "The coordinate system is not stated or not known (%(crs)s), and the coordinates "
        "do not tell it. Give its EPSG number."
    ),
    Code.AMBIGUOUS_CRS: _(
        "The coordinate system is not stated, and the coordinates fit several, "
        "up to %(km)s km apart. Choose one: %(candidates)s"
    ),
    Code.NULL_DATUM_CRS: _(
        "The coordinate system %(crs)s cannot be converted exactly: its parameters are not public, "
        "and without them places are wrong by about 90 m. Convert the data to CGCS2000 first, "
        "or accept the error explicitly."
    ),
    Code.WRONG_CRS: _(
        "The stated coordinate system %(crs)s does not fit the coordinates "
        "(x = %(x)s, y = %(y)s). Check it, or give the right EPSG number."
    ),
    Code.CRS_GUESSED: _(
        "The coordinate system is not stated; %(crs)s was taken because the coordinates fit it."
    ),
    Code.WRONG_KIND: _("The geometry is %(found)s; %(wanted)s is wanted."),
    Code.EMPTY_GEOMETRY: _("There is no geometry."),
    Code.INVALID_GEOMETRY: _("The geometry is invalid: %(reason)s."),
    Code.NOT_FINITE: _("A coordinate is not a finite number."),
    Code.OUTSIDE: _("The geometry lies outside the city, near %(lon)s, %(lat)s."),
    Code.TOO_MANY_VERTICES: _(
        "The geometry has %(count)s vertices; at most %(limit)s are allowed."
    ),
    Code.MALFORMED_FEATURE: _("The feature is malformed: %(reason)s."),
    Code.MISSING_RECORD: _("The attribute table (.dbf) has no record for this feature."),
    Code.DUPLICATE_CODE: _("The code “%(value)s” occurs more than once."),
    Code.MISSING_CODE: _("There is no code."),
    Code.NOT_ASSIGNED: _("“%(value)s” lies outside of what is assigned to you."),
    Code.REFUSED_ATTRIBUTE: _("The value “%(value)s” is refused: %(reason)s"),
    Code.MISSING_ATTRIBUTE: _("A value is required, and there is none."),
    Code.LAYER_EXISTS: _("There is a layer “%(key)s” already. Replace it, or add to it."),
    Code.LAYER_KEY: _(
        "“%(key)s” cannot be the key of a layer: it takes Latin letters, digits, - and _, 64 at most."
    ),
    Code.NO_CODE_COLUMN: _(
        "No column is known to hold the code of each site. Name it “code” or “编码”. "
        "There are: %(choices)s"
    ),
    Code.NO_SUCH_COLUMN: _("There is no such column. There are: %(choices)s"),
    Code.UNKNOWN_FIELD: _("The programme has no field “%(name)s”."),
    Code.MAPPED_TWICE: _("Another column is given for “%(name)s” already."),
    Code.TOO_MANY_PROBLEMS: _(
        "More than %(limit)s things are wrong; what comes after was not looked at."
    ),
    Code.UNREADABLE_TEXT: _("The text cannot be read as %(encoding)s. Choose another encoding."),
    Code.UNKNOWN_ENCODING: _("The encoding “%(encoding)s” is not known."),
    Code.ENCODING_GUESSED: _(
        "The encoding is not stated; %(encoding)s was taken. Check the sample rows."
    ),
    Code.ENCODING_IGNORED: _(
        "The stated encoding “%(encoding)s” was ignored: it does not fit the content."
    ),
    Code.TOO_MUCH_MEMORY: _(
        "Reading the file took more memory than a file may take. Send it in smaller pieces."
    ),
    Code.TOOK_TOO_LONG: _(
        "Reading the file took longer than a file may take. Send it in smaller pieces."
    ),
    Code.READER_CRASHED: _("The file is damaged: the program that read it came to grief."),
    Code.READER_KILLED: _(
        "Reading the file was ended from outside before it was done. Send it again."
    ),
    Code.TOO_MANY_AT_ONCE: _(
        "Too many files are being read at the moment. Wait a little and try again."
    ),
    Code.QUARANTINE_UNAVAILABLE: _(
        "Files cannot be read safely on this server at the moment. Tell its administrator."
    ),
    Code.NO_PLACE_COLUMNS: _(
        "No column says where the rows lie. Name two of them 经度 and 纬度 (or lon and lat, 东坐标 and 北坐标, "
        "x and y), or one WKT. There are: %(choices)s"
    ),
    Code.AXES_SWAPPED: _(
        "The coordinates were read as y before x: only so do they lie in the city. Check the map."
    ),
    Code.DATUM_ACCEPTED: _(
        "%(crs)s was taken as it is, since the error of about 90 m was accepted; this is recorded with each geometry."
    ),
    Code.OFFSET_SUSPECTED: _(
        "Features that are here already now lie about %(metres)s m off, as %(name)s would have them. "
        "If the file comes from a Chinese web map, say so and read it again."
    ),
    Code.REPAIRED: _(
        "The geometry was invalid and was repaired: %(reason)s; its size changed by %(share)s."
    ),
    Code.HEIGHTS_DROPPED: _(
        "The heights of %(count)s features are not kept. Choose to keep them where they are wanted; "
        "of a geometry that was repaired they cannot be."
    ),
    Code.TOO_MANY_ENTITIES: _(
        "With its blocks inserted the drawing has more than %(limit)s entities. Purge it, or send it in parts."
    ),
    Code.SAVE_AS: _("“%(found)s” is of a kind that cannot be read here. %(how)s"),
    Code.TOO_MANY_VERTICES_IN_ALL: _(
        "The file has more than %(limit)s vertices. Send it in smaller pieces, or simplify it first."
    ),
    Code.BEYOND_AREA_OF_USE: _(
        "%(count)s features lie outside the area that %(crs)s is made for (%(area)s). Check that it is the right one."
    ),
    Code.CURVES_STRAIGHTENED: _(
        "Of %(count)s features arcs were drawn as short straight lines: places are stored without curves."
    ),
    Code.MEASURES_DROPPED: _(
        "The measures along the lines (M) of %(count)s features are not kept."
    ),
    Code.OTHER_CRS_FITS: _(
        "In the stated coordinate system %(crs)s the data lie outside the city. They would lie in it in: %(candidates)s"
    ),
    Code.ODD_HEIGHTS: _(
        "Of %(count)s features not all heights are finite numbers; these features are kept without heights."
    ),
    Code.MEMBERS_IGNORED: _(
        "Members that have no meaning where they stand were ignored: %(members)s."
    ),
    Code.NORTH_IS_X: _(
        "The column X was read as the northing and Y as the easting, since its numbers are northings."
    ),
}

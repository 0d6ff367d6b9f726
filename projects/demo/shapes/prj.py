"""The .prj texts as ArcGIS writes them, for the CRSs in which Qiqihar's bureaus send files.

Gauss-Krüger on CGCS2000: of three degrees, zone 41 lies about 123 E (121.5 to 124.5) and zone 42 about 126 E
(124.5 to 127.5); of six degrees, zone 21 lies about 123 E (120 to 126).
"""

_CGCS2000 = (
    'GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",'
    'SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]'
)
_WGS84 = (
    'GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],'
    'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]'
)


def _gauss_kruger(name: str, meridian: int, false_easting: int) -> str:
    return (
        f'PROJCS["{name}",{_CGCS2000},PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",{false_easting}.0],'
        f'PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",{meridian}.0],'
        'PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
    )


# By EPSG number.
PRJ = {
    4326: _WGS84,
    4490: _CGCS2000,
    4499: _gauss_kruger("CGCS2000_GK_Zone_21", 123, 21_500_000),
    4529: _gauss_kruger("CGCS2000_3_Degree_GK_Zone_41", 123, 41_500_000),
    4530: _gauss_kruger("CGCS2000_3_Degree_GK_Zone_42", 126, 42_500_000),
    4550: _gauss_kruger("CGCS2000_3_Degree_GK_CM_123E", 123, 500_000),
}

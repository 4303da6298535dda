"""Numbers by the name of their place; the first whole one is taken where an integer is wanted."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_ROWS: tuple[tuple[str, tuple[int | float, ...]], ...] = (
    (
        "price amount total cost subtotal sum fee balance value salary budget revenue payment "
        "shipping deposit income charge tip unitprice listprice saleprice totalprice money credit",
        (19.99, 49.5, 7.25, 1999, 4950, 725),
    ),
    ("amountcents pricecents cents unitamount", (1999, 4950, 725)),
    ("quantity qty copies units seats guests adults participants passengers", (2, 3, 1, 4)),
    ("count children rooms bedrooms bathrooms floor level step index position order", (1, 2, 3)),
    ("stock inventory capacity available", (25, 40, 12)),
    ("limit pagesize perpage size itemsperpage maxresults take batchsize", (20, 10, 50)),
    ("offset skip startindex", (0, 10, 20)),
    ("page pagenumber pageno", (1, 2, 3)),
    ("pages pagecount numberofpages", (320, 256, 418)),
    ("timeout timeoutseconds", (30, 10, 60)),
    ("duration minutes durationminutes length interval", (60, 45, 90)),
    ("seconds durationseconds", (90, 30, 120)),
    ("milliseconds durationms timeoutms delay latency", (500, 250, 1000)),
    ("ttl maxage expiresin expiry lifetime", (3600, 600, 86400)),
    ("hours", (8, 4, 12)),
    ("days", (7, 14, 30)),
    ("age", (32, 27, 45)),
    ("year birthyear publicationyear releaseyear publishedyear modelyear", (2024, 2023, 2019)),
    ("month", (5, 9, 3)),
    ("expmonth expirymonth", (12, 11, 9)),
    ("expyear expiryyear", (2030, 2031, 2032)),
    ("day dayofmonth", (17, 9, 21)),
    ("dayofweek weekday", (3, 1, 5)),
    ("week", (20, 12, 36)),
    ("quarter", (2, 1, 3)),
    ("hour", (9, 14, 18)),
    ("minute", (30, 15, 45)),
    ("second", (15, 40, 5)),
    ("latitude lat", (52.52, 48.85, 40.42, 52)),
    ("longitude lng lon long", (13.405, 2.35, -3.7, 13)),
    ("altitude elevation", (34.5, 120.5, 34)),
    ("radius distance", (5.5, 12.5, 5)),
    ("zoom", (12, 10, 14)),
    ("weight mass", (2.5, 1.2, 12.5, 3)),
    ("height", (180, 172, 165)),
    ("width", (640, 320, 800)),
    ("depth thickness", (20, 15, 30)),
    ("percent percentage percentoff discount progress completion", (15, 25, 50)),
    ("rating stars", (4.5, 3.5, 5, 4)),
    ("score points grade", (85, 70, 92)),
    ("rate taxrate vatrate interestrate exchangerate tax vat", (0.19, 0.07, 0.2, 19)),
    ("temperature", (21.5, 18.5, 0.7, 21)),
    ("topp", (0.9, 0.8, 1)),
    ("port", (8080, 8443, 5432)),
    ("version revision generation", (1, 2, 3)),
    ("priority weighting importance", (1, 2, 3)),
    ("bytes filesize contentlength sizebytes", (1024, 2048, 4096)),
    ("memory", (512, 1024, 2048)),
    ("cpu cpus cores replicas instances workers threads retries attempts", (2, 3, 4)),
    ("statuscode httpstatus httpcode responsestatus responsecode", (200, 201, 204)),
    (
        "timestamp createdat updatedat created updated modified epoch unixtime date time",
        (1715938200, 1704067200, 1711929600),
    ),
    ("expiresat expires startat endat dueat duedate startdate", (1924991999, 1922313599)),
    ("enddate expirationdate expirydate", (1925078399, 1925164799)),
    ("timestampms createdms epochmillis", (1715938200000, 1704067200000)),
    ("likes views followers downloads visits", (120, 85, 310)),
    ("calories", (250, 420, 180)),
    ("number", (7, 12, 3)),
    ("id", (1, 2, 3)),
)

NUMBERS: Mapping[str, tuple[int | float, ...]] = MappingProxyType(
    {name: values for names, values in _ROWS for name in names.split()}
)

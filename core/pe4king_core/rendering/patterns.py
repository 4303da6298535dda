"""Regular expressions for formats.

The expressions accept every valid value of the format (they may accept a few invalid ones), so
that an assertion made from them never fails on a correct answer. Sources: RFC 3339, RFC 9562,
RFC 5321, RFC 3986, RFC 6570, RFC 4291.
"""

from __future__ import annotations

FORMATS: dict[str, str] = {
    "uuid": r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}",
    "date": r"\d{4}-(?!02-3)[01]\d-[0-3]\d",
    "date-time": r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})",
    "time": r"\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})",
    "email": r".+@.+",
    "uri": r"[A-Za-z][A-Za-z0-9+.-]*:\S*",
    "uri-template": r"([^{}\s]|\{[^{}\s]+\})*",
    "duration": r"P[0-9YMWDTHS.,]+",
    "ipv4": r"\d{1,3}(\.\d{1,3}){3}",
    "ipv6": r"[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*",
    "hostname": r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?",
}

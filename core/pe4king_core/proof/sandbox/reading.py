"""What commands may read beside their scratch folder: what programs need to run at all."""

from __future__ import annotations

from pathlib import Path

_ETC = (
    "alternatives", "ca-certificates", "ca-certificates.conf", "crypto-policies", "fonts",
    "gai.conf", "group", "host.conf", "hosts", "java", "ld.so.cache", "ld.so.conf", "ld.so.conf.d",
    "locale.alias", "locale.conf", "localtime", "maven", "mime.types", "networks", "nsswitch.conf",
    "os-release", "passwd", "pki/ca-trust", "pki/java", "pki/tls/cert.pem", "pki/tls/certs",
    "pki/tls/openssl.cnf", "protocols", "python3", "resolv.conf", "services", "ssl/cert.pem",
    "ssl/certs", "ssl/openssl.cnf", "timezone",
)  # fmt: skip
_PLACES = (
    "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/opt", "/nix/store", "/proc",
    "/sys/devices/system", "/sys/fs/cgroup", "/sys/kernel/mm", "/run/systemd/resolve",
    "/System", "/Library",
)  # fmt: skip
_BINARIES = frozenset({"bin", "Scripts"})


def system_places() -> tuple[str, ...]:
    """Programs, libraries and settings of the system; nothing that is of a user, no passwords."""
    etc = Path("/etc")
    java = (str(path) for path in sorted(etc.glob("java-*")))
    return (*_PLACES, *(str(etc / name) for name in _ETC), *java)


def around(program: Path) -> tuple[str, ...]:
    """Where what belongs to a program is: above its `bin`, as it is called and as it really is."""
    found: dict[str, None] = {}
    for path in (program.absolute(), program.resolve()):
        prefix = path.parent.parent if path.parent.name in _BINARIES else path.parent
        if not Path.home().is_relative_to(prefix):
            found[str(prefix)] = None
        else:
            found[str(path)] = None
    return tuple(found)

"""Names of the groups of this user, where rights come with groups (Linux, macOS)."""

from __future__ import annotations

import os


def own_groups() -> frozenset[str]:
    """Return the names of the groups that this process is in.

    Raises:
        OSError: the system does not tell. A number without a name is left out.
    """
    import grp

    names = set()
    for number in {*os.getgroups(), os.getegid()}:
        try:
            names.add(grp.getgrgid(number).gr_name)
        except KeyError:
            continue
    return frozenset(names)

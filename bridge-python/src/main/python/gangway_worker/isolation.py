"""What a worker may do and as whom, settled before the application is imported."""

import grp
import os
import pwd
import resource

_LIMITS = {
    "limit-as": resource.RLIMIT_AS,
    "limit-nofile": resource.RLIMIT_NOFILE,
    "limit-cpu": resource.RLIMIT_CPU,
}


def apply(options):
    """Sets limits, umask, group and user; an absent option leaves things as they are.

    Raises LookupError for an unknown user or group, OSError or ValueError for what is not allowed.
    """
    for name, which in _LIMITS.items():
        if options.get(name):
            limit = int(options[name])
            resource.setrlimit(which, (limit, limit))
    if options.get("umask"):
        os.umask(int(options["umask"], 8))
    user = pwd.getpwnam(options["user"]) if options.get("user") else None
    group = grp.getgrnam(options["group"]).gr_gid if options.get("group") else None
    if group is None and user is not None:
        group = user.pw_gid
    if group is not None:
        if user is not None:
            os.initgroups(user.pw_name, group)
        else:
            os.setgroups([group])
        os.setgid(group)
    if user is not None:
        os.setuid(user.pw_uid)

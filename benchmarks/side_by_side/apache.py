"""Apache with mod_wsgi: a configuration for one run, in the foreground and for nobody else."""

import os
from pathlib import Path

MODULES = Path("/usr/lib/apache2/modules")
THREADS = 25


def _runs_as():
    """Apache refuses to serve as root; www-data then has to be able to read the sources."""
    return "User www-data\nGroup www-data" if os.geteuid() == 0 else ""


def _daemon(folder, workers):
    return f"""
WSGIRestrictEmbedded On
WSGISocketPrefix {folder}/wsgi
WSGIDaemonProcess site processes={workers} threads=1 python-path={{path}}
WSGIProcessGroup site"""


def configuration(port, folder, workers, daemon, path, script):
    """For the address 127.0.0.1:port; the application runs in Apache's processes or in daemons."""
    where = _daemon(folder, workers).format(path=path) if daemon else f"WSGIPythonPath {path}"
    return f"""
ServerRoot {folder}
ServerName 127.0.0.1
Listen 127.0.0.1:{port}
PidFile {folder}/apache.pid
DefaultRuntimeDir {folder}
ErrorLog /dev/stderr
LogLevel warn
LoadModule mpm_event_module {MODULES}/mod_mpm_event.so
LoadModule authz_core_module {MODULES}/mod_authz_core.so
LoadModule wsgi_module {MODULES}/mod_wsgi.so
{_runs_as()}
ServerLimit {workers}
StartServers {workers}
ThreadsPerChild {THREADS}
MaxRequestWorkers {workers * THREADS}
AsyncRequestWorkerFactor 16
MaxKeepAliveRequests 0
EnableSendfile On
WSGIEnableSendfile On
WSGIDontWriteBytecode On
WSGIApplicationGroup %{{GLOBAL}}
{where}
WSGIScriptAlias / {script}
<Directory />
  Require all granted
</Directory>
"""


def command(folder, text):
    """What to start for a configuration."""
    file = Path(folder) / "apache.conf"
    file.write_text(text)
    if os.geteuid() == 0:
        for part in (Path(folder), Path(folder).parent):
            part.chmod(0o755)
    return ["apache2", "-d", str(folder), "-f", str(file), "-DFOREGROUND"]

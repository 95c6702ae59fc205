"""nginx in front of a server, or alone with files: a configuration for one run."""

import os
from pathlib import Path

# How nginx reaches the server, and what makes it keep its connections to it.
_HTTP = "proxy_pass http://application; proxy_set_header Host $host;"
_KEPT = 'proxy_http_version 1.1; proxy_set_header Connection "";'
_UWSGI = "uwsgi_pass application; include /etc/nginx/uwsgi_params;"
_KEPT_CONNECTIONS = 128

PLACES = {
    "tcp": "nginx, TCP",
    "tcp-keep": "nginx, kept TCP",
    "unix": "nginx, Unix socket",
    "unix-keep": "nginx, kept Unix socket",
    "protocol": "nginx, uwsgi protocol, Unix socket",
}


def _application(place, upstream):
    """What is done for a place of PLACES: by default nginx closes each connection to the server."""
    kept = place.endswith("-keep")
    keep = f"keepalive {_KEPT_CONNECTIONS};" if kept else ""
    how = _UWSGI if place == "protocol" else _HTTP + (_KEPT if kept else "")
    return f"upstream application {{ server {upstream}; {keep} }}", f"location / {{ {how} }}"


def configuration(port, folder, workers, files=None, place=None, upstream=None):
    """For the address 127.0.0.1:port, with all that nginx writes in the folder."""
    upstreams, location = _application(place, upstream) if place else ("", "")
    if files:
        location += f" location /files/ {{ alias {files}/; }}"
    # Otherwise it would change to a user who may not enter the folder.
    user = "user root;" if os.geteuid() == 0 else ""
    paths = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "\n  ".join(f"{path}_temp_path {folder}/{path};" for path in paths)
    return f"""{user}
daemon off;
pid {folder}/nginx.pid;
error_log stderr;
worker_processes {workers};
events {{ worker_connections 1024; }}
http {{
  access_log off;
  sendfile on;
  tcp_nopush on;
  client_max_body_size 16m;
  {temporary}
  {upstreams}
  server {{ listen 127.0.0.1:{port}; {location} }}
}}
"""


def command(folder, text):
    """What to start for a configuration."""
    file = Path(folder) / "nginx.conf"
    file.write_text(text)
    return ["nginx", "-e", "stderr", "-p", str(folder), "-c", str(file)]

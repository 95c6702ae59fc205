"""What is measured, how it is asked, and how servers are configured."""

import contextlib
import io
import unittest
from pathlib import Path
from types import SimpleNamespace

import compare
from side_by_side import apache, nginx
from side_by_side.loads import MANY_COUNTED, USUAL, USUAL_NEW
from side_by_side.measure import command_line
from side_by_side.plan import PLACES, cells, estimate, more_warm_up_seconds
from side_by_side.servers import TITLES
from side_by_side.works import BY_NAME, MEBIBYTE, UPLOAD_BYTES, WORKS


def planned(*arguments):
    options = compare.parse(arguments)
    return [
        cell
        for application in ("hello", "django")
        for place in PLACES
        for cell in cells(application, place, options)
    ]


class PlanTest(unittest.TestCase):
    def test_every_server_and_every_work_is_measured(self):
        for arguments in ((), ("--quick",), ("--full",)):
            with self.subTest(arguments):
                plan = planned(*arguments)
                self.assertEqual({cell.server for cell in plan}, set(TITLES))
                self.assertEqual({cell.work for cell in plan}, set(WORKS))
                self.assertEqual(len(plan), len(set(plan)))

    def test_the_default_takes_an_hour_at_most(self):
        self.assertLess(estimate(compare.parse([])), 3600)

    def test_few_answers_are_warmed_up_for_longer(self):
        self.assertEqual(more_warm_up_seconds(12, 500_000), 0)
        self.assertEqual(more_warm_up_seconds(12, 24_000), 3)
        self.assertEqual(more_warm_up_seconds(12, 100), 12)
        self.assertEqual(more_warm_up_seconds(12, 0), 12)

    def test_a_quick_run_has_one_load_of_each_work(self):
        plan = planned("--quick", "--servers", "jetty")
        self.assertEqual(len(plan), len({cell.work for cell in plan}))

    def test_loads_can_be_chosen(self):
        loads = ("--connections", "1,256", "--keep-alive", "no,yes")
        plan = planned("--only", "hello", "--servers", "uwsgi@unix", *loads)
        self.assertEqual([cell.load.name for cell in plan], ["1-new", "256-new", "1", "256"])

    def test_large_files_go_to_few_clients(self):
        plan = planned("--only", "file-100", "--servers", "uwsgi", "--connections", "1,32,256")
        self.assertEqual([cell.load.connections for cell in plan], [1, 4])

    def test_servers_take_turns(self):
        plan = planned("--only", "hello", "--servers", "jetty,uwsgi", "--connections", "1,32")
        self.assertEqual([cell.server for cell in plan], ["jetty", "uwsgi"] * 2)

    def test_wrong_choices_are_told(self):
        for arguments in (["--only", "nothing"], ["--connections", "0"], ["--keep-alive", "some"]):
            with self.subTest(arguments), contextlib.redirect_stderr(io.StringIO()) as told:
                self.assertRaises(SystemExit, compare.parse, arguments)
                self.assertIn(arguments[0], told.getvalue())


class RequestTest(unittest.TestCase):
    def line(self, work, load, headers=(), body=None):
        server = SimpleNamespace(port=8000, request=lambda work: (headers, body))
        return command_line(server, work, 4, load, False)

    def test_wrk_gets_method_form_and_headers(self):
        line = self.line(BY_NAME["form"], USUAL_NEW, (("Cookie", "a=b"),), b"boat=Petrel")
        self.assertEqual(
            line[line.index("--") + 1 :],
            ["method=POST", "text=boat=Petrel", "header=Cookie: a=b", "header=Connection: close"],
        )
        self.assertIn("http://127.0.0.1:8000/bench/form", line)

    def test_an_upload_is_made_by_wrk_itself(self):
        line = self.line(BY_NAME["upload"], USUAL, (), b"g" * UPLOAD_BYTES)
        self.assertEqual(line[line.index("--") + 1 :], ["method=POST", f"bytes={UPLOAD_BYTES}"])

    def test_clients_are_counted_by_a_thread_each(self):
        line = self.line(BY_NAME["fair"], MANY_COUNTED)
        self.assertEqual(line[line.index("--threads") + 1], "256")
        self.assertEqual(line[-1], "count=each")

    def test_wrong_answers_are_seen(self):
        lines = b"".join(b"%03d " % number + b"." * 1019 + b"\n" for number in range(100))
        for name, right, wrong in (
            ("hello", b"Hello, world!\n", b"Hello, world?\n"),
            ("file-1", MEBIBYTE, MEBIBYTE[::-1]),
            ("stream", lines, lines.replace(b"007 ", b"008 ")),
            ("json", b'{"message": "Hello, harbour", "numbers": [0,1,2,3,4,5,6,7,8,9]}', b"{}"),
        ):
            with self.subTest(name):
                self.assertTrue(BY_NAME[name].right(right))
                self.assertFalse(BY_NAME[name].right(wrong))


class ConfigurationTest(unittest.TestCase):
    def test_nginx_closes_its_connections_unless_told_otherwise(self):
        text = nginx.configuration(8000, "/tmp/run", 2, place="tcp", upstream="127.0.0.1:9000")
        self.assertIn("server 127.0.0.1:9000;", text)
        self.assertNotIn("keepalive", text)
        kept = nginx.configuration(8000, "/tmp/run", 2, place="unix-keep", upstream="unix:/tmp/s")
        self.assertIn("keepalive 128;", kept)
        self.assertIn("proxy_http_version 1.1;", kept)

    def test_nginx_speaks_the_protocol_of_uwsgi(self):
        text = nginx.configuration(8000, "/tmp/run", 2, place="protocol", upstream="unix:/tmp/s")
        self.assertIn("uwsgi_pass application;", text)

    def test_mod_wsgi_has_as_many_processes_embedded_or_not(self):
        for daemon, text in ((False, "StartServers 2"), (True, "processes=2 threads=1")):
            with self.subTest(daemon=daemon):
                path = Path("/srv/site")
                made = apache.configuration(8000, "/tmp/run", 2, daemon, path, path / "site.py")
                self.assertIn(text, made)
                self.assertIn("WSGIScriptAlias / /srv/site/site.py", made)

"""What becomes of figures: ratios, goals, tables and charts."""

import unittest
import xml.etree.ElementTree as ElementTree
from argparse import Namespace

from side_by_side import Failure
from side_by_side.chart import chart
from side_by_side.goals import Goal, all_goals
from side_by_side.loads import USUAL, USUAL_NEW
from side_by_side.report import markdown
from side_by_side.results import Results, reference
from side_by_side.tables import number, spread

from .figures import figures, results

RATE = "requests_per_second"


class ResultsTest(unittest.TestCase):
    def test_a_ratio_is_the_median_of_the_rounds_ratios(self):
        found = Results()
        for mine, other in ((30.0, 10.0), (10.0, 10.0), (100.0, 50.0)):
            found.add("hello", "jetty", USUAL, figures(mine))
            found.add("hello", "uwsgi", USUAL, figures(other))
        self.assertEqual(found.ratio("hello", "jetty", RATE), 2.0)

    def test_there_is_no_ratio_without_both_figures(self):
        self.assertIsNone(results().ratio("hello", "tomcat", RATE))
        self.assertIsNone(results().ratio("hello", "jetty", RATE, load=USUAL_NEW))

    def test_servers_are_compared_in_the_same_place(self):
        for server, other in (
            ("tomcat", "uwsgi"),
            ("jetty@tcp-keep", "uwsgi@tcp"),
            ("gunicorn@unix", "uwsgi@unix"),
            ("uwsgi@protocol", "uwsgi@unix"),
        ):
            with self.subTest(server):
                self.assertEqual(reference(server), other)

    def test_raw_data_hold_every_measurement(self):
        self.assertEqual(sum(len(one["rounds"]) for one in results().raw()["figures"]), 27)


class GoalsTest(unittest.TestCase):
    def test_goals_are_answered_by_what_was_measured(self):
        goals = {goal.text: goal for goal in all_goals(results())}
        for text, measured, reached in (
            ("Python hello ≥ 2.00 × uWSGI", 2.0, True),
            ("Django, plain, CPU ≤ 0.90 × uWSGI", 1.0, False),
            ("p99.9 beside a 200 ms request ≤ 1.20 × alone", 1.1, True),
            ("256 connections, slowest client ≥ 0.50 × mean", 0.4, False),
            ("Python hello, nginx, Unix socket ≥ 0.80 × uWSGI there", 2.0, True),
            ("Python hello, nginx, Unix socket ≥ 0.80 × uWSGI by its protocol", 1.6, True),
            ("Django site, first answer ≤ 1.50 s", 1.4, True),
            ("Django site, JVM's memory under load ≤ 150 MiB", 140.0, True),
        ):
            with self.subTest(text):
                self.assertAlmostEqual(goals[text].measured, measured)
                self.assertEqual(goals[text].reached, reached)

    def test_what_was_not_measured_is_no_goal(self):
        self.assertNotIn("tomcat", {goal.server for goal in all_goals(results())})

    def test_a_bound_is_within_the_goal(self):
        self.assertTrue(Goal("", "jetty", 1.5, least=1.5).reached)
        self.assertFalse(Goal("", "jetty", 1.51, most=1.5).reached)


class MarkdownTest(unittest.TestCase):
    def report(self, **options):
        chosen = Namespace(**{"quick": False, "seconds": 4, "java_options": "", **options})
        return markdown({"date": "today", "uwsgi": ""}, chosen, results())

    def test_the_report_has_all_tables(self):
        report = self.report()
        for text in (
            "date today.",
            "3 interleaved rounds",
            "the machine was quiet",
            "| Python hello | Gangway on Jetty | 32 | 2 000 (1 800–2 200) | 2.00 |",
            "| Python hello | uWSGI (nginx, uwsgi protocol, Unix socket) | 32 | 1 250 | 1.25 |",
            "| 256 clients, kept alive | Gangway on Jetty | 0.40 |",
            "| Django site | Gangway on Jetty | 1.40 | 150 | 80.0 |",
            "| Python hello ≥ 2.00 × uWSGI | Gangway on Jetty | 2.00 | yes |",
        ):
            with self.subTest(text):
                self.assertIn(text, report)
        self.assertEqual(report.count("\n\n| "), 5)

    def test_a_smoke_run_reaches_no_goals(self):
        report = self.report(quick=True)
        self.assertIn("A smoke run", report)
        self.assertNotIn("| expected |", report)

    def test_a_failure_is_remembered_and_told(self):
        found, said = results(), []
        with found.attempt(said.append):
            raise Failure("waitress answers nothing.\nIts output: ...")
        chosen = Namespace(quick=False, seconds=4, java_options="")
        self.assertIn("- waitress answers nothing.\n", markdown({}, chosen, found))
        self.assertIn("Its output", said[0])

    def test_options_for_java_are_named(self):
        self.assertIn("`-Xmx96m`", self.report(java_options="-Xmx96m"))

    def test_numbers_have_three_digits(self):
        self.assertEqual([number(x) for x in (0.123, 12.34, 12345.6)], ["0.12", "12.3", "12 346"])
        self.assertEqual(spread([2.0, 1.0, 3.0]), "2.00 (1.00–3.00)")


class ChartTest(unittest.TestCase):
    def texts(self, picture):
        return [text.text for text in ElementTree.fromstring(picture).iter() if text.text]

    def test_each_server_has_a_bar_beside_the_line_of_uwsgi(self):
        texts = self.texts(chart(results(), subtitle="today & here"))
        self.assertIn("Requests per second relative to uWSGI", texts)
        self.assertIn("today & here", texts)
        self.assertEqual(texts.count("2.00"), 2)
        self.assertEqual(texts.count("Gangway on Jetty: 2.00"), 2)
        self.assertNotIn("uWSGI: 1.00", texts)

    def test_servers_behind_nginx_have_a_chart_of_their_own(self):
        texts = self.texts(chart(results(), fronted=True))
        self.assertIn("32 connections; by Unix socket", texts)
        self.assertIn("uWSGI by its own protocol", texts)

    def test_a_bar_that_is_too_long_is_cut(self):
        found = Results()
        found.add("hello", "jetty", USUAL, figures(9000.0))
        found.add("hello", "uwsgi", USUAL, figures(1000.0))
        self.assertIn("9.00 →", self.texts(chart(found)))

    def test_there_is_no_chart_without_a_ratio(self):
        self.assertIsNone(chart(Results()))

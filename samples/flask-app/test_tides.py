"""The tide tables, through Flask's own test client. Run with: python3 -m unittest"""

import unittest
from datetime import datetime, timezone

from tides import HIGH_WATER, PERIOD, application, high_waters


class TidesTest(unittest.TestCase):
    def setUp(self):
        self.client = application.test_client()

    def test_the_page_remembers_the_unit(self):
        self.assertIn(b"metres</strong>", self.client.get("/").data)
        answer = self.client.post("/unit", data={"unit": "feet"}, follow_redirects=True)
        self.assertIn(b"feet</strong>", answer.data)
        self.assertIn(b"feet</strong>", self.client.get("/").data)

    def test_an_unknown_unit_is_refused(self):
        self.assertEqual(self.client.post("/unit", data={"unit": "fathoms"}).status_code, 400)

    def test_links_hold_the_prefix_where_the_application_is_mounted(self):
        page = self.client.get("/", environ_overrides={"SCRIPT_NAME": "/flask"})
        self.assertIn(b'action="/flask/unit"', page.data)

    def test_the_level_as_json(self):
        answer = self.client.get("/level.json", query_string={"at": HIGH_WATER.isoformat()})
        self.assertEqual(answer.get_json()["metres"], 2.5)
        self.assertEqual(self.client.get("/level.json?at=noon").status_code, 400)

    def test_high_waters_follow_one_another(self):
        first, second = high_waters(datetime(2026, 7, 1, tzinfo=timezone.utc), 2)
        self.assertEqual(second - first, PERIOD)


if __name__ == "__main__":
    unittest.main()

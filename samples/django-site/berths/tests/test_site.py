"""The harbour, through Django's own test client."""

import hashlib
import shutil
import tempfile
from datetime import timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path

import django
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.test import Client, RequestFactory, TestCase, override_settings
from django.urls import get_script_prefix, set_script_prefix
from django.utils import timezone

from berths.models import Berth, Booking, Paper


class HarbourTest(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.berth = Berth.objects.create(
            pier="N", number=3, length=Decimal(12), depth=Decimal(3), price=Decimal(30)
        )
        cls.today = timezone.localdate()
        cls.office = get_user_model().objects.create_superuser("office", password="boathook")

    def booking(self, **changes):
        fields = {
            "berth": self.berth,
            "boat": "Petrel",
            "boat_length": Decimal("9.8"),
            "skipper": "Tom Whitaker",
            "email": "tom@example.org",
            "arrival": self.today,
            "departure": self.today + timedelta(days=2),
        }
        return Booking(**{**fields, **changes})


class SiteTest(HarbourTest):
    def form(self, **changes):
        return {
            "berth": self.berth.pk,
            "boat": "Blå Jungfrun",
            "boat_length": "11.5",
            "skipper": "Sven",
            "email": "sven@example.org",
            "arrival": self.today.isoformat(),
            "departure": (self.today + timedelta(days=3)).isoformat(),
            **changes,
        }

    def test_home_shows_who_lies_where(self):
        self.booking(state="confirmed").save()
        Berth.objects.create(pier="G", number=10, length=9, depth=2, price=20)
        page = self.client.get("/")
        self.assertContains(page, "Petrel")
        self.assertContains(page, "1 berth</strong> is free")
        self.assertContains(page, "/berths/G10/")

    def test_links_hold_the_prefix_where_the_site_is_mounted(self):
        self.addCleanup(set_script_prefix, get_script_prefix())
        environ = RequestFactory().get("/", SCRIPT_NAME="/site").environ
        page = b"".join(WSGIHandler()(environ, lambda status, headers: None)).decode()
        self.assertIn('href="/site/berths/N3/"', page)
        self.assertNotIn('href="/berths', page)

    def test_a_berth_has_a_page(self):
        self.assertContains(self.client.get("/berths/N3/"), "North pier")
        self.assertEqual(self.client.get("/berths/N4/").status_code, 404)

    def test_a_visitor_books_a_berth(self):
        answer = self.client.post("/book/", self.form(), follow=True)
        booking = Booking.objects.get()
        self.assertRedirects(answer, f"/bookings/{booking.reference}/")
        self.assertContains(answer, "Blå Jungfrun")
        self.assertContains(answer, "3 nights, 90.00")
        self.assertContains(answer, "will confirm your stay")

    def test_a_berth_is_not_booked_twice_in_a_night(self):
        self.booking().save()
        answer = self.client.post("/book/", self.form())
        self.assertContains(answer, "Berth N3 is taken in some of these nights.")
        after = self.form(
            arrival=(self.today + timedelta(days=2)).isoformat(),
            departure=(self.today + timedelta(days=3)).isoformat(),
        )
        self.assertEqual(self.client.post("/book/", after).status_code, 302)

    def test_a_form_with_mistakes_names_them(self):
        answer = self.client.post("/book/", self.form(boat_length="12.5"))
        self.assertContains(answer, "takes boats of up to 12.0 m")
        answer = self.client.post("/book/", self.form(departure=self.today.isoformat()))
        self.assertContains(answer, "must be after the arrival")
        yesterday = (self.today - timedelta(days=1)).isoformat()
        self.assertContains(self.client.post("/book/", self.form(arrival=yesterday)), "in the past")

    def test_a_form_without_the_token_is_refused(self):
        answer = Client(enforce_csrf_checks=True).post("/book/", self.form())
        self.assertContains(answer, "The form was not accepted", status_code=403)

    def test_the_office_needs_a_login_and_leaves_by_post(self):
        self.assertRedirects(self.client.get("/office/"), "/account/login/?next=/office/")
        answer = self.client.post(
            "/account/login/",
            {"username": "office", "password": "boathook", "next": "/office/"},
        )
        self.assertRedirects(answer, "/office/")
        self.assertRedirects(self.client.post("/account/logout/"), "/")
        self.assertEqual(self.client.get("/office/").status_code, 302)

    def test_a_paper_is_kept_with_its_checksum(self):
        media = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, media)
        self.client.force_login(self.office)
        content = bytes(range(256)) * 20_000
        with override_settings(MEDIA_ROOT=media):
            file = SimpleUploadedFile("forsikring.pdf", content)
            page = self.client.post(
                "/office/papers/", {"title": "Insurance", "file": file}, follow=True
            )
            paper = Paper.objects.get()
            self.assertContains(page, hashlib.sha256(content).hexdigest())
            self.assertEqual((paper.size, paper.name), (len(content), "forsikring.pdf"))
            self.assertEqual(paper.uploaded_by, self.office)
            download = self.client.get(f"/office/papers/{paper.pk}/file")
            self.assertEqual(b"".join(download.streaming_content), content)
            self.assertIn("forsikring.pdf", download["Content-Disposition"])
            self.assertEqual(download["Content-Length"], str(len(content)))
            download.close()

    @override_settings(LARGEST_PAPER=10)
    def test_a_paper_that_is_too_large_is_refused(self):
        self.client.force_login(self.office)
        file = SimpleUploadedFile("long.txt", b"eleven char")
        answer = self.client.post("/office/papers/", {"title": "Long", "file": file})
        self.assertContains(answer, "are taken")
        self.assertFalse(Paper.objects.exists())

    def test_the_logbook_is_streamed_line_by_line(self):
        for day in range(0, 8, 2):
            arrival = self.today + timedelta(days=day)
            self.booking(arrival=arrival, departure=arrival + timedelta(days=2)).save()
        self.client.force_login(self.office)
        answer = self.client.get("/office/logbook.csv")
        self.assertTrue(answer.streaming)
        lines = [part.decode() for part in answer.streaming_content]
        self.assertEqual(len(lines), 5)
        self.assertTrue(lines[0].startswith("reference,berth,boat"))
        self.assertIn(",N3,Petrel,", lines[1])

    def test_berths_as_json(self):
        self.booking().save()
        answer = self.client.get("/api/berths/").json()
        self.assertEqual(answer["day"], self.today.isoformat())
        self.assertEqual([b["free"] for b in answer["berths"]], [False])
        later = (self.today + timedelta(days=30)).isoformat()
        answer = self.client.get("/api/berths/", {"day": later}).json()
        self.assertEqual(answer["berths"][0]["url"], "http://testserver/berths/N3/")
        self.assertTrue(answer["berths"][0]["free"])
        wrong = self.client.get("/api/berths/", {"day": "soon"})
        self.assertContains(wrong, "not 'soon'", status_code=400)

    def test_a_missing_page_names_the_path(self):
        answer = self.client.get("/no/such/page/")
        self.assertContains(answer, "Nothing moored here", status_code=404)
        self.assertContains(answer, "/no/such/page/", status_code=404)

    def test_a_failure_shows_the_page_for_it(self):
        self.client.raise_request_exception = False
        with self.assertLogs("django.request", "ERROR"):
            answer = self.client.get("/bench/fail")
        self.assertContains(answer, "Something broke on our side", status_code=500)


class AdministrationTest(HarbourTest):
    def setUp(self):
        self.client.force_login(self.office)

    def test_every_list_and_form_opens(self):
        booking = self.booking()
        booking.save()
        for url in (
            "/admin/",
            "/admin/berths/berth/",
            f"/admin/berths/berth/{self.berth.pk}/change/",
            "/admin/berths/booking/?q=petrel",
            f"/admin/berths/booking/{booking.pk}/change/",
            "/admin/berths/paper/",
            "/admin/berths/paper/add/",
        ):
            with self.subTest(url):
                self.assertEqual(self.client.get(url).status_code, 200)

    def test_bookings_are_confirmed_and_cancelled_together(self):
        booking = self.booking()
        booking.save()
        for action, state in (("confirm", "confirmed"), ("cancel", "cancelled")):
            self.client.post(
                "/admin/berths/booking/", {"action": action, "_selected_action": [booking.pk]}
            )
            booking.refresh_from_db()
            self.assertEqual(booking.state, state)


class BenchmarkTest(TestCase):
    def test_every_view_answers(self):
        Berth.objects.create(pier="S", number=1, length=12, depth=3, price=30)
        for view, text in (
            ("plain", "Hello, harbour"),
            ("table", "<td>Boat 49</td>"),
            ("row", "S1: 12.0 m"),
            ("json", '"numbers": [0, 1'),
            ("wait?ms=1", "waited 1 ms"),
            ("version", django.__version__),
        ):
            with self.subTest(view):
                self.assertContains(self.client.get(f"/bench/{view}"), text)

    def test_form_wants_its_token_and_checks_its_fields(self):
        client = Client(enforce_csrf_checks=True)
        page = client.get("/bench/form")
        token = page.context["csrf_token"]
        posted = {"boat": "Petrel", "nights": "3"}
        self.assertEqual(client.post("/bench/form", posted).status_code, 403)
        posted["csrfmiddlewaretoken"] = str(token)
        self.assertContains(client.post("/bench/form", posted), "Petrel stays for 3 nights")
        posted["nights"] = "31"
        self.assertContains(client.post("/bench/form", posted), "A guest", status_code=400)

    def test_file_and_stream_give_all_their_bytes(self):
        folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, folder)
        (folder / "benchmark").mkdir()
        (folder / "benchmark" / "1.bin").write_bytes(b"harbour")
        with override_settings(MEDIA_ROOT=folder):
            answer = self.client.get("/bench/file/1")
            self.assertEqual(b"".join(answer.streaming_content), b"harbour")
            self.assertEqual(self.client.get("/bench/file/2").status_code, 404)
        chunks = list(self.client.get("/bench/stream").streaming_content)
        self.assertEqual([len(chunk) for chunk in chunks], [1024] * 100)

    def test_upload_tells_length_and_checksum(self):
        content = b"harbour" * 500_000
        answer = Client(enforce_csrf_checks=True).post(
            "/bench/upload", content, content_type="application/octet-stream"
        )
        self.assertEqual(
            answer.json(),
            {"length": len(content), "sha256": hashlib.sha256(content).hexdigest()},
        )


class SetupTest(TestCase):
    def test_setup_makes_everything_once(self):
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder)
        with override_settings(STATIC_ROOT=folder + "/static", MEDIA_ROOT=folder + "/media"):
            first, second = StringIO(), StringIO()
            call_command("setup", stdout=first)
            call_command("setup", stdout=second)
            self.assertTrue(Path(folder, "static/admin/css/base.css").is_file())
        self.assertIn("admin / gangway", first.getvalue())
        self.assertEqual(second.getvalue().strip(), "nothing to do")
        self.assertEqual(Berth.objects.count(), 24)
        self.assertTrue(self.client.login(username="admin", password="gangway"))
        for booking in Booking.objects.all():
            booking.full_clean()

    def test_no_migration_is_missing(self):
        call_command("makemigrations", check=True, dry_run=True, stdout=StringIO())

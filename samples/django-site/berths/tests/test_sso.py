"""Whom the server has logged in."""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import TestCase, override_settings

AUTHENTICATION = "django.contrib.auth.middleware.AuthenticationMiddleware"
TEMPLATES = [
    {
        **settings.TEMPLATES[0],
        "OPTIONS": {
            "context_processors": settings.TEMPLATES[0]["OPTIONS"]["context_processors"]
            + ["harbour.sso.logout_button"]
        },
    }
]


def middleware():
    behind = settings.MIDDLEWARE.index(AUTHENTICATION) + 1
    before, after = settings.MIDDLEWARE[:behind], settings.MIDDLEWARE[behind:]
    return [*before, "harbour.sso.ServerUserMiddleware", *after]


@override_settings(
    MIDDLEWARE=middleware(),
    AUTHENTICATION_BACKENDS=["harbour.sso.ServerUserBackend"],
    TEMPLATES=TEMPLATES,
)
class SingleSignOnTest(TestCase):
    def visit(self, name, authorities="", path="/office/", **more):
        return self.client.get(
            path, REMOTE_USER=name, **{"gangway.authorities": authorities}, **more
        )

    def user(self, name):
        return get_user_model().objects.get(username=name)

    def test_a_user_is_made_at_the_first_visit(self):
        self.assertContains(self.visit("kari", "ROLE_USER"), "Log out kari")
        self.assertFalse(self.user("kari").is_staff)

    def test_a_name_is_read_as_utf_8(self):
        self.visit("Håvard".encode().decode("latin-1"))
        self.assertTrue(self.user("Håvard"))

    def test_the_role_is_given_and_taken(self):
        self.visit("kari", "ROLE_USER,ROLE_ADMIN")
        self.assertTrue(self.user("kari").is_staff and self.user("kari").is_superuser)
        self.visit("kari", "ROLE_USER")
        self.assertFalse(self.user("kari").is_staff or self.user("kari").is_superuser)

    def test_an_escaped_comma_makes_no_role(self):
        self.visit("kari", "some%2CROLE_ADMIN")
        self.assertFalse(self.user("kari").is_staff)

    def test_the_session_ends_with_the_server_s(self):
        self.visit("kari")
        self.assertEqual(self.client.get("/office/").status_code, 302)

    def test_another_user_takes_over(self):
        self.visit("kari")
        self.assertContains(self.visit("admin"), "Log out admin")

    def test_the_button_logs_out_at_the_server(self):
        keys = {"url": "/logout", "parameter": "_csrf", "token": "abc"}
        page = self.visit("kari", **{"harbour.logout_" + key: keys[key] for key in keys})
        self.assertContains(page, 'action="/logout"')
        self.assertContains(page, 'name="_csrf" value="abc"')

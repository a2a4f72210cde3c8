"""The application as it is put together."""

from tests.web.conftest import Pages
from tracker.web.app import create_app


def test_applications_of_one_process_compile_a_template_once(pages: Pages) -> None:
    made = [app.jinja_env.get_template("base.html") for app in (pages.app, create_app(pages.tracker))]

    one, other = (template.root_render_func.__code__ for template in made)
    assert made[0] is not made[1]
    assert one is other

"""A mail says in the reader's language what comes round, how the partnership stands, and how to be rid of mails."""

import base64
import dataclasses
import datetime as dt
import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.config import from_env
from tracker.domain.dates import HistoricDate
from tracker.domain.matters import matter_of_occasion
from tracker.domain.occasions import Occasion, OccasionKind
from tracker.domain.organisation import Organisation
from tracker.domain.rules import About, Audience, Due, Lead, Rule, To, due_of
from tracker.domain.twins import Level, State, Twin, TwinState
from tracker.outputs.mail import Enclosure, Letterhead, Words, compose, enclosing, letter_of, payload_of, write
from tracker.outputs.reminder_letter import words_for
from tracker.outputs.unsubscribe import user_of

HEAD = Letterhead("https://tracker.example", "tracker@tracker.example", "secret")
WRITTEN = dt.datetime(2026, 11, 21, 7, tzinfo=dt.UTC)
COLOGNE = Twin(
    slug="cologne",
    names={"en": "Cologne", "de": "Köln", "ru": "Кёльн"},
    country="DE",
    states=(
        TwinState(level=Level.AGREEMENT, state=State.IN_FORCE),
        TwinState(level=Level.OFFICIAL, state=State.RESTING, since="2022-03-03"),
        TwinState(level=Level.CITIZENS, state=State.GOING_ON),
    ),
)
OSTRAVA = Twin(
    slug="ostrava",
    names={"en": "Ostrava", "de": "Ostrau", "ru": "Острава"},
    country="CZ",
    states=(
        TwinState(level=Level.AGREEMENT, state=State.ENDED, since="2022"),
        TwinState(level=Level.OFFICIAL, state=State.RESTING, since="2022"),
    ),
)
TWINS = {"cologne": COLOGNE, "ostrava": OSTRAVA}


ANNIVERSARY = Rule("anniversary", About.OCCASION, (Lead(-7), Lead(0)), (Audience(To.FOLLOWERS),))


def reminder(twin: str, edtf: str, day: dt.date) -> Due:
    occasion = Occasion(f"founding:{twin}", OccasionKind.TWINNING, (twin,), HistoricDate.parse(edtf))
    matter = matter_of_occasion([(occasion, WRITTEN)], occasion.key, day.year)
    assert matter is not None
    return next(due for due in due_of(ANNIVERSARY, matter) if due.day == day)


def of_cologne(language: str, today: dt.date) -> Words:
    return words_for(
        reminder("cologne", "1988-11-28", dt.date(2026, 11, 21)), language, TWINS, today, "https://tracker.example"
    )


def content(words: Words) -> bytes:
    return compose(write(words, HEAD, key="reminder:7", user_id=3, to="anna@example.org", name="Anna Weiß"), WRITTEN)


def read(data: bytes) -> EmailMessage:
    """A message as it is read at the other end, where lines end with a single sign."""
    return message_from_bytes(data.replace(b"\r\n", b"\n"), EmailMessage, policy=policy.default)


def sent(words: Words) -> EmailMessage:
    return read(content(words))


def part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content())


@pytest.mark.parametrize(
    ("language", "subject", "lines"),
    [
        (
            "en",
            (
                "In 7 days: 38th anniversary of the twinning Cologne – Volgograd "
                "(official contacts resting since 3 March 2022)"
            ),
            [
                "Saturday, 28 November 2026 – in 7 days",
                "Official contacts resting since 3 March 2022. Contacts between citizens go on.",
                "It happened: on 28 November 1988",
                "This is the reminder 7 days before. You get it because reminders by mail are switched on for you.",
            ],
        ),
        (
            "de",
            (
                "In 7 Tagen: 38. Jahrestag der Städtepartnerschaft Köln – Wolgograd "
                "(offizielle Kontakte ruhen seit dem 3. März 2022)"
            ),
            [
                "Samstag, 28. November 2026 – in 7 Tagen",
                "Offizielle Kontakte ruhen seit dem 3. März 2022. Die Kontakte der Bürger gehen weiter.",
                (
                    "Dies ist die Erinnerung 7 Tage vorher. "
                    "Sie erhalten sie, weil Erinnerungen per E-Mail für Sie eingeschaltet sind."
                ),
            ],
        ),
        (
            "ru",
            (
                "Через 7 дней: 38-я годовщина побратимских связей: Кёльн – Волгоград "
                "(официальные контакты приостановлены с 3 марта 2022 года)"
            ),
            [
                "Официальные контакты приостановлены с 3 марта 2022 года. Контакты между гражданами продолжаются.",
                "Это напоминание за 7 дней. Вы получаете его, потому что у вас включены напоминания по почте.",
            ],
        ),
    ],
)
def test_the_mail_of_cologne_in_three_languages(language: str, subject: str, lines: list[str]) -> None:
    message = sent(of_cologne(language, dt.date(2026, 11, 21)))

    assert message["Subject"] == subject
    for line in lines:
        assert line in part(message, "plain").splitlines()
        assert line.split(": ")[-1] in part(message, "html")
    assert "https://tracker.example/twins/cologne" in part(message, "plain")


@pytest.mark.parametrize(
    ("language", "days", "opening"),
    [
        ("en", 1, "In 1 day: "), ("en", 2, "In 2 days: "), ("de", 1, "In 1 Tag: "), ("de", 22, "In 22 Tagen: "),
        ("ru", 1, "Через 1 день: "), ("ru", 3, "Через 3 дня: "), ("ru", 5, "Через 5 дней: "),
        ("ru", 11, "Через 11 дней: "), ("ru", 22, "Через 22 дня: "), ("ru", 21, "Через 21 день: "),
        ("ru", 0, "Сегодня: "), ("ru", -1, "Вчера: "),
    ],
)  # fmt: skip
def test_days_are_counted_as_each_language_counts(language: str, days: int, opening: str) -> None:
    assert of_cologne(language, dt.date(2026, 11, 28) - dt.timedelta(days)).subject.startswith(opening)


def test_an_ended_agreement_is_said_to_be_ended() -> None:
    words = words_for(reminder("ostrava", "2010-02-01", dt.date(2027, 2, 1)), "en", TWINS, dt.date(2027, 2, 1), "")

    assert words.subject.endswith("(agreement ended in 2022)")
    assert words.paragraphs == ("Agreement ended in 2022.",)
    assert ("Agreement", "ended in 2022") in words.facts


@pytest.mark.parametrize(("citizens", "asked"), [(State.GOING_ON, True), (None, True), (State.ENDED, False)])
def test_the_association_is_asked_while_officials_rest(citizens: State | None, asked: bool) -> None:
    kept = [level for level in COLOGNE.states if level.level is not Level.CITIZENS]
    kept += [TwinState(level=Level.CITIZENS, state=citizens)] if citizens else []
    twin = COLOGNE.model_copy(update={"states": tuple(kept)})
    due = reminder("cologne", "1988-11-28", dt.date(2026, 11, 21))
    due = dataclasses.replace(due, rule=dataclasses.replace(due.rule, task=True))

    words = words_for(due, "en", {"cologne": twin}, dt.date(2026, 11, 21), "")

    assert any("write to the association" in said for said in words.paragraphs) is asked


def test_nothing_is_said_of_citizens_where_nobody_recorded_it() -> None:
    words = words_for(reminder("ostrava", "2010-02-01", dt.date(2027, 2, 1)), "de", TWINS, dt.date(2027, 2, 1), "")

    assert not any("Bürger" in text for text in (*words.paragraphs, *(label for label, _ in words.facts)))


def test_the_headers_are_those_that_mail_programs_ask_for() -> None:
    message = sent(of_cologne("de", dt.date(2026, 11, 21)))

    assert str(message["From"]) == "tracker <tracker@tracker.example>"
    assert message["To"].addresses[0].display_name == "Anna Weiß"
    assert message["Date"].datetime == WRITTEN
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Content-Language"] == "de"
    address = str(message["List-Unsubscribe"]).strip(" <>")
    assert address.startswith("https://tracker.example/unsubscribe/")
    assert user_of(address.rsplit("/", 1)[1], "secret") == 3
    assert address in part(message, "plain")


def test_every_try_sends_the_same_bytes_and_another_delivery_another_id() -> None:
    words = of_cologne("ru", dt.date(2026, 11, 21))
    letter = write(words, HEAD, key="reminder:7", user_id=3, to="a@example.org", name="")
    other = write(words, HEAD, key="reminder:8", user_id=3, to="a@example.org", name="")

    again = letter_of(payload_of(letter))

    assert compose(letter, WRITTEN) == compose(again, WRITTEN)
    assert letter.message_id != other.message_id


def test_the_bytes_pass_any_server() -> None:
    data = content(of_cologne("ru", dt.date(2026, 11, 21)))

    assert data.isascii()
    assert data.count(b"\n") == data.count(b"\r\n")
    assert max(map(len, data.splitlines())) <= 998


@given(st.text("aä=.?_ \t\n–漢🙂\r", max_size=200), st.text("<b>=.äж \n", max_size=200))
def test_any_text_arrives_as_it_was_written(text: str, html: str) -> None:
    letter = write(Words("ru", "x", "x", "x"), HEAD, key="k", user_id=1, to="a@example.org", name="")

    message = read(compose(dataclasses.replace(letter, text=text, html=html), WRITTEN))

    assert not message.defects
    assert part(message, "plain").encode().splitlines() == (text.encode().splitlines() or [b""])
    if html:
        assert part(message, "html").encode().splitlines() == html.encode().splitlines()


def test_documents_go_along_whole_and_under_their_names() -> None:
    letter = write(of_cologne("de", dt.date(2026, 11, 21)), HEAD, key="k", user_id=1, to="a@example.org", name="")
    names = {1: "report.pdf", 2: f"Отчёт {'о сотрудничестве ' * 8}за 2026 год.pdf"}
    data = {1: bytes(range(256)) * 9, 2: b"--=_part_mixed--\r\n.\r\n"}
    letter = enclosing(letter, *(Enclosure(number, name, "application/pdf") for number, name in names.items()))

    written = compose(letter, WRITTEN, data)

    message = read(written)
    assert [(one.get_filename(), one.get_content()) for one in message.iter_attachments()] == [
        (names[number], data[number]) for number in (1, 2)
    ]
    assert message["Content-Language"] == "de"
    assert part(message, "plain") == part(read(compose(dataclasses.replace(letter, enclosed=()), WRITTEN)), "plain")
    assert max(map(len, written.splitlines())) <= 998
    with pytest.raises(KeyError):
        compose(letter, WRITTEN, {1: data[1]})


@pytest.mark.parametrize("language", ["en", "de", "ru"])
def test_a_long_subject_arrives_word_for_word(language: str) -> None:
    words = of_cologne(language, dt.date(2026, 11, 21))

    data = content(words)

    assert read(data)["Subject"] == words.subject
    assert max(len(line) for line in data.partition(b"\r\n\r\n")[0].split(b"\r\n")) <= 78


@given(st.lists(st.text("абвгдежзё äß漢字🙂,;:-", min_size=1, max_size=12), min_size=1, max_size=25))
def test_any_subject_arrives_as_it_was_written(words: list[str]) -> None:
    subject = " ".join(" ".join(words).split()) or "–"

    data = content(Words("ru", subject=subject, heading="x", lead="x"))

    assert read(data)["Subject"] == subject
    for word in re.findall(rb"=\?utf-8\?b\?(.*)\?=", data):
        base64.b64decode(word).decode()  # each by itself (RFC 2047, 5)


def test_an_address_in_other_letters_is_written_as_it_is() -> None:
    letter = write(Words("ru", "x", "x", "x"), HEAD, key="k", user_id=1, to="anna@пример.рф", name="Анна")

    assert "To: =?utf-8?b?0JDQvdC90LA=?=\r\n <anna@пример.рф>\r\n".encode() in compose(letter, WRITTEN)


def test_what_people_typed_can_neither_add_a_header_nor_a_tag() -> None:
    bad = "<script>x</script>\r\nBcc: all@example.org"
    words = Words("en", subject=bad, heading=bad, lead=bad)

    message = read(compose(write(words, HEAD, key="k", user_id=1, to="a@example.org", name=bad), WRITTEN))

    assert message["Bcc"] is None
    assert "<script>" not in part(message, "html")


def test_no_control_sign_of_a_title_gets_into_a_header_but_joined_signs_stay() -> None:
    message = sent(Words("en", "A\x07 bell\x1b[2J\tfor 👨\u200d👩\u200d👧", "x", "x"))

    assert message["Subject"] == "A bell [2J for 👨\u200d👩\u200d👧"


@pytest.mark.parametrize("between", ["\r\n", "\n", "\r"])
def test_no_field_can_add_a_header(between: str) -> None:
    letter = write(Words("en", "x", "x", "x"), HEAD, key="k", user_id=1, to="a@example.org", name="")

    with pytest.raises(ValueError, match="one line"):
        compose(dataclasses.replace(letter, language=f"en{between}Bcc: all@example.org"), WRITTEN)


def test_what_is_no_mail_address_is_refused_before_anything_is_queued() -> None:
    with pytest.raises(ValueError, match="addr"):
        write(of_cologne("en", dt.date(2026, 11, 21)), HEAD, key="k", user_id=1, to="nobody", name="")


def test_the_html_is_well_formed_and_asks_no_other_host() -> None:
    class Reader(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.open: list[str] = []
            self.links: list[str] = []

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            self.links += [value or "" for name, value in attrs if name in ("href", "src")]
            if tag not in ("meta", "br"):
                self.open.append(tag)

        def handle_endtag(self, tag: str) -> None:
            assert self.open.pop() == tag

    reader = Reader()
    reader.feed(part(sent(of_cologne("de", dt.date(2026, 11, 21))), "html"))

    assert reader.open == []
    assert len(reader.links) == 2
    assert all(link.startswith("https://tracker.example/") for link in reader.links)


@pytest.mark.parametrize(
    ("environ", "sender"),
    [
        ({"BASE_URL": "https://twins.example.org:8443/x"}, "tracker@twins.example.org"),
        ({"BASE_URL": "http://127.0.0.1:8000"}, "tracker@[127.0.0.1]"),
        ({"SMTP_URL": "smtp://mx.example.org?from=verein@example.org"}, "verein@example.org"),
    ],
)
def test_the_sender_is_told_with_the_server_or_follows_from_the_address(environ: dict[str, str], sender: str) -> None:
    assert Letterhead.of(from_env(environ), "secret").sender == sender


def test_a_mail_from_an_address_in_numbers_can_be_written() -> None:
    head = Letterhead.of(from_env({}), "secret")
    words = of_cologne("en", dt.date(2026, 11, 21))

    message = read(compose(write(words, head, key="k", user_id=1, to="admin@localhost", name=""), WRITTEN))

    assert str(message["Message-ID"]).endswith("@[127.0.0.1]>")


def test_a_mail_says_whose_it_is_and_its_answer_goes_there() -> None:
    house = Organisation({"de": "Verein", "ru": "Общество"}, "Weg 1\n50667 Köln", "Köln", "verein@example.org")
    words = of_cologne("ru", dt.date(2026, 11, 21))

    letter = write(words, HEAD.of_house(house), key="reminder:7", user_id=3, to="anna@example.org", name="Anna")
    message = read(compose(letter, WRITTEN))

    assert str(message["From"]) == "Общество <tracker@tracker.example>"
    assert (message["Reply-To"], message["Auto-Submitted"]) == ("verein@example.org", "auto-generated")
    assert part(message, "plain").endswith("Общество\nWeg 1\n50667 Köln\nverein@example.org\n")
    assert "50667 Köln<br>verein@example.org" in part(message, "html")
    assert (sent(words)["From"], sent(words)["Reply-To"]) == ("tracker <tracker@tracker.example>", None)


def test_a_message_id_is_the_same_for_the_same_delivery_and_not_to_be_guessed() -> None:
    def named(head: Letterhead, key: str) -> str:
        return write(Words("en", "a", "a", "a"), head, key=key, user_id=3, to="anna@example.org", name="").message_id

    other = Letterhead(HEAD.base_url, HEAD.sender, "another secret")

    assert named(HEAD, "reminder:7") == named(HEAD, "reminder:7") != named(HEAD, "reminder:8")
    assert named(other, "reminder:7") != named(HEAD, "reminder:7")

"""The words that a line or a pasted cell may say a kind, a status, a number's label or an office with.

Beginnings of folded words, in German, Russian and English, each with what is stored for it. Longer ones stand first,
so that a school exchange is told from an exchange.
"""

import re
from collections.abc import Mapping

from tracker.domain.activities import Direction, Kind, Status
from tracker.domain.search import fold

KINDS: tuple[tuple[str, Kind, str], ...] = (
    ("schuleraustausch|schulaustausch|school exchange|школьн\\w* обмен", Kind.EXCHANGE, "school exchange"),
    ("jugendaustausch|youth exchange|молодежн\\w* обмен", Kind.EXCHANGE, "youth visit"),
    ("jugendlager|jugendcamp|ferienlager|youth camp|summer camp|молодежн\\w* лагер", Kind.EXCHANGE, "youth camp"),
    ("hochschulaustausch|studierendenaustausch|studentenaustausch", Kind.EXCHANGE, "university exchange"),
    ("university exchange|student exchange|студенческ\\w* обмен", Kind.EXCHANGE, "university exchange"),
    ("burgerreise|burgerfahrt|citizens trip|поездк\\w* горожан|поездк\\w* жителей", Kind.EXCHANGE, "citizens' trip"),
    ("friendship train|freundschaftszug|поезд\\w* дружбы", Kind.EXCHANGE, "friendship train"),
    ("turnier|sportfest|fussball|tournament|турнир|соревнован", Kind.EXCHANGE, "sport"),
    ("austausch|exchange|обмен", Kind.EXCHANGE, ""),
    ("hilfskonvoi|lkw-konvoi|truck convoy|convoy|автоколонн", Kind.AID_SHIPMENT, "truck convoy"),
    ("spendenaktion|spendensammlung|fundrais|сбор\\w* средств", Kind.AID_SHIPMENT, "fundraising"),
    ("spende|geldspende|donation|пожертвован", Kind.AID_SHIPMENT, "donation"),
    ("hilfstransport|hilfslieferung|hilfsguter|hilfsgut|hilfssendung", Kind.AID_SHIPMENT, ""),
    ("aid shipment|aid transport|humanitarian aid|relief shipment", Kind.AID_SHIPMENT, ""),
    ("гуманитарн\\w* (?:помощ|груз|конво)|доставк\\w* помощи|груз\\w* помощи", Kind.AID_SHIPMENT, ""),
    ("tanzfestival|dance festival|фестивал\\w* танца", Kind.FESTIVAL, "dance festival"),
    ("online-festival|online festival|онлайн-фестивал", Kind.FESTIVAL, "online festival"),
    ("konzert|concert|концерт", Kind.FESTIVAL, "concert"),
    ("ausstellung|vernissage|exhibition|выставк", Kind.FESTIVAL, "exhibition"),
    ("zirkus|circus|цирк", Kind.FESTIVAL, "circus"),
    ("karneval|carnival|карнавал", Kind.FESTIVAL, "carnival"),
    ("vortrag|lecture|лекци", Kind.FESTIVAL, "lecture"),
    ("podiumsdiskussion|panel discussion", Kind.FESTIVAL, "panel discussion"),
    ("tag der partnerstadt|stadtetag|twin city day|ден\\w* город\\w*-побратим", Kind.FESTIVAL, "twin city day"),
    ("festival|sommerfest|stadtfest|fest|фестивал|праздник", Kind.FESTIVAL, ""),
    ("offizieller besuch|official visit|официальн\\w* визит", Kind.DELEGATION, "official visit"),
    ("vorstandsreise|board visit", Kind.DELEGATION, "board visit"),
    ("wirtschaftsdelegation|business visit|business delegation", Kind.DELEGATION, "business visit"),
    ("делов\\w* (?:визит|мисси)", Kind.DELEGATION, "business visit"),
    ("konferenz|conference|конференци", Kind.DELEGATION, "conference"),
    ("delegation|besuch|staatsbesuch|visit|делегаци|визит", Kind.DELEGATION, ""),
    ("stadtepartnerschaft|partnerschaftsvertrag|vertragsunterzeichnung", Kind.MILESTONE, "agreement signing"),
    ("agreement signing|подписан\\w* (?:соглашен|договор)", Kind.MILESTONE, "agreement signing"),
    ("partnerschaftsjubilaum|jubilaum|jahrestag|anniversary|юбиле|годовщин", Kind.MILESTONE, "anniversary"),
    ("strassenbenennung|street naming|наименован\\w* улиц", Kind.MILESTONE, "street naming"),
    ("baumpflanzung|tree planting|посадк\\w* дерев", Kind.MILESTONE, "tree planting"),
    ("gastgeschenk|geschenk|gift|подар", Kind.MILESTONE, "gift"),
    ("preisverleihung|auszeichnung|award|награжден", Kind.MILESTONE, "award"),
    ("gedenkfeier|gedenken|kranzniederlegung|commemoration", Kind.MILESTONE, "commemoration"),
    ("памятн\\w* церемони|возложен", Kind.MILESTONE, "commemoration"),
    ("meilenstein|abkommen|vertrag|milestone|agreement|treaty|соглашен|договор|событи", Kind.MILESTONE, ""),
)  # fmt: skip

LABELS: tuple[tuple[str, str], ...] = (
    ("teilnehme|teilnehmend|personen|person|leute|participants?|people|persons?|участни|человек|чел", "participants"),
    ("reisende|mitreisende|travell?ers?|путешественни", "travellers"),
    ("schuler|pupils?|школьни|учени|учащи", "pupils"),
    ("student|studierende|студент", "students"),
    ("besucher|visitors?|посетител", "visitors"),
    ("gaste|gast|guests?|гост", "guests"),
    ("zuschauer|zuhorer|publikum|spectators?|audience|зрител|слушател", "audience"),
    ("ehrenamtliche|freiwillige|helfer|volunteers?|волонтер|доброволь", "volunteers"),
    ("kunstler|musiker|artists?|musicians?|артист|музыкант|художни", "artists"),
    ("begunstigte|bedachte|beneficiar|нуждающи", "beneficiaries"),
    ("kinder|kind|children|child|дет", "children"),
    ("jugendliche|young people|молодых людей", "young people"),
    ("delegierte|mitglieder|delegates?|members|делегат|член", "members"),
)  # fmt: skip

STATUSES: tuple[tuple[str, Status], ...] = (
    ("abgesagt|fallt aus|ausgefallen|cancell?ed|отменен|отмена", Status.CANCELLED),
    ("verschoben|vertagt|postponed|перенесен", Status.POSTPONED),
    ("bestatigt|confirmed|подтвержден", Status.CONFIRMED),
    ("geplant|planned|запланирован|планируется", Status.PLANNED),
    ("stattgefunden|durchgefuhrt|took place|held|состоял|проведен", Status.HELD),
)
DIRECTIONS: tuple[tuple[str, Direction], ...] = (
    ("nach wolgograd|to volgograd|to hub|в волгоград", Direction.TO_HUB),
    ("aus wolgograd|from volgograd|from hub|из волгограда", Direction.FROM_HUB),
    ("gegenseitig|beide richtungen|hin und zuruck|both ways|mutual|в обе стороны|взаимн", Direction.MUTUAL),
    ("online|drittort|third place|elsewhere|онлайн|в третьем", Direction.ELSEWHERE),
    ("niemand reist|nobody|keine|none|никто", Direction.NONE),
)

OFFICE = re.compile(
    r"(?<!\w)(?:(?:Alt-?|Ober|Vize|stellv\.\s*|Stellvertretend\w+\s+)?[Bb]ürgermeister(?:in)?|OB(?:in)?"
    r"|(?:Lord |Deputy |Vice[- ]|Former )*Mayor|Landr[aä]t(?:in)?|Stadtr[aä]t(?:in)?|Ratsherr|Gouverneur(?:in)?"
    r"|Governor|Botschafter(?:in)?|Ambassador|Consul|Konsul(?:in)?|Präsident(?:in)?|President|Minister(?:in)?"
    r"|Vorsitzende[rn]?"
    r"|Chair(?:man|woman|person)?|[Вв]ице-мэр\w*|[Мм]эр(?:а|ом|у)?|[Гг]лав(?:а|ы|ой|у)(?=\s)|[Гг]убернатор(?:а|ом|у)?"
    r"|[Пп]ос(?:ол|ла|лом)(?!\w)|[Пп]редседател(?:ь|я|ем|ю)|[Бб]ургомистр\w*)(?!\w)"
)

PREPOSITIONS = {
    "to": frozenset(("nach", "to", "в", "во", "richtung")),
    "from": frozenset(("aus", "from", "из")),
    "in": frozenset(("in", "at", "im", "в", "во")),
}

CURRENCIES: Mapping[str, str] = {
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "евро": "EUR",
    "£": "GBP", "gbp": "GBP", "pfund": "GBP", "pound": "GBP", "pounds": "GBP", "фунтов": "GBP", "фунта": "GBP",
    "$": "USD", "usd": "USD", "dollar": "USD", "dollars": "USD", "долларов": "USD", "доллара": "USD",
    "₽": "RUB", "rub": "RUB", "rubel": "RUB", "roubles": "RUB", "rubles": "RUB", "рублей": "RUB", "рубля": "RUB",
    "руб": "RUB", "dm": "DEM", "mark": "DEM", "dem": "DEM", "chf": "CHF", "jpy": "JPY", "yen": "JPY",
}  # fmt: skip
TONNES = frozenset(("t", "tonne", "tonnen", "tons", "ton", "tonnes", "т", "тонн", "тонна", "тонны"))
KILOGRAMS = frozenset(("kg", "kilo", "kilogramm", "kilograms", "кг", "килограмм", "килограмма", "килограммов"))


def pattern(beginnings: str) -> re.Pattern[str]:
    """Finds a word that begins so in a folded text, up to its end."""
    return re.compile(rf"(?<!\w)(?:{beginnings})\w*")


KIND_PATTERNS = tuple((pattern(words), kind, subtype) for words, kind, subtype in KINDS)
STATUS_PATTERNS = tuple((pattern(words), status) for words, status in STATUSES)
_LABEL_PATTERNS = tuple((pattern(words), label) for words, label in LABELS)
_DIRECTION_PATTERNS = tuple((pattern(words), direction) for words, direction in DIRECTIONS)


def label_of(word: str) -> str | None:
    """What a counted word is stored as."""
    return next((label for words, label in _LABEL_PATTERNS if words.fullmatch(fold(word))), None)


def kind_of(text: str) -> tuple[Kind, str] | None:
    """The kind and sort that a text says, by the first word in it that says one."""
    found = [(match.start(), n) for n, (words, _, _) in enumerate(KIND_PATTERNS) if (match := words.search(fold(text)))]
    return KIND_PATTERNS[min(found)[1]][1:] if found else None


def status_of(text: str) -> Status | None:
    return next((status for words, status in STATUS_PATTERNS if words.search(fold(text))), None)


def direction_of(text: str) -> Direction | None:
    return next((direction for words, direction in _DIRECTION_PATTERNS if words.search(fold(text))), None)

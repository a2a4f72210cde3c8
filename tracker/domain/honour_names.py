"""What the registry's honours are called in each language; a name that somebody typed stands as it is. Pure.

Streets of Volgograd are called as a reader’s language says them; those elsewhere keep the name on their signs, the
asteroid the one that astronomy gave it.
"""

from tracker.i18n import N_

HONOUR_NAMES = {
    text: text
    for text in (
        N_("Port Said Street"),
        N_("Coventry Street"),
        N_("Coventry Square"),
        N_("Hiroshima Street"),
        N_("Liège Street"),
        N_("Sevastopolskaya Street"),
        N_("Volgograd Place (first site)"),
        N_("Volgograd Place (present site)"),
        N_("Volgograd or Stalingrad Street"),
        N_("Volgograd Square"),
        N_("Stalingrad Battle Square"),
        N_("167 places named after Stalingrad"),
        N_('Star in Virgo certified as "Volgograd"'),
        N_('Tram "Wolgograd"'),
        N_("Dogwood K-48"),
        N_("Peace Bell"),
        N_("Coventry Award of Merit for Volgograd"),
        N_("Special honorary citizen of Hiroshima: Mayor Valery Vasilkov"),
        N_("Honorary citizen of Volgograd: Queen Elizabeth the Queen Mother"),
        N_("Volgograd Day"),
        N_("Russian Community Day"),
        N_("City name Stalingrad on nine days of remembrance"),
        N_("Flag of Honour of the Council of Europe"),
        N_("Park of the twin cities (planned)"),
    )
}

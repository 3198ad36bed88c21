"""Spanish verbs of reaching, ceasing and removing, in all the forms that a request is made of, accents folded.

A request in Spanish is an imperative, a subjunctive or an infinitive, with its pronouns hung on behind; what is told as
done is a past tense. So the forms are made here, and the past tenses are none of them.
"""

from typing import Final

_CLITICS: Final = ["me", "nos", "le", "les", "lo", "los", "la", "las", "melo", "melos", "mela", "melas", "se"]


def _wishes(stem: str, soft: str = "", ir: bool = False) -> list[str]:
    """Subjunctives, present and past: "mande, manden, mandes", "mandara, mandaran". `soft`: the stem before e or a."""
    near = soft or stem
    ends = ("a", "an", "as", "amos", "ais") if ir else ("e", "en", "es", "emos", "eis")
    past = ("iera", "ieran", "ieras") if ir else ("ara", "aran", "aras")
    return [*(near + end for end in ends), *(stem + end for end in past)]


def _bare(stem: str, kind: str = "ar") -> list[str]:
    """Infinitives and gerunds, with and without pronouns: "mandar, mandarme", "mandando, mandandome"."""
    bare = (stem + kind, stem + ("ando" if kind == "ar" else "iendo"))
    return [*bare, *(form + clitic for form in bare for clitic in _CLITICS)]


def _orders(stem: str, soft: str = "", ir: bool = False) -> list[str]:
    """Imperatives with their pronouns: "quiteme, quitenme, quitame"."""
    near = soft or stem
    ends = ("a", "an", "e") if ir else ("e", "en", "a")
    return [near + end + clitic if end != ends[2] else stem + end + clitic for end in ends for clitic in _CLITICS]


def _all(stem: str, soft: str = "", kind: str = "ar") -> list[str]:
    return [*_wishes(stem, soft, kind != "ar"), *_bare(stem, kind), *_orders(stem, soft, kind != "ar")]


_REACHING: Final = (
    ("escrib", "", "ir"),
    ("insist", "", "ir"),
    *(
        (stem, "", "ar")
        for stem in [
            "mand",
            "envi",
            "tex",
            "text",
            "texte",
            "textie",
            "texti",
            "mensaj",
            "mensaje",
            "contact",
            "molest",
            "fastidi",
        ]
    ),
    *((stem, "", "ar") for stem in ["acos", "spame", "whatsapp", "watsape", "guasape"]),
    *(("hostig", "hostigu", "ar"), ("comunic", "comuniqu", "ar"), ("notific", "notifiqu", "ar")),
)
# Reaching, but of other things as well: houses are looked for, lists hold them, guests arrive.
_MAYBE: Final = (
    *((stem, "", "ar") for stem in ["tir", "pregunt", "ofert", "mostr", "agreg", "met"]),
    *(("busc", "busqu", "ar"), ("agreg", "agregu", "ar"), ("anad", "", "ir"), ("consider", "", "ar")),
    *(("inclu", "incluy", "ir"), ("ofrec", "ofrezc", "er"), ("promocion", "", "ar")),
)
_COMING: Final = (("lleg", "llegu", "ar"), ("entr", "", "ar"), ("ca", "caig", "er"), ("aparec", "aparezc", "er"))
_CEASING: Final = (
    *((stem, "", "ar") for stem in ["ces", "dej", "par", "termin", "acab", "cort", "evit", "pausa", "par"]),
    *(("suspend", "", "er"), ("interrump", "", "ir"), ("desactiv", "", "ar"), ("bloque", "", "ar")),
    *(("finaliz", "finalic", "ar"), ("deten", "deteng", "er"), ("cancel", "", "ar"), ("anul", "", "ar")),
    *(("apag", "apagu", "ar"), ("abandon", "", "ar")),
)
_REMOVING: Final = (
    *((stem, "", "ar") for stem in ["quit", "borr", "elimin", "retir", "tach", "baj", "descart"]),
    *(("sac", "saqu", "ar"), ("remov", "remuev", "er"), ("exclu", "excluy", "ir"), ("supr", "suprim", "ir")),
)
_UNSUBSCRIBING: Final = (
    *(
        (stem, "", "ir")
        for stem in ["desuscrib", "dessuscrib", "desubscrib", "dessubscrib", "desinscrib", "desuscriv", "desafili"]
    ),
    *((stem, "", "ar") for stem in ["desafili", "desapunt", "desregistr"]),
)


# Forms that are two English words run together.
_ENGLISH: Final = {"removeme", "removelo"}


def _words(*forms: list[str]) -> str:
    return " ".join(sorted({word for some in forms for word in some} - _ENGLISH))


WORDS: Final[dict[str, str]] = {
    "ESCRIBA": _words(*(_wishes(stem, soft, kind != "ar") for stem, soft, kind in _REACHING)),
    "ESCRIBIR": _words(*(_bare(stem, kind) for stem, _, kind in _REACHING), _bare("llam"), _bare("marc")),
    # Where nothing but the person can be meant.
    "MOLESTE": _words(
        *(
            _wishes(stem, "", stem == "escrib")
            for stem in ["escrib", "texte", "texti", "mensaj", "molest", "fastidi", "acos", "spame"]
        ),
        _wishes("hostig", "hostigu"),
        _wishes("contact"),
        _wishes("comunic", "comuniqu"),
    ),
    "BUSQUE": _words(*(_wishes(stem, soft, kind != "ar") for stem, soft, kind in _MAYBE)),
    "BUSCAR": _words(*(_bare(stem, kind) for stem, _, kind in _MAYBE), _bare("llen"), _bare("satur")),
    "LLEGUE": _words(*(_wishes(stem, soft, kind != "ar") for stem, soft, kind in _COMING), _bare("lleg")),
    "LLAME": _words(_wishes("llam"), _wishes("marc", "marqu")),
    "TERMINE": _words(*(_all(stem, soft, kind) for stem, soft, kind in _CEASING)) + " dejense detenganse",
    "QUITE": _words(*(_all(stem, soft, kind) for stem, soft, kind in _REMOVING)),
    "DESUSCRIBA": _words(*(_all(stem, soft, kind) for stem, soft, kind in _UNSUBSCRIBING)) + " desuscripcion",
    "HAGA": "haga hagan hagas hacer hacerlo hagalo",
    "BAJA": (
        "dese dense dela denla dar darme darnos den denme deme dame de des diera dieran dieras dieron darse doy demos"
    ),
    "MENSAJE": (
        "mensajito mensajitos mensajillo mensajillos textito textitos mensajeo envio envios comunicacion "
        "comunicaciones "
        "notificacion notificaciones smss recordatorio recordatorios boletin boletines avisos msn msns mensage "
        "mensajes mensaj mesajes mesaje mensjes mnsjs msgs ofertas anuncio comunicados solicitudes "
        "publicidades whatsapps "
        "whatsapp msjes mjes mensajerias difusion difusiones texteo textos mercadeo spams"
    ),
    "LISTA": (
        "mercadeo directorios bases sistemas listado listados archivos archivo expediente programa plataforma campana "
        "campanas computadora agendas marketing difusion"
    ),
    "QUIERO": "requiero ocupo requerimos quero kiero quiere interesan apetece gusta pienso busco",
    "RECIBIR": "recibirlos recibirlas recibiendo resibir seguirlos seguir recivir",
    "MAS": "ma mass",
    "CORTESIA": (
        "porfis porfas porfavorcito plis pliss xfa xfas porfabor favorcito joven chico mijo mija muchacho patron jefe "
        "licenciada licenciado bendiciones dios bendiga pliz porfavor hombre mujer carajo caray chin pinche pinches "
        "ey ay ah oye oigan oigame mira mire miren we wey guey nomas verdad enserio respeto todo saludos amiga "
        "compa carnal chavo hermano cordial cordialmente buen dia buena "
    ),
    "EQUIVOCADO": "equivocao ekivocado equivicado equivacado equibocada herrado errado",
}

"""French verbs of reaching, ceasing and removing, in all the forms that a request is made of, accents folded.

Accents being folded, a participle looks like an imperative ("texté", "texte"): the patterns tell them by their order.
"""

from typing import Final


def _er(stem: str, present: str = "") -> list[str]:
    """Forms of a verb in -er. `present`: the stem of its singular, where it is another ("appell")."""
    singular = present or stem
    return [
        *(stem + end for end in ("er", "ez", "iez", "ions", "ant", "erez")),
        *(singular + end for end in ("e", "es", "ent", "eras")),
    ]


_REACHING: Final = (
    *(
        _er(stem)
        for stem in [
            "text",
            "contact",
            "derang",
            "harcel",
            "importun",
            "spamm",
            "sollicit",
            "embet",
            "achal",
            "emmerd",
            "messag",
            "ennuy",
        ]
    ),
    *(
        _er(stem)
        for stem in [
            "gosse",
            "goss",
            "fatigu",
            "ecoeur",
            "tann",
            "harass",
            "bombard",
            "inond",
            "relanc",
            "communiqu",
            "notifi",
            "pollu",
        ]
    ),
    *(_er("envoy", "envoi"), _er("renvoy", "renvoi"), _er("adress"), _er("rejoign"), _er("transmet"), _er("expedi")),
    *(["ecrire", "ecrivez", "ecris", "ecrives", "ecrit", "ecrive", "ecrivent", "ecriviez", "ecrivant", "ecriver"],),
    *(["reecrire", "reecrivez", "reecris", "reecrives", "recrire", "recrivez", "recris", "ecri", "ecrivais"],),
    *(["recontacter", "recontactez", "recontacte", "retexter", "retexte", "retextez", "envoyer", "renvoyer"],),
    *(["rejoindre", "joindre", "joignez", "textee", "textote", "textoter", "textotez", "textos-moi"],),
)
_CALLING: Final = (_er("appel", "appell"), _er("rappel", "rappell"), _er("telephon"))
_REMOVING: Final = (
    *(
        _er(stem)
        for stem in [
            "retir",
            "supprim",
            "effac",
            "ot",
            "ray",
            "radi",
            "raill",
            "flush",
            "flusch",
            "degag",
            "biff",
            "exclu",
            "elimin",
            "delet",
        ]
    ),
    *(
        _er("enlev"),
        ["enlevee", "retiree", "effacee", "supprimee", "rayee", "radiee", "flush", "flushe", "flushez", "delete"],
    ),
)
_CEASING: Final = (
    *(
        _er(stem)
        for stem in [
            "arret",
            "cess",
            "stopp",
            "annul",
            "termin",
            "bloqu",
            "coup",
            "lach",
            "suspend",
            "resili",
            "clotur",
            "desactiv",
        ]
    ),
    *(["finir", "finissez", "finis", "interrompre", "interrompez", "suspendre", "suspendez", "suspend"],),
    *(["arettez", "arete", "aretter", "arreté", "aretez", "arreteer", "areter", "arrettez", "arreter"],),
)
_UNSUBSCRIBING: Final = (
    _er("desabonn"),
    _er("desabon"),
    _er("desinscri"),
    ["desinscrire", "desinscrivez", "desincrire"],
)


def _words(*forms: list[str]) -> str:
    return " ".join(sorted({word for some in forms for word in some}))


WORDS: Final[dict[str, str]] = {
    "ECRIRE": _words(*_REACHING),
    "ENVOYER": _words(_er("envoy", "envoi"), _er("renvoy", "renvoi"), _er("adress")),
    "APPELER": _words(*_CALLING),
    "RETIRE": _words(*_REMOVING),
    "CESSE": _words(*_CEASING) + " lachez lache annulation arret fin",
    "DESABONNE": _words(*_UNSUBSCRIBING),
    "CONTACTE_F": "sollicites importune importunee spamme harcele harcelee embete contactes textes relancee relances",
    "MESSAGE_F": (
        "infolettre infolettres messagerie textos sollicitation promotion promos "
        "notification rappels suivis suivi publicites texte-pub courriel pourriels pourriel spams sms textes relances "
        "communiques msg msgs"
    ),
    "LISTE": "listes registre registres programme fichiers systemes carnet envoi envois distribution diffusion bd crm",
    "NUMERO_F": "num no tel portable coordonnee infos mobile donnees",
    "PLUS": "plu",
    "VEUX": "veu desirons desire tiens aime souhaitez voudrai voulait voulais souhaitait aimerai tien tenons",
    "POLITESSE": (
        "heille hey mon chum madame monsieur mademoiselle vous autres tabarnak criss calisse ostie estie osti "
        "sti pis ben faque icitte stp plait sil plais gentiment prie supplie donc tsé tse hein franchement serieux "
        "serieusement please pardon desole desolee immediatement definitivement totalement encore voyons oui"
    ),
    "RECEVOIR": "recois recoive recevons recu recevrais resevoir recevoire",
}

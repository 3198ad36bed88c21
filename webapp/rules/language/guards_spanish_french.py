"""Words that look like a request to stop in Spanish and French, and are none: "no dejen de escribirme"."""

from typing import Final

from webapp.rules.language.tables import GuardText as Guard

GUARDS: Final = (
    Guard(
        "no dejen de mandarme mensajes",
        on="CESA BASTA",
        pattern=r"(?<!si) (?<!que) (no|nunca|jamas|sin) (me|nos|le|lo|se|puedo|puede|quiero|podemos|vaya|vayan|a"
        r"|que){0,3} [[(CESA|BASTA)]]",
    ),
    Guard(
        "no cancelen los mensajes",
        on="CANCELE",
        pattern=r"(no|nunca) (me|nos|lo|la|los|las)? [[CANCELE]]",
    ),
    Guard(
        "no quiero desuscribirme",
        on="DESUSCRIBA QUITE",
        pattern=r"(no|nunca|sin) (me|nos|le|se|quiero|queria|lo|quise|querer|he){0,3} [[(DESUSCRIBA|QUITE|QUITEME)]]",
    ),
    Guard(
        "no le escriba a mi esposo",
        on="ESCRIBA",
        pattern=r"no (le|les) [[ESCRIBA]] (a|al) (?!este|mi NUMERO|MI NUMERO)",
    ),
    Guard(
        "no quiero molestarla pero hay noticias?",
        on="ESCRIBIR",
        pattern=r"no (la|lo|los|te|le)? (quiero|quisiera|queria|quise) "
        r"[[(molestar|molestarla|molestarlo|molestarte|molestarlos|insistir|fastidiar)]]",
    ),
    Guard(
        "je ne veux pas vous déranger",
        on="ECRIRE",
        pattern=r"(veux|voulais|voudrais|voulons) (pas|point) (vous|te|t)? "
        r"[[(deranger|embeter|importuner|achaler|harceler)]]",
    ),
    Guard(
        "pourquoi vous m'écrivez plus?",
        on="ECRIRE",
        pattern=r"pourquoi WITHIN{0,4} [[ECRIRE]]|(vous|tu) NE? ME_F [[ECRIRE]] (plus|pas|pu|jamais) WITHIN{0,6} QM",
    ),
    Guard(
        "n'envoyez pas encore les papiers",
        on="ECRIRE",
        pattern=r"NE? ME_F? [[ECRIRE]] pas (encore|tout de suite|les|le|la|l|mon|trop|avant)"
        r"|NE? [[ECRIRE]] (rien|pas|plus) (a|au|aux) (?!ce|moi|nous|mon NUMERO_F)",
    ),
    Guard(
        "arrête, c'est trop beau haha",
        on="ARRETE",
        pattern=r"@begin POLI{0,3} [[ARRETE]] (donc|ca|la|moi){0,2} (.|,|QM){0,2} (c est (ben|bien)? "
        r"trop|quel|quelle|serieux|serieusement|pour vrai|LAUGH|trop|pas vrai)",
    ),
    Guard(
        "je ne veux pas me désabonner",
        on="ARRETE DESABONNE RETIRE",
        pattern=r"(?<!vous) (NE|pas|jamais) (me|m|vous|nous|l|s|se|t|veux|voulais|voulu|suis|etre|de){0,4} "
        r"[[(ARRETE|DESABONNE|RETIRE)]]",
    ),
)

"""How somebody who gets no texts asks for them again, and how somebody asks what this is.

Only plain requests: a text to somebody who opted out and did not ask for it is the worst mistake there is.
"""

from typing import Final

from webapp.rules.language.tables import RuleText as Rule

_REFUSED: Final = r"DONT|DIDNT|CANT|NOT|do not|did not|WILL not|no (?!problem|worries)|if|unless"

RETURNS: Final = (
    Rule(
        "text_me_again",
        "suppress",
        "please start texting me again",
        on="TEXTING SENDING TEXT WRITE CONTACTING SEND MESSAGE",
        pattern=r"(start|resume|begin|restart|continue|reactivate|renew|reinstate) (FILL|back|up){0,2} "
        r"(TEXTING|SENDING|CONTACTING|THE? MESSAGE|MY? MESSAGE|TO TEXT|receiving)",
        unless=_REFUSED,
    ),
    Rule(
        "text_me_again",
        "suppress",
        "please text me again",
        on="TEXT WRITE SEND",
        pattern=r"(TEXT|WRITE|message|SEND) (ME|THE? MESSAGE|MESSAGE ME|ME MESSAGE|this NUMBER) (FILL)? again "
        r"(FILL|from now on|if){0,4} @end",
        unless=_REFUSED,
    ),
    Rule(
        "text_me_again",
        "suppress",
        "ok you can text me",
        on="TEXT WRITE SEND",
        pattern=r"(YOU|its|ok|okay|fine|FILL) (FILL|is|to|for YOU|WILL|free|feel){0,5} (can|may|could|welcome to|free "
        r"to|okay to|ok to|fine to) (FILL|go ahead and){0,2} (TEXT|WRITE|message|SEND) (ME|us|MESSAGE|ME "
        r"MESSAGE|this NUMBER) (FILL)? (again|now|anytime|@end)",
        unless=_REFUSED,
    ),
    Rule(
        "sign_me_up",
        "suppress",
        "sign me back up",
        on="",
        pattern=r"(sign|add|put|subscribe|opt|enroll|sub|include|get) (FILL|ME|MY NUMBER|us){1,3} (back|again|in|up) "
        r"(in|on|to|up|FILL|THE|KIND|LIST|MESSAGE|@end){1,6}"
        r"|(resubscribe|resubscribed|reenroll|resub|re subscribe|re add|readd|re enroll) (ME|@end|FILL|to|us)"
        r"|OPT (FILL|ME|back){0,2} (back)? in (FILL|again|to){0,3} @end|subscribe (ME|us|FILL|again){1,3} @end",
        unless=_REFUSED,
    ),
    Rule(
        "changed_mind",
        "suppress",
        "I changed my mind, start",
        on="mind",
        pattern=r"changed MY mind EVERY{0,4} (start|subscribe|yes|resubscribe|text me|keep)",
        unless=_REFUSED,
    ),
    Rule(
        "wants_texts",
        "suppress",
        "I want to receive texts again",
        on="WANT WILL",
        pattern=r"(WANT|like|love|ready) (TO|FILL|start|be){0,3} (RECEIVING|get|back on|back in|hear from "
        r"you|resubscribe|subscribe|opt back in|rejoin) (THE|KIND|YOU|FILL|on|LIST|MESSAGE|NEWS){0,6} "
        r"(again|back on|back in|resubscribe|rejoin|LIST|anew)",
        unless=_REFUSED,
    ),
    Rule(
        "text_me_again",
        "suppress",
        "turn the texts back on",
        on="MESSAGE THIS TEXT",
        pattern=r"(turn|switch|put) (PARTS{0,4} MESSAGE|THIS) back on (FILL){0,4} @end|(turn"
        r"|switch) back on PARTS{0,4} MESSAGE"
        r"|^ (yes|yeah|yep|yup|sure|ok|okay|PLEASE|,|.){1,4} TEXT ME (PLEASE|again|now|,|.){0,4} $",
        unless=_REFUSED,
    ),
    Rule(
        "resume",
        "suppress",
        "please resume",
        on="",
        pattern=r"^ (PLEASE|yes|ok|yeah|hi|hello|,|.){0,4} (resume|optin|opt in|rejoin|unblock ME|SELF WANT back (in"
        r"|on)|want back (in|on)) "
        r"(PLEASE|again|now|,|.){0,4} $",
    ),
    Rule(
        "start",
        "suppress",
        "start please",
        on="FILL CORTESIA POLITESSE",
        pattern=r"^ (FILL|CORTESIA|POLITESSE|,|.){0,4} (start|unstop|restart|un stop) "
        r"(FILL|CORTESIA|POLITESSE|start|ME|,|.){0,5} $",
    ),
    Rule(
        "otra_vez",
        "suppress",
        "pueden escribirme otra vez",
        on="ESCRIBIR RECIBIR VUELVA",
        pattern=r"(pueden|puede|puedes|quiero|vuelvan|vuelva|vuelve|deseo|pueda|quisiera) "
        r"(FILL|ya|volver|a|que|me|VUELVA){0,4} (ESCRIBIR|RECIBIR|ESCRIBA) "
        r"(MENSAJE|MI|sus|CORTESIA|de|por){0,4} (otra vez|de nuevo|nuevamente|@end)"
        r"|(quiero|quisiera|deseo) volver a (RECIBIR)"
        r"|(suscribanme|suscribame|suscribirme|reactivar|reanudar|inscribanme) "
        r"(otra|de|nuevo|MENSAJE|los|mis|CORTESIA|@end){1,4}",
        unless=r"(no|NO_ES (?<!ya)) EVERY{0,6} (ESCRIBIR|ESCRIBA|RECIBIR)",
    ),
    Rule(
        "de_nouveau",
        "suppress",
        "réabonnez-moi",
        on="ECRIRE RECEVOIR ME_F",
        pattern=r"(pouvez|peux|recommencez|recommencer|veux|voudrais|aimerais|souhaite) "
        r"(POLITESSE|ME_F|a|de|nouveau|RECEVOIR){0,4} (ECRIRE|RECEVOIR|MESSAGE_F) "
        r"(POLITESSE|vos|les|MESSAGE_F|des|de){0,4} (nouveau|encore|re|@end)"
        r"|(reabonnez|reabonner|reinscrivez|reinscrire|reabonne|reinscris) (moi|me|@end|POLITESSE)",
        unless=r"(ne|n|pas|plus) EVERY{0,4} ECRIRE",
    ),
)

#: The answer to "reply YES to confirm".
CONFIRMATIONS: Final = (
    Rule(
        "confirm",
        "suppress",
        "Yes please",
        on="FILL CORTESIA POLITESSE sure confirm confirmed agree agreed accept",
        pattern=r"^ (yes|yeah|yep|ok|okay|hi|hello|sure|PLEASE|,|.){0,3} SELF? (confirm|confirmed|agree|agreed|accept) "
        r"(this|it|PLEASE|thanks|,|.){0,4} $"
        r"|^ (ok|okay|hi|hello|hey|,|.){0,3} (yes|si|oui|yep|yeah|yup|sure) (PLEASE|thanks|CORTESIA|POLITESSE|,|."
        r"|confirm|SELF agree|thats (fine|ok|okay|good)|sounds good){0,5} $",
    ),
)

HELP: Final = (
    Rule(
        "help",
        "suppress",
        "help please",
        on="FILL CORTESIA POLITESSE ME",
        pattern=r"^ (PLEASE|hi|hello|hey|,|.|por|favor|svp|ok){0,4} (help|ayuda|aide|ayudame) (me|moi)? "
        r"(PLEASE|,|.|QM|por|favor|svp|help){0,5} $",
    ),
)

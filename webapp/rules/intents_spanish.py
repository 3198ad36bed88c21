"""How people ask in Spanish not to be texted. Accents are folded; forms of tu, usted and ustedes."""

from typing import Final

from webapp.rules.grammar import END, START, Rule, rule

_WRITE = r"(?:escrib(?:a|as|an|ir|irme|irnos|iendome|iendo)|text(?:ee|een|ees|eo|ear|earme|eando)|molest(?:e|es|en|ar|arme|arnos|ando)|contact(?:e|es|en|ar|arme|arnos|ando)|mensaj(?:ee|een|ear|earme)|fastidi(?:e|en|es|ar|arme)|jod(?:a|as|an|er)|busquen|busque|acos(?:e|en|ar|arme)|comuni(?:que|quen|carse))"
_SEND = r"(?:mand(?:e|es|en|ar|arme|arnos|ando|andome)|envi(?:e|es|en|ar|arme|arnos|ando|andome))"
_COURTESY = (
    r"(?:por favor|gracias|ya|hola|oiga|ok|si|no|favor|porfavor|ahora|inmediatamente|buenas|disculpe|senor|amigo)"
)
_LATER = r"\b(?:antes|despues|hoy|ahora mismo no|hasta|manana|por la (?:manana|noche))\b"
_WORDS = r"(?:mensajes?|mensajitos|textos?|msj|spam|publicidad|propaganda|nada|sms|informacion|anuncios|cosas|eso|esto)"

STOP: Final[tuple[Rule, ...]] = (
    rule("no_me_escriba", "suppress", rf"\b(?:no|nunca|jamas) (?:(?:me|nos|le|les|vuelva[ns]?|vuelvas|quiero que|deseo que|siga[ns]?|sigas|por favor|mas|a) ){{1,5}}(?:{_WRITE}\b|{_SEND}(?: (?:mas|ya|otra vez|de nuevo|por favor|otros?|sus|estos|tantos|ningun|{_WORDS})\b|{END}))|\bno (?:{_WRITE}|{_SEND}) (?:mas|{_WORDS})\b|\bno (?:me|nos) {_WRITE}\b", _LATER),
    rule("no_quiero", "suppress", rf"\b(?:no|ya no) (?:quiero|deseo|quisiera|queremos|necesito|me interesa|estoy interesad[oa] en) (?:(?:mas|sus|estos|recibir|que me|ningun|tus|los|este tipo de|seguir|recibiendo|otro|otros) )*(?:{_WORDS}|{_WRITE}|{_SEND}|recibir)\b", r"\b(?:recibi|todavia)\b"),
    rule("dejen_de", "suppress", rf"\b(?:deje|dejen|dejes|deja|dejar|pare|paren|para|paras|parar|pares|cese|cesen|basta) (?:(?:ya|por favor) )*de (?:(?:estar|me|nos|seguir) )*(?:{_WRITE}|{_SEND})\b|\b(?:deje|dejen|deja) de (?:mandar|enviar|llamar|molestar)", r"\bno puedo (?:dejar|parar)|\bno (?:deje|dejen|dejes|pare|paren)\b"),
    rule("quiteme", "suppress", r"\b(?:quit|borr|elimin|sac|remuev|remov|retir|tach|suprim)(?:e|a|en|an|as|es|eme|ame|enme|anme|enos|arme|ar|er|erme|eles|elo)\b(?: (?:por favor|ya))*(?: (?:me|nos))?(?: (?:mi|mis|este|ese|el) (?:numero|nombre|telefono|datos|celular|contacto))?(?: (?:de|del) (?:(?:la|su|tu|esta|esa|sus|todas|las) )*(?:listas?|sistema|base|contactos|registro|grupo))\b|\b(?:quit|borr|elimin|sac|remuev|remov|retir)(?:e|a|en|an|ar|es|as) (?:mi|este|mis) (?:numero|nombre|telefono|datos|celular)\b|\b(?:quitenme|quiteme|quitame|borrenme|borreme|borrame|eliminenme|elimineme|eliminame|saquenme|saqueme|sacame|remuevanme|remuevame)\b"),
    rule("baja", "suppress", r"\b(?:deme|denme|dame|darme|dar|den|de|solicito|quiero) (?:de |la |mi )*baja\b|\b(?:desuscrib|dessuscrib|desubscrib|desinscrib)\w*|\banul\w+ (?:la|mi) suscripcion|\bborrarme\b|\bcancel\w+ (?:(?:los|mis|sus|mi|la|estos|todos|todos los) )*(?:mensajes?|textos?|suscripcion|subscripcion)\b", r"planta baja|baja (?:el|de) precio"),
    rule("no_mas", "suppress", rf"\b(?:no mas|ya no mas|basta de|ni un|ningun) (?:de )?(?:(?:sus|estos|los) )*(?:{_WORDS})\b"),
    rule("en_paz", "suppress", r"\b(?:deje|dejen|deja|dejes)(?:n?me|n?nos|me|nos) (?:ya )?(?:en paz|tranquil[oa]s?|sol[oa])\b|\bno moleste[ns]?\b|\bno molestar\b|\blarguense\b|\bvayanse al\b"),
    rule("pare", "suppress", rf"{START}(?:{_COURTESY}[ ,]*)*(?:pare|paren|para|parar|alto|basta|detener|detenga|detengan|detenganse|stop|cancelar|cancele|cancelen|baja|desuscribir)(?:[ ,]+(?:{_COURTESY}|esto|eso|de una vez|con esto))*{END}", r"\bpara (?:manana|el|la|hoy|ver|que)\b"),
    rule("no_mas", "hold", rf"{START}(?:{_COURTESY}[ ,]*)*(?:no mas|ya no|no mas gracias|chinga\w*.{{0,20}}|vete (?:a|al) .{{0,20}})(?:[ ,]+{_COURTESY})*{END}"),
    rule("no_llame", "hold", r"\bno (?:me |nos )(?:llame[ns]?|marque[ns]?)(?: mas)?" + END),
)  # fmt: skip

WRONG_NUMBER: Final[tuple[Rule, ...]] = (
    rule("wrong_number", "suppress", r"\bnumero (?:equivocado|incorrecto|erroneo)\b|\b(?:se|te) (?:equivoco|equivocaste|ha equivocado|has equivocado|confundio) de (?:numero|persona)\b|\b(?:esta|estas|tiene|tienes|tienen) (?:el numero )?equivocad[oa]s?\b|\bpersona equivocada\b|\beste (?:ya )?no es (?:el|su) (?:numero|telefono)\b|\bno conozco a (?:es[ea] |ningun|ninguna )", r"numero equivocado (?:de|en) (?:cuartos|la lista)"),
)  # fmt: skip

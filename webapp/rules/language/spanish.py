"""How people ask in Spanish not to be texted: forms of tu, usted and ustedes."""

from typing import Final

from webapp.rules.language.tables import RuleText as Rule

RULES: Final = (
    Rule(
        "dejen_de",
        "suppress",
        "deja de fregar",
        on="CESA",
        pattern=r"CESA (me|nos|ya|por|favor|CORTES|ABUSE){0,3} (de|con) "
        r"(ESCRIBIR|CORTES|estar|seguir|me|MI|tanto|tantos){0,4} (ESCRIBIR|MENSAJE|molestar)",
    ),
    Rule(
        "dejen_de",
        "suppress",
        "eviten mandar mensajes",
        on="CESA",
        pattern=r"(CESA|evite|eviten) (ESCRIBIR) (MENSAJE|@end|me|a|mas)",
        unless=r"deje un mensaje|para (ESCRIBIR)",
    ),
    Rule(
        "basta",
        "suppress",
        "alto por favor",
        on="BASTA CESA STOP",
        pattern=r"@begin (CORTES|FILL){0,6} BASTA (BASTA|CORTES|FILL|ABUSE|ALL){0,6} @end"
        r"|@begin CORTES{0,3} basta (@end|ya @end|de @los "
        r"(MENSAJE|ESCRIBIR|eso|esto|tonterias|molestar|insistir|llamar) ANY{0,3} @end)"
        r"|@begin CORTES{0,3} basta con @los (MENSAJE|eso|esto|ya) CORTES{0,3} @end"
        r"|@start CORTES{0,2} para CORTES{0,2} @close",
        unless=r"para (manana|el|la|hoy|ver|que|una|un)|(me|nos|te|le) basta",
    ),
    Rule(
        "en_paz",
        "suppress",
        "dejame en paz",
        on="DEJA_ME",
        pattern=r"(DEJA_ME) (CORTES|ya|de una vez){0,3} (en)? PAZ|(DEJA_ME) de ESCRIBIR",
    ),
    Rule(
        "no_me_escriba",
        "suppress",
        "No me texteen",
        on="ESCRIBA",
        pattern=r"(NO_ES) (me|nos|le|les|CORTES|VUELVA|quiero|MAS|por){0,4} (a)? (ESCRIBA) "
        r"(?=MAS|@end|CORTES|MENSAJE|MENSAJE_NO (?! (de|en|sin|arriba|abajo|que|con|al|hasta) )|ni|a MI "
        r"NUMERO|MI{1,2} (MENSAJE|NUMERO)|por|ESCRIBA|mas|molestando|ESCRIBIR|y|porque|FILL)(?!ANY{0,3} LUEGO)",
        unless=r"@prefers_texts|(hable|hablen|comunique|comuniquen|responda|contesten) con"
        r"|(NO_ES) (me|nos)? (LLAME) (@end|,) ANY{0,4} (mensaje|texto)",
    ),
    Rule(
        "no_me_escriba",
        "suppress",
        "no estén molestando",
        on="ESCRIBA ESCRIBIR",
        pattern=r"(NO_ES|vuelva|vuelvas) (me|nos|le|les)? (VUELVA|ande|anden|siga|sigan|quiero|estes|esten|este) "
        r"(a|que|me)? (me)? (ESCRIBIR|ESCRIBA|mandando|enviando)",
    ),
    Rule(
        "no_me_escriba",
        "suppress",
        "no llamar ni textear",
        on="ESCRIBIR ESCRIBA",
        pattern=r"no (es necesario|hace falta|necesito|hay necesidad) (de)? que (me|nos) ESCRIBA"
        r"|(favor|por favor|les pido|pido|que|deje|prefiero) (de)? no (me|mas|volver a|seguir){0,3} (ESCRIBIR)"
        r"|@begin (CORTES|ya){0,4} no (ESCRIBIR) (MAS|MENSAJE|CORTES|ni|@end){1,4}",
    ),
    Rule(
        "no_llame",
        "suppress",
        "no me llamen mas",
        on="LLAME",
        pattern=r"(NO_ES) (me|nos)? (VUELVA a)? LLAME (ni|y|o|mas|otra|nunca|CORTES){1,3} (me|nos|no){0,2} "
        r"(mas|vez|jamas|ESCRIBA|MANDE|@end) (?!LUEGO)",
        unless=r"@prefers_texts|LLAME CORTES{0,3} @end (?<!mas) (?<!vez) (?<!jamas)",
    ),
    Rule(
        "no_llame",
        "hold",
        "no me llame por favor",
        on="LLAME",
        pattern=r"@begin CORTES{0,4} no (me|nos)? LLAME CORTES{0,3} @end",
        unless=r"@prefers_texts|ahora|ahorita|hoy|LUEGO",
    ),
    Rule(
        "no_quiero",
        "suppress",
        "no quiero saber nada de ustedes",
        on="QUIERO",
        pattern=r"(NO_ES) (me)? QUIERO (RECIBIR|mas|ya|que|me|nos|en|seguir|ser|MI|ESCRIBIR|de|VUELVA|a|ustedes|sigan"
        r"|nada|mandar){0,6} (MENSAJE|ESCRIBA|RECIBIR MENSAJE_NO|contactado|contactada|molestado|molestada|saber "
        r"(nada|mas|de)|textos|recibiendo MENSAJE|ESCRIBIR)",
        unless=r"perder|QUIERO (mas)? (info|informacion) de",
    ),
    Rule(
        "no_mas",
        "suppress",
        "no mas textos",
        on="MENSAJE",
        pattern=r"(no|ya no|ni|basta de|sin) (un)? (mas|de|MI|tantos|tanto){0,3} MENSAJE (mas|CORTES|de|@end)",
        unless=r"(recibi|recibo|llegan|llegaron|llego|hay|tengo|veo|tiene) EVERY{0,3} MENSAJE",
    ),
    Rule(
        "no_mas",
        "suppress",
        "no más",
        on="MAS",
        pattern=r"@begin (FILL|CORTES){1,4} (ya)? no mas (FILL|CORTES){0,3} @end"
        r"|@begin no mas (FILL|CORTES){0,3} @end|@begin ya no mas (FILL|CORTES){0,3} @end",
        unless=r"QM",
    ),
    Rule(
        "quiteme",
        "suppress",
        "sáquenme de ahí",
        on="QUITEME",
        pattern=r"QUITEME (?!@elsewhere) (?! de? (una|un|otra|copia|copias|fotos) )",
    ),
    Rule(
        "quiteme",
        "suppress",
        "borren mi numero",
        on="QUITE",
        pattern=r"QUITE (a)? (CORTES)? (?!su|tu|sus) MI{1,2} (NUMERO|nombre) (?!@elsewhere)"
        r"|QUITE ((?!su|tu|sus) MI)? (numero|nombre)"
        r"|me (pueden|puede|podrian|puedes|quiten|quite|saquen|saque|borren|borre|podria|eliminen|elimine"
        r"|gustaria que)? (QUITE) (de)? (MI){0,2} LISTA"
        r"|QUITE (CORTES){0,3} de MI{1,2} (LISTA) (?! (la|el|los|las|una|esa) )",
        unless=r"QUITE ANY{1,4} de mi lista",
    ),
    Rule(
        "baja",
        "suppress",
        "denme de baja",
        on="baja",
        pattern=r"(DEME|QUIERO|QUIERO la|me) (por|favor|ya|DEME|la|mi|de|me|quiero|MI){0,4} (de|la|mi) baja "
        r"(CORTES|@end|de MI{0,2} (LISTA|MENSAJE|servicio)|del (LISTA|servicio)|en MI)"
        r"|@begin CORTES{0,3} baja CORTES{0,4} @end|(DEME) de baja (MI)? (NUMERO|numero|@end|CORTES)",
    ),
    Rule(
        "desuscriba",
        "suppress",
        "desuscribir",
        on="DESUSCRIBA",
        pattern=r"DESUSCRIBA",
    ),
    Rule(
        "cancele",
        "suppress",
        "cancelar mensajes",
        on="CANCELE MENSAJE",
        pattern=r"(CANCELE|detener|detenga|detengan|parar|pare|paren|alto) "
        r"(CORTES|MI|estos|todos|esos|la|de|enviar|el|envio|tus){0,4} (MENSAJE|suscripcion|servicio de MENSAJE)",
    ),
    Rule(
        "cancele",
        "hold",
        "cancelen",
        on="CANCELE",
        pattern=r"@start (CORTES|quiero|quisiera|deseo|necesito){0,4} (cancelar|cancele|cancelen|cancela"
        r"|anular) CORTES{0,4} @close",
    ),
    Rule(
        "quiteme",
        "hold",
        "Eliminar",
        on="QUITE",
        pattern=r"@start CORTES{0,3} (eliminar|borrar|quitar|remover|borra|elimina|quita) CORTES{0,3} @close",
    ),
    Rule(
        "olvide",
        "suppress",
        "olvidense de mi numero",
        on="NUMERO",
        pattern=r"(olvide|olviden|olvida|olvidese|olvidense|olvidate|olvidar|olvidarse|pierda|pierdan|tire|tiren"
        r"|bloquee|bloqueen) (CORTES|que|tiene|tienen|del|de|MI|este){0,4} (NUMERO|numero) (?!de ANY)"
        r"|olvidense de mi (@end|CORTES)",
        unless=r"no (se|te|me) (le|les|me|nos)? (olvide|olvida|olviden)|no olvide",
    ),
    Rule(
        "no_autorizo",
        "suppress",
        "no tienen mi permiso para contactarme",
        on="QUIERO MI",
        pattern=r"no (autorizo|autorice|consiento|acepto|di (mi|permiso|autorizacion)|tienen "
        r"(mi|permiso|autorizacion)|doy (mi)? (permiso|consentimiento|autorizacion)) "
        r"(a|que|para|mi|permiso|ser|de|me|consentimiento|autorizacion|@end){1,6} "
        r"(ESCRIBA|ESCRIBIR|contactado|MENSAJE|@end|para|me|que)"
        r"|(revoco|retiro) (CORTES|MI){0,3} (consentimiento|autorizacion|permiso)",
    ),
    Rule(
        "nunca_pedi",
        "hold",
        "nunca pedí esto",
        on="NO_ES",
        pattern=r"(no|nunca|jamas) (me|les|yo)? (pedi|solicite|suscribi|inscribi|registre|di mi numero) "
        r"(esto|estos|MENSAJE|MI|a|nada|@end|recibir)"
        r"|(no|nunca|jamas) (les|le|yo|los|he)? (autorice|acepte|autorizado|aceptado|consenti|firme) (@los "
        r"MENSAJE|que|a|recibir|esto)",
    ),
    Rule(
        "hostil",
        "hold",
        "larguense",
        on="",
        pattern=r"@begin (CORTES|FILL){0,4} (vete|vayanse|vayase|chinga|chinguen|chingate|chingense|larguense|largate"
        r"|larguese|no jodas|no joda|no jodan|no chingues|no chinguen|no mames|que molestos|que fastidio|que "
        r"molesto|pinches|puta|mierda|jodete|al carajo|a la mierda|no molestes|callate|callense) ANY{0,6} @end",
    ),
    Rule(
        "denuncia",
        "hold",
        "los voy a denunciar",
        on="CORTES MI VUELVA YOU",
        pattern=r"(denunciar|denunciare|denuncio|demandar|demandare|reportar|reportare|reporto|reportando|bloquear"
        r"|bloqueo|bloqueado|bloqueada|bloqueados) (los|lo|la|a|ustedes|este|numero|como|spam|por|acoso|y|@end){1,4}"
        r"|los voy a (denunciar|demandar|reportar|bloquear)",
    ),
    Rule(
        "vuelven",
        "suppress",
        "si me vuelven a escribir los denuncio",
        on="VUELVA",
        pattern=r"si (me|nos)? (VUELVA|vuelven|vuelve|vuelves) a (ESCRIBIR)"
        r"|me (vuelven|vuelve|vuelves) a (ESCRIBIR) (y|los|lo|te)",
    ),
)

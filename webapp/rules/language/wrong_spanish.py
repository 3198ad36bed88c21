"""How people say in Spanish that they are not the one we mean: another's number, another person, a shop."""

from typing import Final

from webapp.rules.language.tables import RuleText as Rule

RULES: Final = (
    Rule(
        "wrong_number",
        "suppress",
        "no es la persona que busca",
        on="NO_ES EQUIVOCADO mal numero conozco",
        pattern=r"(no|tampoco) (es|soy|somos|era|esta hablando con|habla con) (CORTES)? (la|el|esa|ese|quien|a "
        r"quien|esta) (CORTES)? (persona|indicado|indicada|que (CORTES|usted|tu|ustedes)? "
        r"(busca|buscan|buscas|piensa|cree|quiere|creen)|busca|buscan|senor|senora|usted busca|ustedes "
        r"buscan|titular)"
        r"|no soy (yo (.|$|, (cambiaron|se|es otro|esta))|ella|el @end|ese|esa|quien|de los|nadie)"
        r"|no (me llamo|se llama) (NAME|PROPER|asi)"
        r"|(esta|estan|estas) (CORTES)? (usted|ustedes|tu|joven|senor) (CORTES)? EQUIVOCADO"
        r"|(NUMERO|numero|persona) (CORTES|que){0,3} EQUIVOCADO (?! (de|en) (la|el|casa) )"
        r"|(marco|marcaron|marcaste|marcando|llamo) (CORTES)? (mal|EQUIVOCADO|al numero)"
        r"|(tiene|tienen|tienes|anoto|anotaron|apuntaron) (CORTES)? mal (el|su)? (NUMERO|numero) (@end|CORTES)"
        r"|yo no soy (@end)|QM (yo)? no soy @end"
        r"|(le|les|te) (dieron|pasaron|pusieron|dio) (CORTES)? (mal|EQUIVOCADO|otro) (el)? "
        r"(NUMERO|numero|telefono)|(este|ese) es otro (numero|NUMERO|telefono)|QM no (la|lo|le) conozco",
        unless=r"QM (?=$)|(yo|me|estoy) (CORTES)? EQUIVOCADO|(estas|esta) EQUIVOCADO (con|en|sobre|si)"
        r"|no soy (el|la|yo) (que|quien) (decide|paga|maneja|toma)",
    ),
    Rule(
        "wrong_number",
        "suppress",
        "este teléfono es de otra persona",
        on="NUMERO MI",
        pattern=r"(este|ese|el|MI) (NUMERO|numero|telefono|celular|cel)? (ya)? (CORTES)? (no)? (es|era|pertenece|le "
        r"pertenece|fue) (de|a) (otra persona|otro|otra|alguien mas|mi (hijo|hija|esposo|esposa|mama|papa)|el "
        r"@end|ella|esa persona|ese senor|nadie)"
        r"|(MI|este|ya|CORTES) no es (CORTES)? (su|el|mi|tu|MI)? (NUMERO|cel|telefono|numero) "
        r"(de|@end|CORTES) (?!trabajo)"
        r"|(cambiaron|cambio|cambie) (CORTES|el){0,2} de (NUMERO|numero|telefono)"
        r"|(tengo|tuve|llevo) (CORTES|con)? (este|el|ese) (NUMERO|numero|telefono) "
        r"(desde|hace|por|CORTES|nuevo|NUM)|(numero|NUMERO) (es)? (nuevo|mio) (ANY{0,4} no|desde|hace)"
        r"|(persona|ella|senor|senora|NAME|PROPER) (ya)? no (tiene|usa|ocupa|trae) (este|ese|el) "
        r"(NUMERO|numero|telefono)",
        unless=r"QM (?=$)|(cambie|me cambio|cambio) (CORTES)? de (numero|NUMERO) ANY{0,3} (este|es)|cambie|pero"
        r"|(me|nos) (puede|pueden) (escribir|mandar|llamar)",
    ),
    Rule(
        "wrong_number",
        "suppress",
        "se confundió de persona",
        on="",
        pattern=r"(se|me|te|nos|estan|esta|estas) (CORTES|ha|han|has|esta|estan|estas){0,3} "
        r"(confundio|confundieron|confundiste|confundiendo|confundido|confundida|confunde|confunden|confundes"
        r"|confundidos|equivocando) (CORTES)? ((de|el) (persona|numero|telefono|cliente|contacto|NUMERO)|con "
        r"(otra|otro|alguien|mi)|@end (?=$))"
        r"|(busca|buscan|buscas|buscando) (CORTES|a)? (otra persona|otro|alguien mas)"
        r"|(mensaje|MENSAJE) (CORTES|es|no){1,3} para (otra persona|alguien mas|otro @end|mi @end)"
        r"|aqui (ya)? no (hay|vive|es|esta|trabaja|se encuentra) "
        r"(CORTES|nadie|ningun|ninguna|ese|esa|el|la){0,3} (NAME|PROPER|persona|nombre|senor|senora|@end)"
        r"|no (se|conozco|sabemos|tengo idea) (CORTES|a|de|quien|es|que|ningun|ninguna|sea|quien es){0,4} "
        r"(NAME|PROPER|esa persona|ese senor|esa senora)|soy (NAME|PROPER) ,? no (NAME|PROPER)"
        r"|(esa|ese) (senora|senor|persona|muchacha|muchacho|CORTES) (ya)? no (vive|trabaja|esta) (aqui|aca)"
        r"|@begin CORTES{0,3} soy otra persona|(este|ese) era el (NUMERO|numero) de",
        unless=r"me confundi|confund EVERY{0,3} (precio|tasa|casa)|QM (?=$)|si me interesa|estoy interesad",
    ),
    Rule(
        "wrong_number",
        "hold",
        "este es el teléfono de una panadería",
        on="PLACE",
        pattern=r"(este|esto|aqui|aca) (CORTES)? es (un|una|el (NUMERO|numero|telefono) de|el) (un|una|la|el)? ANY? "
        r"PLACE",
        unless=r"QM|busco|quiero|cerca",
    ),
    Rule(
        "wrong_number",
        "hold",
        "no es aquí",
        on="NO_ES",
        pattern=r"^ CORTES{0,3} (aqui no es|no es (aqui|aca|por aqui)) CORTES{0,3} @close",
        unless=r"QM",
    ),
)

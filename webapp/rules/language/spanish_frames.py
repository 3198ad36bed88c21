"""The broad frames of a Spanish request: a negation or an ending, a few words, and what is to come no more."""

from typing import Final

from webapp.rules.language.tables import RuleText as Rule

RULES: Final = (
    Rule(
        "no_me_escriba",
        "suppress",
        "le pedí que no me contactaran en la madrugada nunca",
        on="MOLESTE ESCRIBIR",
        pattern=r"NO_ES @entre (me|nos) @entre MOLESTE (?! (al|por|cuando|si|en la (tarde|noche))) (?!ANY{0,4} LUEGO)"
        r"|NO_ES @entre (VUELVA|volviera|volvieran|volvieras|siguiera|siguieran) a? "
        r"(contactarme|escribirme|mandarme|textearme|molestarme|enviarme|ESCRIBIR (?=@end|CORTES|MENSAJE))"
        r"|NO_ES me este (ESCRIBIR)",
        unless=r"@prefers_texts|si (usted|tu|ustedes)? no (me|nos)|(le|les) MOLESTE|cuando no|QM",
    ),
    Rule(
        "no_me_escriba",
        "suppress",
        "ya no me manden tanto mensajito",
        on="ESCRIBA BUSQUE LLEGUE ESCRIBIR BUSCAR",
        pattern=r"NO_ES @entre (ESCRIBA|BUSQUE|LLEGUE|ESCRIBIR|BUSCAR) @los MENSAJE",
        unless=r"(creo|importa|se|hay|por) que? (no)? (ESCRIBA|LLEGUE)|LUEGO|para que no (se|lo)|QM|si no",
    ),
    Rule(
        "no_me_escriba",
        "suppress",
        "que ya no me lleguen porfis",
        on="LLEGUE BUSQUE BUSCAR MAS",
        pattern=r"(que|para que|@edge CORTES{0,4}) (ya no|no) (me|nos) @entre LLEGUE "
        r"(MAS|estos|esto|eso|nada|CORTES){0,4} @end"
        r"|@begin CORTES{0,6} (ya no|no) (me|nos) @entre BUSQUE (MAS|CORTES|nada|por texto){0,4} @end"
        r"|(favor|pido|ruego|suplico|agradeceria|agradezco|quisiera|prefiero|quiero) (de|que|CORTES){0,3} no "
        r"@entre (incluirme|contactarme|buscarme|agregarme|incluirnos|ESCRIBIR) (?!ANY{0,3} LUEGO)"
        r"|NO_ES (me|nos)? (siga|sigan|sigas|ande|anden|este|esten|vuelva a|vuelvan a) "
        r"(buscando|buscar|BUSCAR|preguntando) (@end|CORTES|por)"
        r"|no mas (contacto|contactos|comunicacion) (@end|CORTES)",
        unless=r"QM|@prefers_texts",
    ),
    Rule(
        "no_lo_hagan",
        "suppress",
        "me cuesta cada mensaje, por favor ya no lo hagan",
        on="HAGA",
        pattern=r"MENSAJE EVERY{0,10} no lo (VUELVA a)? HAGA",
    ),
    Rule(
        "no_lo_hagan",
        "hold",
        "ya no lo hagan por favor",
        on="HAGA",
        pattern=r"@begin CORTES{0,4} no lo (VUELVA a)? HAGA (MAS|CORTES){0,4} @end",
    ),
    Rule(
        "no_quiero",
        "suppress",
        "sus mensajes son muchos, no los quiero",
        on="QUIERO LLEGUE",
        pattern=r"NO_ES (me|nos|los|las|lo|CORTES){0,3} QUIERO "
        r"(CORTES|MAS|que|me|nos|ya|VUELVA|a|de|en|anden|esten|seguir){0,6} "
        r"(ESCRIBA|ESCRIBIR|BUSCAR|MOLESTE|LLEGUE|BUSQUE por texto|RECIBIR @los MENSAJE|@los "
        r"MENSAJE|recibiendo|contactado|contactada|molesten|recibirlos)"
        r"|MENSAJE EVERY{0,8} no (los|las|lo) QUIERO|no (los|las) QUIERO (recibir|seguir|mas|MAS)"
        r"|QUIERO (CORTES|ya){0,3} (dejar|parar) de RECIBIR",
        unless=r"perder|no QUIERO (molestar|molestarlo|molestarla|insistir|LLEGUE|llegar|ESCRIBIR @end)|QM",
    ),
    Rule(
        "harto",
        "suppress",
        "ya me cansé de sus mensajes",
        on="MENSAJE ESCRIBIR BUSCAR",
        pattern=r"(canse|aburrieron|aburri|cansaron|harto|harta|hartos|cansado|cansada|cansaron|aburrido|aburrida"
        r"|aburren|fastidiado|fastidiada|hasta|madre|tienen|cansan|gorro|coronilla|enfadado|enfadada) "
        r"(CORTES|hasta|aqui){0,3} (de|con) @los (MENSAJE|tanto MENSAJE)"
        r"|ya estuvo (bueno|bien)? (de|con) @los MENSAJE"
        r"|(abstengase|abstenganse|abstente|abstenerse|abstengan) de (ESCRIBIR|BUSCAR|MENSAJE|seguir|ANY "
        r"ESCRIBIR)",
        unless=r"QM",
    ),
    Rule(
        "dejen_de",
        "suppress",
        "acabe de una vez con los mensajes",
        on="TERMINE STOP BASTA",
        pattern=r"(?<!ANY para) (TERMINE|STOP|basta|alto|BASTA (?<!para)) (CORTES|de|una|vez|con|a|ya){0,5} @los "
        r"(envio de)? (MENSAJE|mandadera|insistencia|molestadera)",
        unless=r"(cuando|si|antes) (se|me)? TERMINE"
        r"|(deje|dejen|dejame|dejeme|dejar|dejo|puede dejar) (CORTES|un|me|su|tu|MI){0,3} "
        r"(mensaje|recado|texto)|no TERMINE|TERMINE (CORTES|me|de){0,2} (leer|ver)|QM",
    ),
    Rule(
        "dejen_de",
        "suppress",
        "dejen de preguntar y de escribirme",
        on="CESA TERMINE",
        pattern=r"(CESA (?<!para)|TERMINE) (CORTES|ya){0,3} (de|con) ANY{0,4} "
        r"(ESCRIBIR|buscarme|preguntar|preguntando|preguntarme|ofrecerme|insistir|MENSAJE)"
        r"|(como|quiero|favor|quisiera|gustaria) (CORTES|le|hago|se|puedo|que){0,4} (dejar|dejo|deje) de "
        r"RECIBIR",
        unless=r"no TERMINE|(cuando|si|antes) (se|me)? TERMINE|QM EVERY{0,3} QM",
    ),
    Rule(
        "basta",
        "suppress",
        "me están llenando el teléfono ya párenle",
        on="BASTA STOP pongan ponga MENSAJE",
        pattern=r"(ya|favor) (CORTES){0,2} (parenle|parele|parale|parenla|stop|estuvo bueno|alto) "
        r"(CORTES|con|esto){0,4} @close"
        r"|(ponga|pongan|pon|poner|pongale|ponganle) (CORTES|un|de){0,2} (STOP|alto|fin) (a|en|@end|CORTES)"
        r"|@edge (CORTES|ya){1,4} STOP (CORTES|PLEASE|FILL){0,4} (?=no|@end|ya)"
        r"|como (CORTES|le|hago|puedo){0,3} (quito|paro|cancelo|bloqueo|detengo|apago|elimino|evito|quitar"
        r"|parar|apagar) @los MENSAJE",
        unless=r"@laughing",
    ),
    Rule(
        "quiteme",
        "suppress",
        "solicito la eliminación de mi número",
        on="QUITE BAJA NUMERO LISTA QUIERO",
        pattern=r"(me|nos) (CORTES|pueden|puede|podrian|puedes|podria){0,2} QUITE (CORTES|ya){0,3} (de|del) (MI){0,2} "
        r"(de)? ANY? LISTA (?! (la|el|los|las) )"
        r"|QUITE (CORTES|a){0,3} (?!su|tu|sus) (MI|este|mi|mis|el){1,2} (NUMERO|nombre|numero) (?!@elsewhere)"
        r"|(eliminacion|baja|cancelacion|remocion|cese|supresion|retiro|exclusion) (de|del|en) "
        r"(MI|todos|los|envio|de){0,4} (NUMERO|numero|nombre|MENSAJE|LISTA)"
        r"|QUITE (CORTES)? (la|lo|mi numero|el numero) de (su|sus|la|esa|esta|tu) LISTA @close"
        r"|(me|nos|numero|QUIERO) (CORTES|QUIERO|pueden|puede|podrian|podria|que|me|ya){0,4} BAJA de baja"
        r"|@begin CORTES{0,3} BAJA de baja"
        r"|(NUMERO|numero|telefono) EVERY{0,8} (saquelo|saquenlo|quitelo|quitenlo|borrelo|borrenlo|eliminelo"
        r"|eliminenlo|remuevalo) (@end|CORTES)"
        r"|(salir|salirme|salgo|salga|salirnos) de (MI|la|esta|esa|CORTES){1,2} (LISTA|MENSAJE)"
        r"|QUIERO salirme (@end|PLEASE|por|de (esto|aqui|ahi|eso))"
        r"|QUITE (CORTES)? (lo mio|mi informacion|mis datos|mi info) (@end|CORTES)",
        unless=r"(NUMERO|me) de (la|el) (aplicacion|poliza|contrato|titulo)",
    ),
    Rule(
        "off_la_lista",
        "suppress",
        "take me off la lista porfa",
        on="LISTA OBJECT",
        pattern=r"(TAKE|REMOVE|HAVE_ME|get) ME (OFF|from|de) (MI|la|CORTES){0,3} (LISTA|MENSAJE)"
        r"|no more (de)? MENSAJE (?=CORTES|@end)|no more (CORTES|de|estos){1,3} (MENSAJE|OBJECT)",
    ),
    Rule(
        "no_quiero",
        "suppress",
        "no deseo recibir más información",
        on="RECIBIR",
        pattern=r"(NO_ES) QUIERO (seguir|estar|MAS){0,2} (RECIBIR) (MAS|mas|ninguna|su|la|esta|esa|tanta){1,3} "
        r"(informacion|info|anuncio|anuncios|oferta|ofertas|actualizaciones) (CORTES|suya|de ustedes){0,4} @end",
        unless=r"pero|QM",
    ),
    Rule(
        "no_mas",
        "hold",
        "por favor ya no",
        on="ya",
        pattern=r"^ (por|favor|porfavor|porfa|gracias|,|.){1,4} ya no (por|favor|porfavor|porfa|gracias|,|.){0,4} $",
    ),
    Rule(
        "quiteme",
        "suppress",
        "les pedí que me borren",
        on="QUITE",
        pattern=r"(pedi|pido|dije|digo|solicite|solicito|quiero|exijo) (CORTES|que){0,3} (me"
        r"|nos) QUITE CORTES{0,3} @end",
    ),
)

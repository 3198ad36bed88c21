"""Spanish words by the part they play, accents folded: forms of tu, usted, ustedes, and of Mexico and the Caribbean."""

from typing import Final

WORDS: Final[dict[str, str]] = {
    "CESA": (
        "deje dejen deja dejes dejar dejense dejate dejeme dejenme dejame dejenos dejennos pare paren para parar "
        "pares parenle parale cese cesen cesar evite eviten evitar termine terminen detenga detengan suspenda "
        "suspendan"
    ),
    "BASTA": "basta pare paren parale parenle alto parar detener detenga detengan detenganse parele detente detengase",
    "DEJA_ME": "dejame dejeme dejenme dejenos dejennos dejanos dejarme",
    "PAZ": "pas paz tranquilo tranquila tranquilos solo sola solos",
    "ESCRIBA": (
        "escriba escriban escribas escribais mande manden mandes envie envien envies moleste molesten molestes "
        "contacte contacten contactes textee texteen textees texte texten mensajee mensajeen hable hablen hables "
        "insista insistan insistas fastidie fastidien joda jodan jodas chingue chinguen chingues "
        "acose acosen hostigue hostiguen comunique comuniquen siga sigan sigas notifique notifiquen "
        "responda respondan avise avisen contesten textie textien"
    ),
    "ESCRIBIR": (
        "escribir escribirme escribirnos mandar mandarme mandarnos enviar enviarme enviarnos molestar molestarme "
        "molestarnos llamar llamarme llamarnos contactar contactarme contactarnos textear textearme textiar "
        "textearnos hablarme marcarme insistir fastidiar fastidiarme joder joderme chingar chingando molestando "
        "mandando enviando escribiendo llamando mandandome enviandome escribiendome llamandome molestandome "
        "acosar acosarme acosando hostigar mensajear mensajearme spamear comunicarse buscarme textearle jodiendo "
        "fregar fregando estar chingarme"
    ),
    "MANDE": "mande manden mandes envie envien envies mandar enviar mandarme enviarme",
    "LLAME": "llame llamen llames llamar llamarme marque marquen marques",
    "RECIBIR": "recibir recibo recibiendo recibirlos tener ver seguir",
    "QUIERO": (
        "quiero queremos deseo deseamos necesito quisiera gustaria interesa interesado interesada quiere acepto "
        "autorizo prefiero"
    ),
    "MENSAJE": (
        "mensaje mensajes mensajitos texto textos sms publicidad promociones propaganda notificaciones msj msjs "
        "mensages mjs correos llamadas anuncios suscripcion subscripcion alertas mensajeria spam promocion"
    ),
    "MENSAJE_NO": "nada eso esto cosas",
    "QUITE": (
        "quite quiten quita quitar quiteme quitenme quitame quitarme saque saquen saca sacar saqueme saquenme "
        "sacame sacarme borre borren borra borrar borreme borrenme borrame borrarme elimine eliminen elimina "
        "eliminar elimineme eliminenme eliminame eliminarme remueva remuevan remueve remover remuevame remuevanme "
        "remueveme retire retiren retirar retireme retirenme retirame retirarme tache tachen bajeme bajenme "
        "sacarnos saquenos quitenos borrenos"
    ),
    "QUITEME": (
        "quiteme quitenme quitame quitarme saqueme saquenme sacame sacarme borreme borrenme borrame borrarme "
        "elimineme eliminenme eliminame eliminarme remuevame remuevanme remueveme retireme retirenme retirame "
        "retirarme bajeme bajenme saquenos quitenos borrenos sacarnos desuscribanme desuscribame"
    ),
    "DEME": "deme denme dame darme dar den darse darnos doy darle demen denos solicito pido",
    "DESUSCRIBA": (
        "desuscribir desuscribirme desuscribanme desuscribame desuscribe desuscribirse desuscripcion desinscribir "
        "desinscribirme desuscribeme dessuscribir desubscribir desuscriba desuscriban"
    ),
    "CANCELE": "cancelar cancele cancelen cancela cancelo anular anule anulen anula termine terminen suspender",
    "MI": "mi mis este ese el la su sus los tu nuestro nuestros numero",
    "NUMERO": "nro num numero numeros nombre telefono celular contacto datos cel num informacion",
    "LISTA": "lista listas base sistema registros registro contactos contacto grupo agenda directorio datos",
    "VUELVA": "vuelva vuelvan vuelvas vuelve vuelven volver sigan siga sigas",
    "NO_ES": "ni no ya nunca jamas tampoco",
    "MAS": "mas nunca jamas nuevo otra vez ya",
    "LUEGO": "antes despues hoy manana ahorita mientras hasta cuando temprano tarde noche trabajo todavia",
    "CORTESIA": (
        "por favor gracias ya hola oiga oye ok si no porfavor porfa ahora inmediatamente buenas buenos dias "
        "tardes noches disculpe disculpa senor senora senorita amigo mas nunca vez nuevo otra mijo ahorita mucho "
        "muchas les le lo pido pues muy amable que ustedes usted tu esto eso a de una con todo todos los me "
        "xfavor es"
    ),
    "EQUIVOCADO": (
        "equivocado equivocada equivocados incorrecto erroneo equivocaron equivoco equivocaste equivocas equivoca "
        "equibocado equivocadas"
    ),
}

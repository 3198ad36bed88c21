"""French words by the part they play, accents folded: forms of tu and vous, Quebec's words too. Elided words stand
apart (`m'ecrire` is `m` and `ecrire`)."""

from typing import Final

WORDS: Final[dict[str, str]] = {
    "ARRETE": (
        "arretiez cessiez arretez arrete arreter arretes arret arrets cessez cesse cesser cessent stoppez stoppe "
        "stopper arette aretez arretter arretez-vous arete arreté finissez lachez"
    ),
    "ECRIRE": (
        "ecrire ecrivez ecris ecrives envoyer envoyez envoie envoies texter textez texte textes contacter "
        "contactez contacte contactes deranger derangez derange harceler harcelez harcele importuner importunez "
        "spammer spammez solliciter sollicitez sollicite relancer relancez relance embeter embetez achaler "
        "achalez joindre joignez emmerder emmerdez messager ecriviez envoyiez contactiez textiez parler "
        "communiquer communiquez repondez ennuyer ennuyez"
    ),
    "APPELER": "appeler appelez appelle appelles rappelez rappeler",
    "ENVOYER": "envoyer envoyez envoie envoies envoyiez",
    "NE": "ne n",
    "PLUS": "plus pas jamais pu pus rien",
    "ME_F": "me m nous moi mon ma mes notre",
    "VEUX": "veux voudrais souhaite souhaitons desire voulons aimerais veut accepte consens souhaiterais",
    "RECEVOIR": "recevoir recevrai recois recevoirs avoir etre",
    "CONTACTE_F": (
        "contacte contactee contactes sollicite sollicitee derange derangee appele appelee texte textee relance"
    ),
    "MESSAGE_F": (
        "message messages texto textos sms pub pubs publicite publicites promotions notifications spam courriels "
        "communications envois envoi sollicitations offres alertes appels communication"
    ),
    "RETIRE": (
        "retirez retire retirer enlevez enleve enlever supprimez supprime supprimer effacez efface effacer rayez "
        "raye rayer otez oter radiez radier otes enleves"
    ),
    "DESABONNE": (
        "desabonner desabonnez desabonne desabonnement desabonnes desinscrire desinscrivez desinscris "
        "desinscription desinscrit desinscrits desabonnee resilier resiliez desabonez desaboner desincrire"
    ),
    "NUMERO_F": "numero nom numeros coordonnees telephone cellulaire cell contact nombre",
    "LISTE": "liste listes base fichier fichiers repertoire systeme contacts donnees",
    "LAISSE": "laissez laisse laisser foutez fous fout fichez fiche lachez lache laches",
    "PAIX": "tranquille tranquilles paix patience",
    "QUAND": "avant apres demain soir travail matin aujourd aujourdhui semaine",
    "POLITESSE": (
        "merci svp stp s il vous te plait plaît bonjour bonsoir salut allo monsieur madame de d maintenant "
        "immediatement tout suite desormais veuillez priere bien vouloir je j ai demande demander ok non oui ca "
        "cela moi nous donc un peu deja encore a l avenir svpl vraiment pliz bonne journee cordialement"
    ),
    "TROMPE": "trompez trompe trompes tromper",
}

"""How people ask in French not to be texted: forms of tu and vous, Quebec's words too."""

from typing import Final

from webapp.rules.language.tables import RuleText as Rule

RULES: Final = (
    Rule(
        "arretez_de",
        "suppress",
        "Cessez de m'écrire",
        on="ARRETE",
        pattern=r"(ARRETE|STOP) (POLI|FILL|ABUSE|don){0,4} (de|d|a|avec) (ME_F|vous|POLI){0,3} "
        r"(ECRIRE|APPELER|CONTACTE_F|MESSAGE_F|RECEVOIR (ME_F|vos|ces|des|les|de|vous|tous){0,3} MESSAGE_F)",
    ),
    Rule(
        "arretez_de",
        "suppress",
        "stoppez les messages",
        on="ARRETE STOP",
        pattern=r"(ARRETE|STOP|terminez|annulez|annuler) (POLI|avec|aux|a|de|ces|les|vos|tous|des|toutes|toute|l"
        r"|envoi|envois|ce|cet|tes|d|ENVOYER){0,6} MESSAGE_F",
        unless=r"(lache|laches|lachez) (POLI|moi|nous|m){0,2} (un|une)",
    ),
    Rule(
        "arretez",
        "suppress",
        "Merci d'arrêter",
        on="ARRETE",
        pattern=r"@begin (POLI|FILL|de|d|il|faut|peux|pouvez|pourriez|voulez|veux|voudrais|aimerais|dit|deja|ca|vous"
        r"|tu|que|tanne|s){0,8} ARRETE (ARRETE|POLI|FILL|ABUSE|THIS|ca|cela|tout|la|harcelement|MESSAGE_F){0,6} @end",
        unless=r"(l|un|prochain|cet|quel) arret",
    ),
    Rule(
        "ne_plus_ecrire",
        "suppress",
        "m'écrivez plus",
        on="NE PLUS",
        pattern=r"(NE)? (ME_F|vous) ECRIRE (ME_F|FILL|POLI){0,2} (plus|jamais|pu|pus) (?!ANY{0,3} QUAND)",
        unless=r"plus (tard|tot|vite|souvent|long)|(je|j|on) (NE)? (vous|t|te) ECRIRE"
        r"|ENVOYER (ME_F)? (plus|pu) (de|d) (?!MESSAGE_F|rien|POLI)|je NE? (ME_F)? ECRIRE|@prefers_texts"
        r"|plus (de|d) (details|photos|info|infos|information|informations|maisons)",
    ),
    Rule(
        "ne_plus_ecrire",
        "suppress",
        "ne plus m'écrire",
        on="NE",
        pattern=r"NE (PLUS|vous|surtout|desormais){1,3} (ME_F|jamais|POLI){0,3} (ECRIRE|CONTACTE_F|RECEVOIR "
        r"(MESSAGE_F|de|vos|d|aucun|ca|cela|rien|@end)|RECEVOIR (CONTACTE_F|MESSAGE_F)|etre CONTACTE_F)(?!ANY{0,3} "
        r"QUAND)",
    ),
    Rule(
        "ne_plus_ecrire",
        "suppress",
        "n'écrivez plus",
        on="NE",
        pattern=r"NE (ME_F|nous)? ECRIRE (ME_F)? (PLUS|pas) (avec (moi|nous)|MESSAGE_F|de MESSAGE_F|d "
        r"MESSAGE_F|@end|POLI|rien|a ce|sur ce|FILL) (?!QUAND)",
        unless=r"@prefers_texts|NE (ME_F)? APPELER|je (NE)|QUAND",
    ),
    Rule(
        "ne_plus_ecrire",
        "suppress",
        "pas m'ecrire",
        on="PLUS",
        pattern=r"@begin POLI{0,4} (ME_F) ECRIRE (plus|pu|pus|jamais) POLI{0,3} @end"
        r"|@begin POLI{0,4} (pas|plus) (ME_F) ECRIRE POLI{0,3} @end",
    ),
    Rule(
        "n_appelez_plus",
        "hold",
        "ne m'appelez plus",
        on="APPELER",
        pattern=r"NE (ME_F)? APPELER (ME_F)? (plus|pas|jamais) POLI{0,3} @end",
        unless=r"@prefers_texts",
    ),
    Rule(
        "ne_veux_plus",
        "suppress",
        "je ne veux plus de messages",
        on="VEUX",
        pattern=r"(je|j|on|nous|ne|n|@begin) NE? VEUX (PLUS|pu) "
        r"(de|d|RECEVOIR|vos|ces|les|des|jamais|aucun|aucune|que|vous|tu|etre|entendre|ME_F|POLI|voir|sur|tes"
        r"|dans){0,6} (RECEVOIR (MESSAGE_F|CONTACTE_F|@end|rien|ca|(de|d|vos|aucun|aucune) (autres|autre|vos|tels)? "
        r"(MESSAGE_F|vous|ECRIRE|APPELER|contact))|MESSAGE_F|CONTACTE_F|ECRIRE|parler de vous|votre liste|LISTE)",
        unless=r"vocal|vocale|VEUX (plus) (de|d) (details|photos|info)|manquer|rater",
    ),
    Rule(
        "pas_interesse_a",
        "suppress",
        "plus interessee a recevoir vos textos",
        on="PLUS",
        pattern=r"(PLUS) (FILL)? (interesse|interessee|envie|besoin) (a|de|d|par|ME_F|POLI|vos|RECEVOIR|ces|les){0,4} "
        r"(MESSAGE_F|RECEVOIR|ECRIRE|CONTACTE_F)",
    ),
    Rule(
        "plus_de",
        "suppress",
        "plus de textos",
        on="MESSAGE_F",
        pattern=r"(@begin (POLI|STOP){0,4} (plus|pu|pus|pas|aucun|zero)|assez|marre|ras le "
        r"bol|tanne|tannee|fini|finis) (de|d|des|les|vos|ces|tous|avec|un|aucun|autre|autres|recevoir|POLI){0,4} "
        r"MESSAGE_F (POLI|FILL|@end){0,3} @end",
        unless=r"QM|vocal|de (lui|elle|son|sa)|ai (plus|pas)|recu|recois|QUAND|seulement|uniquement"
        r"|(textos|messages) (c est mieux|ok|oui)",
    ),
    Rule(
        "assez",
        "hold",
        "ça suffit",
        on="PLUS POLI",
        pattern=r"@begin POLI{0,3} (ca suffit|assez|c est assez|ca va faire|y en a marre|j en ai marre|fini) "
        r"POLI{0,3} @end",
    ),
    Rule(
        "desabonner",
        "suppress",
        "désinscription",
        on="DESABONNE",
        pattern=r"DESABONNE",
    ),
    Rule(
        "retirez_moi",
        "suppress",
        "retirer mon nom",
        on="RETIRE",
        pattern=r"(RETIRE) (POLI){0,2} (moi|nous|ME_F NUMERO_F|ce NUMERO_F|mon NUMERO_F|le NUMERO_F) (?!@elsewhere) "
        r"(?!ANY{0,3} (bail|hypotheque|pret|contrat))"
        r"|(ME_F|m|me) (RETIRE) (de|d|POLI) (ANY{0,3} LISTE|votre|vos|@end)|(ME_F) RETIRE POLI{0,3} @end"
        r"|ne plus etre sur ANY{0,2} LISTE|(etre|me faire) RETIRE (de|du|d) ANY{0,2} LISTE",
    ),
    Rule(
        "retirez_moi",
        "suppress",
        "oubliez mon numero",
        on="RETIRE oubliez oublie perdez",
        pattern=r"(oubliez|oublie|perdez|RETIRE) (mon|ce|mes) NUMERO_F",
    ),
    Rule(
        "tranquille",
        "suppress",
        "foutez-moi la paix",
        on="LAISSE",
        pattern=r"LAISSE (POLI|ME_F|donc){1,3} (un|peu|donc|en|la|POLI|ABUSE){0,4} (PAIX|patience)"
        r"|@begin POLI{0,3} (lachez|lache|fous|foutez) (moi|nous) (POLI|FILL|les baskets|un peu|donc){0,3} "
        r"@end|(vous|tu) (ME_F) (derangez|harcelez|ecoeurez|deranges|harceles)",
    ),
    Rule(
        "consentement",
        "suppress",
        "je retire mon consentement",
        on="RETIRE ME_F PLUS",
        pattern=r"(RETIRE|revoque|annule|retire) (POLI|ME_F){0,3} (consentement|permission|autorisation)"
        r"|(pas|jamais) (ANY{0,2}) (donne|consenti|autorise) ANY{0,4} "
        r"(consentement|permission|ECRIRE|CONTACTE_F|RECEVOIR|MESSAGE_F)"
        r"|avez (PLUS) (mon|ma|l|d|la|eu mon|eu ma) (autorisation|permission|consentement|accord)",
    ),
    Rule(
        "jamais_demande",
        "hold",
        "je n'ai jamais demandé ces messages",
        on="PLUS",
        pattern=r"(jamais|pas) (demande|inscrit|inscrite|abonne|donne mon numero|sollicite) "
        r"(POLI|a|de|ces|vos|rien|ca|RECEVOIR|@end|mon){0,3} (MESSAGE_F|@end|ca|RECEVOIR|cela)",
        unless=r"QM",
    ),
    Rule(
        "hostile_fr",
        "hold",
        "dégagez",
        on="",
        pattern=r"@begin POLI{0,4} (va te faire|allez vous faire|degagez|degage|foutez le camp|fous le camp|va "
        r"chier|mange d|decrisse|decalisse|ta gueule|allez chier|casse toi|cassez vous|fichez le camp|tabarnak|va "
        r"au diable) ANY{0,4} @end",
    ),
    Rule(
        "plainte",
        "hold",
        "je vais signaler ce numero",
        on="POLI ME_F NE",
        pattern=r"(signaler|signale|plainte|denoncer|denonce|bloquer|bloque|crtc|lnnte) "
        r"(POLI|vous|ce|numero|contre|au|aupres|crtc|comme|spam|@end){1,4}",
        unless=r"route|rue|entree|stationnement",
    ),
)

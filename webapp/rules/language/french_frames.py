"""The broad frames of a French request, Quebec's among them: an ending or a negation, and what is to come no more."""

from typing import Final

from webapp.rules.language.tables import RuleText as Rule

RULES: Final = (
    Rule(
        "arretez_de",
        "suppress",
        "mettez fin aux textos",
        on="CESSE ARRETE fin STOP fini assez marre tanne tannee",
        pattern=r"(CESSE|ARRETE|STOP|(mettre|mettez|mets|met) (POLI|un|une){0,2} (fin|stop|terme|halte)) "
        r"(POLI|don|de|d|avec|aux|au|a|les|le|la|vos|tes|ces|ce|tous|des|toutes|l|nous|ME_F|envoi|votre|ton"
        r"|cet){0,6} ((ECRIRE|APPELER) (?<!text) (ANY{0,2} "
        r"MESSAGE_F|@end|POLI|ME_F)|MESSAGE_F|(abonnement|inscription) (?! (au|a la|de|chez) (?!ANY? MESSAGE_F)))"
        r"|(CESSE|ARRETE) (tout|toute|tous|vos|POLI){0,3} "
        r"(contact|communication|communications|contacts|correspondance) (@end|POLI|avec (moi|nous))"
        r"|(ARRETE|CESSE) don (de|d) (ME_F)? ECRIRE",
        unless=r"(lache|laches|lachez) (POLI|moi|nous|m|un){0,2} (un|une) "
        r"|(ai|as|avez|a|est|suis|quand|si|pas|sans) (vous|tu|NE)? (CESSE|ARRETE)|QM"
        r"|(cesser|arreter|mettre) pas (de|d)",
    ),
    Rule(
        "arretez_de",
        "suppress",
        "c'est la 5e fois que je vous dis d'arrêter",
        on="ARRETE CESSE LISTE",
        pattern=r"(dire|repeter|redire|dis|dit|demande|demander|prie|repete|supplie|demandons|exige|somme|ordonne"
        r"|veux|aimerais) (POLI|que|vous|tu|fois|ME_F|a|tout|le|monde){0,4} (d|de) (tout)? (ARRETE|cesser|stopper) "
        r"(POLI|FILL|tout|ca|cela|THIS){0,4} @end"
        r"|(faut|faudrait) (que)? (ca|cela|vous|tu)? ARRETE (POLI|FILL){0,3} @end"
        r"|@begin STOP POLI{0,3} ,? ARRETE (POLI|ca){0,4} @end"
        r"|(interesse|interessee) EVERY{0,3} ARRETE POLI{0,3} @close"
        r"|(sur|a) (votre|la|ta|une)? liste (noire|rouge|d exclusion|d exclusions|nationale)",
        unless=r"(m|me|l|lui|leur|nous) (a|ont|avait) (dit|demande)|QM",
    ),
    Rule(
        "plus_de",
        "suppress",
        "écoeurée de vos textos",
        on="MESSAGE_F PLUS",
        pattern=r"(@begin (POLI|STOP){0,4} (fini|finis|fin|assez|marre|basta|zero|aucun|plus|pu|pus|pas)|tanne|tannee"
        r"|ras le bol|plein le (dos|cul)|ecoeure|ecoeuree|ca va faire|ca suffit|ca fera|y en a "
        r"marre|marre|besoin|non) (de|d|des|avec|par|les|le|vos|tes|ces|tous|recevoir|plus|POLI|PLUS){0,5} "
        r"MESSAGE_F (?! (sur|de la|du|non) )"
        r"|MESSAGE_F (NE)? sont (pas|plus) (les)? (bienvenus|bienvenues|voulus|desires|appropries)"
        r"|@begin POLI{0,4} (plus|pu|pas|aucun|aucune|fini) (de|d|les)? "
        r"(contact|contacts|communication|communications|sollicitation|sollicitations) POLI{0,3} @end",
        unless=r"QM|vocal|de (lui|elle|son|sa)|QUAND|seulement|uniquement|(la|le) (nuit|soir)"
        r"|ai (plus|pas|NE) (?!besoin)|recu|recois|a (plus|pas)|pas (besoin|fini) (de)? (m|votre|son|ses) "
        r"|as tu|avez",
    ),
    Rule(
        "ne_plus_ecrire",
        "suppress",
        "svp n'en envoyez plus",
        on="NE ME_F",
        pattern=r"(?<!je) (?<!on) (?<!il) NE (ME_F|en|y|lui|nous|les){0,3} (ECRIRE) (ME_F|en|FILL|POLI){0,3} "
        r"(plus|pu|pus|jamais|plu) (@end|POLI|MESSAGE_F|jamais|rien|(de|d|vos|ces|aucun) MESSAGE_F|a ce|sur "
        r"ce|ABUSE)|(?<!je) (?<!on) ME_F ECRIRE (POLI|MESSAGE_F|en){0,2} (pu|pus|plu|jamais|plus) "
        r"(@end|POLI|jamais|MESSAGE_F|rien|ABUSE)",
        unless=r"plus (de|d) (details|photos|info|infos|information|informations|maisons)|@prefers_texts"
        r"|(il|elle|ils|on|je|jean|ca|qui) (NE)? (ME_F) (ECRIRE|CONTACTE_F)|QUAND|a ECRIRE|QM",
    ),
    Rule(
        "ne_plus_ecrire",
        "suppress",
        "écrivez moi plus jamais",
        on="ME_F",
        pattern=r"(?<!je) (ECRIRE) (POLI|en){0,1} (moi|nous) (POLI|en){0,1} (plus jamais|jamais|pu|pus|plu|plus "
        r"MESSAGE_F|plus rien|plus @close|plus (svp|merci|stp|POLI @close)|pas MESSAGE_F|pas @close) (?!ANY{0,3} "
        r"QUAND)",
        unless=r"QM|pu (etre|aller|venir|voir)|(peux|pouvez) (ECRIRE)",
    ),
    Rule(
        "ne_plus_ecrire",
        "suppress",
        "j'aimerais ne plus faire partie de votre liste d'envoi",
        on="LISTE PLUS ECRIRE APPELER RECEVOIR",
        pattern=r"(plus|pu|pus|pas|jamais) (POLI|ME_F){0,2} (faire partie|etre|figurer|apparaitre|voir|partie) "
        r"(POLI|inscrit|inscrite|mon nom|ME_F NUMERO_F|abonne|abonnee|de|dans|sur|a){1,4} "
        r"(vos|votre|ta|tes|cette|la|les|ces|une) (ANY)? (LISTE|MESSAGE_F)"
        r"|(veux|voudrais|aimerais|souhaite|desire) (POLI|NE){0,2} (plus|pas|pu|pus|jamais) (POLI|ME_F){0,2} "
        r"(RECEVOIR|entendre parler|etre|avoir) (POLI|de|d|vos|tes|ces|aucun|aucune|autre|par|un|CONTACTE_F){0,5} "
        r"(MESSAGE_F|vous|CONTACTE_F|ECRIRE|nouvelles)"
        r"|VEUX (PLUS|POLI|NE){1,3} (rien)? (savoir|entendre parler) (@end|de vous|rien)"
        r"|si (vous|tu) (continuez|continues|continue|persistez) (a|de) (ME_F)? (ECRIRE|APPELER)"
        r"|si (vous|tu) (ME_F) (reecrivez|reecris|recrivez|recontactez|recontactes|retextez)"
        r"|en VEUX (plus|pu|pas) (POLI|de|vos|tes|ces){0,4} MESSAGE_F"
        r"|(refuse|oppose|refusons) (de|d|a|POLI){0,3} (RECEVOIR|etre) (POLI|de|des|vos|tes|ces){0,3} "
        r"(MESSAGE_F|CONTACTE_F)|ECRIRE (plus|pu|pus|pas|jamais) a? (ce|mon|notre) (NUMERO_F)",
        unless=r"LISTE d attente|manquer|rater|QM|VEUX (plus|pas) (avoir|etre) (de|d)? (APPELER|appels)",
    ),
    Rule(
        "retirez_moi",
        "suppress",
        "jette mon numéro",
        on="RETIRE oubliez oublie perds perdez LISTE jette jetez disparaitre",
        pattern=r"(RETIRE|oublie|oubliez|perds|perdez|jette|jetez) (POLI|donc|moi){0,3} (mon|ma|mes|ce|notre|nos|le) "
        r"(NUMERO_F) (?!@elsewhere) (?! (sur|du|de la|dans) (bail|contrat|fiche|annonce|pret|dossier de))"
        r"|(RETIRE) (POLI|donc){0,2} (moi|nous) (POLI|donc|toute){0,3} (de|d|des|du|sur) "
        r"(vos|votre|ta|tes|la|cette|ces|ce|vot|l) (ANY)? LISTE"
        r"|(RETIRE) (moi|nous) (POLI){0,3} (de la|d ici|de ca|de vos (affaires|textos|messages))"
        r"|(ME_F) (POLI){0,2} RETIRE (POLI|toute|tout){0,2} (de|d|des|du) "
        r"(vos|votre|ta|tes|la|cette|ces|ce|l) (ANY)? LISTE"
        r"|(retrait|suppression|desabonnement|radiation) (POLI|du|de){0,3} (mon|ce) NUMERO_F"
        r"|(?!mettez|mets|ajoutez|ajoute|gardez|garde|parlez|parle|envoyez|inscrivez|envoie) ANY moi "
        r"POLI{0,2} (de|d|hors) (vos|votre|ta|tes|cette) ANY? LISTE"
        r"|(faites|fais|faire) disparaitre (mon|ma|mes|ce) NUMERO_F",
        unless=r"LISTE d attente|(ne|n) (RETIRE) |RETIRE ANY{1,4} (maison|condo|offre|annonce)",
    ),
    Rule(
        "ne_plus_ecrire",
        "hold",
        "envoyez moi plus de textos",
        on="ECRIRE",
        pattern=r"@begin POLI{0,3} ECRIRE (moi|nous) (plus|pus) (de|d) MESSAGE_F POLI{0,3} @end",
    ),
)

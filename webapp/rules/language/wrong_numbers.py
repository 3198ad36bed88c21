"""How people say that they are not the one we mean, in three languages."""

from typing import Final

from webapp.rules.language.tables import RuleText as Rule

#: All three languages: the account wants to know that the number is not the lead's, whatever else is said.
RULES: Final = (
    Rule(
        "wrong_number",
        "suppress",
        "you have the wrong number",
        on="WRONG",
        pattern=r"WRONG (AROUND){0,2} WHO (?!(of|on the|on your|in the|in your) )"
        r"|YOU (FILL|have|got|has){0,3} (the|a) WRONG (one|NAME|PROPER) (@end|FILL)",
        unless=r"not (a|the) WRONG|oops|whoops|meant to send|that was for|meant for my"
        r"|(SELF|did SELF|do SELF) (FILL|have|had){0,2} "
        r"(gave|called|have|had|put|typed|texted|dialed|wrote|sent|give|get|call|text|entered|listed) ANY{0,3} WRONG"
        r"|is (this|that|it) (the|a)? WRONG|give (YOU|me) ANY{0,2} WRONG"
        r"|(code|codes|pin|lockbox|address|price|unit|lot|house|apt|suite|sign|flyer|listing) (FILL|is|was|has|had"
        r"|shows"
        r"|says|lists|on it){1,3} (the|a)? WRONG"
        r"|WRONG (phone|contact|cell)? (number|num|phone|contact) (FILL)? (of|on|in|for (the "
        r"(?!TIMES|third|second|umpteenth|fourth|fifth|last|ANY time)|your|my)|is|was|listed|at) (?!my|this|me)",
    ),
    Rule(
        "wrong_number",
        "suppress",
        "I'm not who you think I am",
        on="YOU NOT",
        pattern=r"YOU (have|got|must|are|FILL|be|have got){0,4} (me|us) (confused|mixed up|mistaken) (with)?"
        r"|mistaken identity"
        r"|(not|isnt|aint) (the|your) (right|correct) (person|number|num|contact|guy) (@end|FILL|for "
        r"(NAME|him|her|that))|not (the|who|whom) (person|one|guy|lady|owner)? (that|who)? YOU "
        r"(think|want|FILL|are|r|were|trying|after|need|looking){1,4}",
    ),
    Rule(
        "wrong_number",
        "suppress",
        "this isn't John",
        on="NAME",
        pattern=r"(SELF|this|THIS|THISIS|it|that|he|she) (am|is|are|isnt|aint|FILL|DIDNT|was){0,2} "
        r"(not|isnt|aint|DIDNT) (a|FILL){0,2} (NAME|PROPER NAME|NAME PROPER|NAME NAME) "
        r"(@end|AROUND|NUMBER|nor|or|and|sorry|anymore|never|YOU)",
        unless=r"QM|(NAME|PROPER) but (SELF|@me|this)",
    ),
    Rule(
        "wrong_number",
        "suppress",
        "Not Brian. New phone owner",
        on="NAME",
        pattern=r"my name (FILL)? (is not|isnt|aint|not) (NAME|PROPER)"
        r"|@begin FILL{0,3} (not|isnt|aint|not a) (NAME|PROPER NAME|NAME PROPER|NAME NAME) (FILL){0,3} @end"
        r"|(this|THIS|it|that) (isnt|aint|is not|not|DIDNT) (NAME|PROPER NAME|NAME PROPER|NAME NAME)",
        unless=r"is (it|this) QM|right QM",
    ),
    Rule(
        "wrong_number",
        "suppress",
        "no Maria here",
        on="NAME PROPER",
        pattern=r"(no|nobody|noone|no one|isnt|aint|not|isnt any|dont have|isnt a|not a|no such|never been) "
        r"(FILL|a|any|person|one|named|called|person named|by|the name of|with){0,4} (NAME|PROPER) (NAME|PROPER)? "
        r"(HERE|at this NUMBER|on this NUMBER|in this|lives|at this|on this|with this|has this)",
    ),
    Rule(
        "wrong_number",
        "suppress",
        "I don't know any Patricia",
        on="NAME PROPER",
        pattern=r"(nobody|noone|no one|DONT|do not|never) (HERE|know|knew|heard of|have){0,2} "
        r"(any|a|who|anyone|anybody|someone|no|one){0,3} (named|called|by the name|by the name of|goes by|is|with "
        r"the name){0,2} (NAME|PROPER) (NAME|PROPER)? (@end|HERE|and|sorry|PLEASE|ok|anymore|right)",
        unless=r"know (NAME|PROPER) (well|and|from)",
    ),
    Rule(
        "wrong_number",
        "suppress",
        "no one by that name here",
        on="NOT FILL DONT HERE",
        pattern=r"(no|nobody|noone|no one|not anyone|anyone|anybody) (HERE|one|is|in|this|house|there){0,3} "
        r"(by|with|of|has|goes by|named|called) (that|this|the) name",
    ),
    Rule(
        "wrong_number",
        "suppress",
        "I've had this number for 2 years, I'm not her",
        on="DIGITS NUMBER",
        pattern=r"(just|recently|only|SELF|new) (FILL|have|had){0,2} (got|bought|received|acquired|have|had) "
        r"(this|THIS) KIND{0,2} (new)? (PHONENO) (?!for my) "
        r"(@end|recently|last|from|FILL|NUM|a|this|in|and|SELF|today|for|since|so|but)",
        unless=r"@begin (FILL|hey|this){0,3} (this is|its|THISIS) (FILL)? (NAME|PROPER)",
    ),
    Rule(
        "wrong_number",
        "suppress",
        "He changed his number",
        on="DIGITS NUMBER NAME THIRD",
        pattern=r"(he|she|they|NAME|PROPER|person|THIRD|one) (FILL|DIDNT|no longer|not|dont|does not|do not|isnt|is "
        r"no longer|is not){1,3} (has|have|own|owns|use|uses|using|had|at|on|associated with|reachable at){0,2} "
        r"(this|that) KIND{0,2} (PHONENO|phone|cell)"
        r"|(he|she|they|NAME|PROPER|person|THIRD) (FILL|has|have){0,2} changed (his|her|their) KIND{0,2} "
        r"PHONENO|(he|she|NAME|PROPER|person) (FILL|DIDNT|no longer|not|dont|does not|do not){1,2} "
        r"(live|lives|work|works|reside) (here|at this)",
        unless=r"(he|she|they|THIRD) (DONT|DIDNT|not) (know|like|think)|use (NUM|this|that)|NUM NUM"
        r"|new (number|one)|DIDNT (work|works) ANY? (today|tomorrow)",
    ),
    Rule(
        "wrong_number",
        "suppress",
        "this is no longer his number",
        on="DIGITS NUMBER",
        pattern=r"(this|THIS|it|that|THISIS) (is|isnt|FILL|DIDNT|aint){0,2} (not|no longer|isnt|aint|DIDNT) "
        r"(his|her|their|him|the|a|OWNER|NAME|PROPER|THIRD|MY)? (KIND){0,2} (NUMBER) (for "
        r"(NAME|him|her|PROPER|that)|@end|FILL|anymore|of (NAME|PROPER))",
        unless=r"(not|isnt|aint) my NUMBER|not (the|a) (KIND)? NUMBER (SELF|YOU)"
        r"|(not|isnt) (the|a|my) (best|good|right)",
    ),
    Rule(
        "wrong_number",
        "suppress",
        "This number belongs to someone else now",
        on="DIGITS NUMBER",
        pattern=r"(this|THIS) KIND{0,2} NUMBER (DIDNT|FILL|does not|no longer){0,2} (belong to "
        r"(NAME|PROPER|him|her|that|them|this)|belongs|belong|has been reassigned|was reassigned|is now|changed "
        r"owners|got reassigned|has a new owner|has changed|now belongs)"
        r"|new (owner|person|phone owner|owner of) (of|with|at|for)? (this|the)? (NUMBER)"
        r"|(no longer|not) (the owner of|owner of|associated with|at) this NUMBER",
    ),
    Rule(
        "wrong_number",
        "hold",
        "I'm not Dequan",
        on="PROPER",
        pattern=r"(SELF (am|FILL)? (not|aint)|(this|THIS|it|THISIS|that) (isnt|is not|aint|not|DIDNT)) PROPER "
        r"(PROPER|NAME)? (@end|sorry|AROUND)",
        unless=r"QM",
    ),
    Rule(
        "wrong_number",
        "suppress",
        "esta equivocado",
        on="EQUIVOCADO",
        pattern=r"@edge CORTES{0,3} (equivocado|equivocada) CORTES{0,3} @close"
        r"|(NUMERO|persona|telefono|numero|gente) EQUIVOCADO"
        r"|(esta|estan|estas|tiene|tienen|tienes|se|te|creo que|nos) "
        r"(FILL|el|la|NUMERO|numero|persona|ha|han|has|muy|creo|que|usted){0,4} EQUIVOCADO (de "
        r"(NUMERO|persona|numero)|@end|CORTES|el NUMERO|NUMERO|persona)",
        unless=r"(NUMERO|numero) EQUIVOCADO (de|en) (?!mi)|(yo|me) EQUIVOCADO|(casa|direccion) EQUIVOCADO",
    ),
    Rule(
        "wrong_number",
        "suppress",
        "No soy Maria",
        on="NO_ES",
        pattern=r"(no|ni|yo no) (soy|es|me llamo|se llama|somos) (la|el|senor|senora|ningun|ninguna|CORTES){0,2} "
        r"(NAME|PROPER) (NAME|PROPER)? (@end|CORTES|se|ni|este|aqui|FILL|y)"
        r"|no es (el|su|MI) (NUMERO|numero|telefono) de (NAME|PROPER|ella|el|esa|quien)"
        r"|(este|ese|ya|MI|CORTES) (numero|telefono|NUMERO)? (ya)? no (es|le pertenece a|pertenece a) "
        r"(el|la|su|de|MI){0,2} (NUMERO|numero|telefono|celular|NAME|PROPER) (de|@end|CORTES|NAME|PROPER)",
        unless=r"QM|pero (aqui|si|igual)|(me|nos) (puede|pueden) (escribir|mandar|llamar)",
    ),
    Rule(
        "wrong_number",
        "suppress",
        "No conozco a Juan",
        on="NO_ES HERE",
        pattern=r"(no) (conozco|conocemos|se quien es|hay|vive|existe|trabaja|esta|tenemos) "
        r"(a|HERE|ningun|ninguna|nadie|con|ese|esa|persona|nombre|esta|este|por|CORTES|alguien|ya){0,6} "
        r"(NAME|PROPER|ese nombre|esa persona|nombre)"
        r"|HERE (no|ya no) (es|vive|hay|trabaja) (nadie|ningun|ninguna|CORTES|con|ese|esa|por){0,3} "
        r"(NAME|PROPER|persona|nombre|@end)"
        r"|(esa persona|el|ella|NAME|PROPER) (ya)? no (vive aqui|tiene este numero|usa este numero)"
        r"|(me dieron|tengo|acabo de) ANY{0,5} este numero",
        unless=r"ahorita|ahora|hoy|todavia|el le|ella le",
    ),
    Rule(
        "wrong_number",
        "suppress",
        "mauvais numéro",
        on="TROMPE NUMERO_F mauvaise mauvais",
        pattern=r"(mauvais|faux|mauvaise|pas le bon|pas la bonne) (NUMERO_F|personne|numero)"
        r"|(vous|tu|TROMPE) (vous|te|t|etes|es|FILL|devez){0,3} TROMPE (de "
        r"(NUMERO_F|personne|numero)|@end|(?!de|d) POLI)"
        r"|erreur (de|sur) (le|la)? (NUMERO_F|personne|numero)",
        unless=r"(mauvais|faux) (numero|NUMERO_F) (de|sur) (chambres|l|la|porte|dossier|rue|unite)"
        r"|j ai ANY{0,3} (mauvais|faux)",
    ),
    Rule(
        "wrong_number",
        "suppress",
        "ce n'est pas Jean",
        on="NAME PROPER",
        pattern=r"(je|j|c|ce|moi) (NE)? (suis|est|m appelle|etais) (PLUS) (monsieur|madame|du tout|m|mme){0,2} "
        r"(NAME|PROPER) (@end|POLI|ici)"
        r"|(il|y|a|pas) (NE|y|a|n){0,3} (pas|personne|aucun|aucune) (de|d|ici|nomme|nommee|du nom de|qui s "
        r"appelle){0,3} (NAME|PROPER) (ici|a ce|au|@end|POLI)"
        r"|(connais|connait|connaissons) (pas|aucun|aucune) (de|d)? (NAME|PROPER)"
        r"|(PLUS) (le|la|au) (NUMERO_F|numero) (de|d) (NAME|PROPER|la|cette|monsieur|madame)",
    ),
    Rule(
        "wrong_number",
        "suppress",
        "personne de ce nom ici",
        on="NUMERO_F PLUS",
        pattern=r"personne (de|a|avec|qui porte|du) (ce|nom){0,2} (nom|ici)"
        r"|(c est|ce n est|est) (PLUS) (son|le bon|le|sa) (NUMERO_F|numero)"
        r"|(ce|le) (NUMERO_F|numero) (NE)? (appartient|est) (PLUS) (a|au|le)"
        r"|(ce|cette) (NUMERO_F|numero) (a change|m appartient|n est plus)",
    ),
)

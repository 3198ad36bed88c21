"""How people say in French that they are not the one we mean: another's number, another person, a shop."""

from typing import Final

from webapp.rules.language.tables import RuleText as Rule

RULES: Final = (
    Rule(
        "wrong_number",
        "suppress",
        "vous faites erreur",
        on="TROMPE NUMERO_F POLI PLUS erreur",
        pattern=r"(vous|tu|t) (POLI|devez|dois|avez|as|faites|fais|faire|fait|une|surement){1,4} erreur "
        r"(@end|POLI|de|sur|je|c)"
        r"|(pas|pu|plus) (POLI)? (au|le|la) (bon|bonne) (NUMERO_F|numero|personne|num)"
        r"|(mauvais|faux|mauvaise) (NUMERO_F|num|personne)"
        r"|(me|m|ME_F) (confondez|confonds|confond|prenez pour|melez|melangez|prends pour) "
        r"|(vous|tu|te|etes|es) (POLI)? (trompe|trompes|trompez|melez|mele|meles|melange|melanges) (de "
        r"(NUMERO_F|numero|personne|num)|@end)"
        r"|erreur (de|sur) (le|la)? (destinataire|interlocuteur|contact|client)",
        unless=r"je (ME_F)? (suis|ai|fais) ANY{0,2} (erreur|trompe)"
        r"|(mauvais|faux) (numero|NUMERO_F) (de|sur) (chambres|l|la|porte|dossier|rue|unite)",
    ),
    Rule(
        "wrong_number",
        "suppress",
        "c'est pas moi",
        on="PLUS NAME PROPER",
        pattern=r"(c|ce|cest|je|j) (NE)? (est|suis|etais|etait)? (POLI|NE)? (pas|plus|pu|jamais) (POLI|ete)? "
        r"((moi|lui|elle|son (NUMERO_F|cell|numero|telephone)) (POLI|LAUGH|ca|la){0,2} (@end|que vous "
        r"(cherchez|voulez)|tes|vous)|la personne (que|qu|@end)|celui que (vous|tu)|celle que (vous|tu)|TITLE? "
        r"(NAME|PROPER) (@end|POLI|ici|LAUGH|du|moi|ca))"
        r"|(m appelle|ME_F appelle|moi c est|suis|c est) (NAME|PROPER) ,? (pas|et pas|non) (NAME|PROPER)"
        r"|personne (qui)? (s|se|de|du nom de|nomme|nommee) (appelle)? (NAME|PROPER)"
        r"|appelle (pas|plus) (NAME|PROPER)"
        r"|(pas|plus|pu|aucun|aucune) (de|d) (TITLE)? (NAME|PROPER) (ici|icitte|a ce|au|@end|dans)"
        r"|(connais|connait) (pas|aucun|aucune|pu) (de|d|POLI){0,2} (TITLE)? (NAME|PROPER|cette personne|ce "
        r"monsieur|cette dame)|moi c est NAME , (pas|non) ANY @end",
        unless=r"QM (?=$)|pas (moi|lui|elle) (qui|que) (decide|paie|s)|cherche",
    ),
    Rule(
        "wrong_number",
        "suppress",
        "J'ai ce numéro depuis six mois",
        on="NUMERO_F MESSAGE_F cherchez cherches",
        pattern=r"(ai|avons|a) (POLI|eu|ce){0,3} ce (NUMERO_F|numero) (la)? (depuis|ca fait|NUM (mois|ans|an)|POLI "
        r"depuis)|(plus|pas|pu) (POLI)? (celui|celle|le (NUMERO_F|numero)) (de|d|a|du)"
        r"|(ce|mon|le) (NUMERO_F|numero) (POLI|NE){0,2} (appartient|est|etait) "
        r"(PLUS|POLI|maintenant|desormais){0,3} (a|celui|au|pas a) (de|d)? (quelqu|moi|un autre|une "
        r"autre|TITLE|NAME|PROPER|lui|elle)"
        r"|(quelqu'un|quelquun|une autre personne|un autre|autre personne) (d autre)? ANY{0,3} "
        r"(avait|utilisait|a donne) (ce|mon) (NUMERO_F|numero)"
        r"|(cherchez|cherches|message|texto|messages|textos) (POLI|est|etait|pour|destine|vous|a){0,5} "
        r"(quelqu'un d autre|quelquun d autre|une autre personne|l ancien|l ancienne)"
        r"|MESSAGE_F (NE)? (est|etait|n est) (PLUS) (pour|destine a) (moi|nous)"
        r"|ce NUMERO_F (est|c est)? (rendu|maintenant|desormais)? a moi|(NUMERO_F) (errone|incorrect)",
        unless=r"QM (?=$)",
    ),
    Rule(
        "wrong_number",
        "hold",
        "c'est une garderie ici",
        on="PLACE",
        pattern=r"@begin POLI{0,3} ((c est|ici c est|ici) (un|une|le|la) PLACE (ici|icitte)|ici c est (un|une|le|la) "
        r"PLACE|vous (etes (a|au|dans)|avez rejoint|textez|ecrivez a|appelez) (un|une|le|la) PLACE) POLI{0,3} @end",
        unless=r"QM",
    ),
    Rule(
        "wrong_number",
        "hold",
        "connais pas",
        on="connais nom",
        pattern=r"^ POLI{0,2} connais pas POLI{0,2} @close|@begin POLI{0,3} c est pas mon nom POLI{0,2} @close",
        unless=r"QM",
    ),
)

"""How people ask in French not to be texted. Accents are folded; forms of tu and vous, Quebec's words too."""

from typing import Final

from webapp.rules.grammar import END, START, Rule, rule

_WRITE = r"(?:envoy(?:ez|er|es)|envoie|envoies|ecri(?:vez|re|s|ves)|text(?:ez|er|e|es)|contact(?:ez|er|e|es)|derang(?:ez|er|e|es)|harcel(?:ez|er|e)|spamm(?:ez|er)|sollicit(?:ez|er)|importun(?:ez|er)|embet(?:ez|er|e)|messag(?:ez|er)|relanc(?:ez|er|e)|achal(?:ez|er))"
_WORDS = r"(?:messages?|textos?|sms|pubs?|publicites?|spam|rien|courriels?|communications?|sollicitations?|offres?)"
_COURTESY = r"(?:s'il vous plait|s'il te plait|svp|merci|bonjour|salut|allo|stop|ok|non|oui|maintenant|immediatement|tout de suite)"

STOP: Final[tuple[Rule, ...]] = (
    rule("ne_plus_ecrire", "suppress", rf"\b(?:ne |n')?(?:m'|me |nous |veuillez ne plus |plus )*{_WRITE}[ -]*(?:moi )?(?:plus|pas|jamais|pu)\b|\b(?:de )?ne (?:plus|pas|jamais) (?:(?:me|m'|nous|jamais) ?)*{_WRITE}\b|\bne plus (?:etre )?(?:recevoir|contacte|sollicite|derange)", r"\b(?:avant|apres|demain|ce soir)\b|(?<!ne )(?<!n')(?<!m')\benvoy\w+ plus (?:de |d')(?!messages?|textos?|sms|pub)|\bje ne\b.{0,12}\b(?:envoie|ecris|texte)\b"),
    rule("arretez_de", "suppress", rf"\b(?:arret(?:ez|e|er|es)|cess(?:ez|e|er)|stop(?:pez|per|pe)?|veuillez (?:arreter|cesser)) (?:(?:immediatement|svp|s'il vous plait) )*(?:de |d')(?:m'|me |nous |t'|vous )?{_WRITE}\b|\b(?:arret(?:ez|e|er)|cess(?:ez|er|e)|stoppez|stop) (?:(?:tous|tout|toutes|ces|les|vos|l'envoi|l'envoi de|aux|avec|de|des) ?)*{_WORDS}\b", r"\bpeux pas (?:m')?arreter|\bn'arret"),
    rule("retirez_moi", "suppress", r"\b(?:desabonn|desinscri|retir|enlev|supprim|effac|rayer|ray|ot)\w*[ -]?(?:moi|nous)\b|\b(?:me|m'|nous) ?(?:desabonner|desinscrire|desabonne|retirer de|enlever de|supprimer de|rayer)\b|\b(?:retir|supprim|effac|enlev|ot|ray)\w+ (?:mon|ce|mes|notre) (?:numero|nom|cell|cellulaire|telephone|coordonnees|contact)\b|\bdesabonnement\b|\bdesinscription\b|\bdesabonner?\b|\bdesinscri(?:re|vez)\b"),
    rule("ne_veux_plus", "suppress", rf"\bje (?:ne |n')?(?:veux|voudrais|souhaite|desire|aimerais|ai) (?:plus|pas|pu)(?: (?:de|vos|ces|les|des|jamais|besoin de|aucun|que vous|entendre|etre))*(?: (?:recevoir|{_WORDS}|contacte|texte|{_WRITE}|parler de vous))", r"\bpas recu\b"),
    rule("plus_de", "suppress", r"\b(?:plus|assez|marre|fini|ras[- ]le[- ]bol) (?:de|des|d'|les|de vos|de ces) ?(?:vos |ces |tous ces )?(?:messages?|textos?|sms|spam|pubs?)\b"),
    rule("tranquille", "suppress", r"\b(?:laiss|fich|fout|lach)\w*[ -](?:moi|nous|mo[iy])(?: (?:donc|un peu))?(?: (?:tranquilles?|en paix|la paix|patience))?\b|\bfous[ -]?moi\b|\bla paix\b"),
    rule("arretez", "suppress", rf"{START}(?:{_COURTESY}[ ,]*)*(?:arretez|arreter|arrete|arret|cessez|stoppez|desabonner|desabonnement|annulez les (?:messages|textos)|ca suffit|je me desabonne)(?: (?:ca|tout|cela|tout ca))?(?:[ ,]+{_COURTESY})*{END}"),
    rule("ca_suffit", "hold", rf"{START}(?:{_COURTESY}[ ,]*)*(?:annulez|annuler|fin|terminer?|ca suffit|assez|va te faire .{{0,15}}|degagez?)(?:[ ,]+{_COURTESY})*{END}"),
)  # fmt: skip

WRONG_NUMBER: Final[tuple[Rule, ...]] = (
    rule("wrong_number", "suppress", r"\b(?:mauvais|faux|pas le bon) numero\b|\b(?:vous (?:vous )?|tu )(?:etes )?(?:trompez?|trompes|trompe) (?:de )?(?:numero|personne)\b|\berreur (?:de numero|sur la personne)\b|\bmauvaise personne\b|\bce n'est (?:pas|plus) (?:son|le) (?:bon )?numero\b"),
)  # fmt: skip

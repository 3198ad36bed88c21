"""Words that look like a request to stop and are none: "don't stop", "stop by", "my kids won't stop", "bus stop".

Each takes out what stands in double brackets before the rules are tried.
"""

from typing import Final

from webapp.rules.language.tables import GuardText as Guard

GUARDS: Final = (
    Guard(
        "please don't stop texting me",
        on="TRIGGER LEAVE",
        pattern=r"(?<!WHY) (?<!CONDITION) (?<!YOU) (?<!YOU PEOPLE) (?<!CONDITION YOU) (?<!CONDITION this) "
        r"(?<!CONDITION these) (?<!CONDITION TEXTS) (?<!YOU WILL) (?<!YOU DO) (?<!this DO) (?<!these DO) "
        r"((DONT|DIDNT|NOT|DO not|WILL not) FILL{0,2} [[(TRIGGER|LEAVE)]]|CANT FILL{0,2} "
        r"[[(STOPV|LEAVE|LOSE|REMOVE|ARRETE)]])",
    ),
    Guard(
        "I don't want you to stop texting",
        on="TRIGGER",
        pattern=r"(DONT|DIDNT|NOT|(do|did|was|am|im) not|no) FILL{0,2} "
        r"(WANT|SAY|NEED|mean|ready|trying|intent|intend|reason|plans) (YOU|PEOPLE|them|it|this){0,2} (TO|in|on) "
        r"(be|get|text|send|say|type|hit|press|ever|keep)? [[TRIGGER]]",
    ),
    Guard(
        "This is Don text me",
        on="don",
        pattern=r"(THISIS|(this|it|that|name) is|am|names) [[don]]",
    ),
    Guard(
        "I didn't say stop",
        on="TRIGGER",
        pattern=r"(DONT|DIDNT|NOT|did not) FILL? (SAY|text|mean|write|press|send|hit) (TO|the|word)? [[TRIGGER]]",
    ),
    Guard(
        "did you stop sending messages?",
        on="TRIGGER STOPPED REMOVED",
        pattern=r"((did|have|had|has|whyd|howd|whend) (YOU|SELF|someone)|(didnt|havent) YOU) FILL{0,2} "
        r"(get|got|been)? [[(TRIGGER|STOPPED|REMOVED)]]",
    ),
    Guard(
        "did I get unsubscribed? it was unsubscribed by your office",
        on="STOPPED UNSUB REMOVED",
        pattern=r"(was|been|got|were) FILL? (SELF|YOU)? [[(UNSUB|REMOVED)]] (?!ANY{0,3} from THE{0,2} LIST please)",
    ),
    Guard(
        "what if I unsubscribe",
        on="UNSUB OPT",
        pattern=r"(if|should|when) SELF FILL? [[(UNSUB|OPT|TRIGGER)]]",
    ),
    Guard(
        "I accidentally hit unsubscribe",
        on="UNSUB",
        pattern=r"(accidentally|mistakenly|accident|mistake) ANY{0,3} [[UNSUB]]"
        r"|[[UNSUB]] (ANY{0,6}) (accident|accidentally|mistake|mistakenly)",
    ),
    Guard(
        "I will stop now",
        on="STOP QUIT",
        pattern=r"(?<!how) (?<!how DO) SELF FILL? (WILL|NEED|should|can|will|had|have|going){1,3} (to)? FILL? "
        r"[[STOPV]] (?! PARTS{0,5} (RECEIVING|OBJECT|THESE|THIS @end))",
    ),
    Guard(
        "I'm going to lose my number when I switch",
        on="LOSE",
        pattern=r"(SELF|gonna|going|gon) (WILL|TO|NEED|might|may|did|just){0,3} [[LOSE]]",
    ),
    Guard(
        "I told my cousin to stop texting me",
        on="STOP QUIT LEAVE",
        pattern=r"(ASKED|make|get|got|made) (other|another|my|her|him|his|them|NAME|the (?!last|previous)) ANY{0,3} "
        r"TO (FILL|ABUSE)? [[(STOPV|LEAVE)]]",
    ),
    Guard(
        "he told me to stop texting",
        on="STOP QUIT LEAVE",
        pattern=r"(ASKED|made|make|wants|makes) (me|us) TO? [[(STOPV|LEAVE)]]",
    ),
    Guard(
        "he needs to stop texting",
        on="STOP QUIT LEAVE",
        pattern=r"(?<!hope) (?<!MAKE) (?<!WANT) (?<!NEED) (he|she|it|they|hes|shes|NAME|seller|sellers|buyer|landlord"
        r"|kids|dog|wife|husband|rain|ex|agent) (WILL|CANT|NEED|DO|DONT|DIDNT|should|keeps|just|finally|ever|never"
        r"|not|to|really|always|still|simply|completely|actually){1,4} [[(STOPV|LEAVE)]]",
    ),
    Guard(
        "will it stop?",
        on="STOP",
        pattern=r"(?<!make) (WILL|DO) (it|he|she|the ANY|that ANY) FILL? [[STOP]] (?!TEXTING|SENDING|BOTHERING)",
    ),
    Guard(
        "do you want me to stop?",
        on="STOP",
        pattern=r"(if|do|did|would) YOU (WANT|like|need) (me|us) TO FILL? [[STOP]]",
    ),
    Guard(
        "we'd stop",
        on="STOP",
        pattern=r"(?<!how DO) (?<!how WILL) (i|id|ill|we|wed) FILL? [[STOP]] (?! PARTS{0,5} (RECEIVING|OBJECT|THESE))"
        r"|(when|where) TO [[STOP]] @end|[[STOP]] (here|there) @end",
    ),
    Guard(
        "the stop",
        on="STOP",
        pattern=r"(CARRIES) [[STOP]] (?!TEXTING|SENDING|BOTHERING|CONTACTING|CALLING|this|it|asking)",
    ),
    Guard(
        "Thanks for contacting Joe's Plumbing today. Text STOP and we unsubscribe you",
        on="STOP",
        pattern=r"(?<=EVERY EVERY EVERY EVERY EVERY EVERY) "
        r"(TEXT|REPLY|send|type|txt|enter|responda|responde|envie|envia|escriba|repondez|envoyez|reply) "
        r"(with|back|con|the|word)? [[(STOP|ARRETE|alto|baja|cancelar|UNSUB|QUIT|END) "
        r"(TO|for|and|if|or|at|to|2|para|pour|UNSUB|END|QUIT) ANY{0,8}]]",
    ),
    Guard(
        "We are closed until Monday morning. STOP to unsubscribe",
        on="STOP",
        pattern=r"(?<=EVERY EVERY EVERY EVERY EVERY EVERY) [[STOP (TO|2|to) (END|QUIT|UNSUB|cancel|OPT "
        r"out|OPTOUT|end)]]",
    ),
    Guard(
        "no more than two texts a day is fine lol",
        on="no",
        pattern=r"[[no]] more than",
    ),
    Guard(
        "sorry phone was on do not disturb",
        on="NOT",
        pattern=r"(on|in|to|my|is|off) (MY)? [[(do not|DONT) (disturb|bother)]]",
    ),
    Guard(
        "does your platform handle opt out automatically?",
        on="UNSUB OPT OPTOUT STOP REMOVE",
        pattern=r"(DO|WILL|can|is|are|how DO|how WILL|what if|what happens when|if|when|our|my) ANY{0,3} "
        r"(OUR_PRODUCT|system|bot) WITHIN{0,5} [[(UNSUB|OPT out|OPTOUT|STOP|REMOVE|OPT)]] (?!WITHIN{0,3} (ME|us))",
    ),
    Guard(
        "how do I unsubscribe my old employee from the software",
        on="UNSUB OPT OPTOUT STOP REMOVE",
        pattern=r"[[(UNSUB|OPT out|OPTOUT|REMOVE|OPT)]] (?!ME) ANY{0,3} OUR_PEOPLE|OUR_PEOPLE keep [[UNSUB]]"
        r"|(contacts|people|list|numbers|ones|anyone|someone|OUR_PEOPLE) (who|that|which) "
        r"(have|has|already|FILL){0,2} [[(OPT|UNSUB|OPTOUT)]]"
        r"|(the|my|our|many|which|of|MY) [[UNSUB]] (contacts|leads|numbers|people)"
        r"|OUR_PEOPLE (who|that|to|WILL|can|could|FILL|WANT|just|have|text|type|reply|DO){0,4} [[(UNSUB|OPT "
        r"out|OPTOUT|STOP|OPT)]]",
    ),
    Guard(
        "Stop it! 2.9%?? Where do I sign",
        on="STOP ARRETE",
        pattern=r"@begin (FILL|POLI){0,3} [[(STOP|ARRETE)]] (it|that|there|lying|playing|donc|ca|la){1,2} "
        r"(.|,|QM){1,2} FILL{0,2} (NUM|really|PRAISE|for real|pour vrai|seriously QM|YOU kidding|YOU are "
        r"kidding|shut up|no way|YOU had (me|ME) at|where DO SELF sign|when can SELF)",
    ),
    Guard(
        "no dejen de mandarme mensajes",
        on="CESA BASTA",
        pattern=r"(?<!si) (?<!que) (no|nunca|jamas|sin) (me|nos|le|lo|se|puedo|puede|quiero|podemos|vaya|vayan|a"
        r"|que){0,3} [[(CESA|BASTA)]]",
    ),
    Guard(
        "no cancelen los mensajes",
        on="CANCELE",
        pattern=r"(no|nunca) (me|nos|lo|la|los|las)? [[CANCELE]]",
    ),
    Guard(
        "no quiero desuscribirme",
        on="DESUSCRIBA QUITE",
        pattern=r"(no|nunca|sin) (me|nos|le|se|quiero|queria|lo|quise|querer|he){0,3} [[(DESUSCRIBA|QUITE|QUITEME)]]",
    ),
    Guard(
        "no quiero molestarla pero hay noticias?",
        on="ESCRIBIR",
        pattern=r"no (la|lo|los|te|le)? (quiero|quisiera|queria|quise) "
        r"[[(molestar|molestarla|molestarlo|molestarte|molestarlos|insistir|fastidiar)]]",
    ),
    Guard(
        "je ne veux pas vous déranger",
        on="ECRIRE",
        pattern=r"(veux|voulais|voudrais|voulons) (pas|point) (vous|te|t)? "
        r"[[(deranger|embeter|importuner|achaler|harceler)]]",
    ),
    Guard(
        "pourquoi vous m'écrivez plus?",
        on="ECRIRE",
        pattern=r"pourquoi WITHIN{0,4} [[ECRIRE]]|(vous|tu) NE? ME_F [[ECRIRE]] (plus|pas|pu|jamais) WITHIN{0,6} QM",
    ),
    Guard(
        "n'envoyez pas encore les papiers",
        on="ECRIRE",
        pattern=r"NE? ME_F? [[ECRIRE]] pas (encore|tout de suite|les|le|la|l|mon|trop|avant)"
        r"|NE? [[ECRIRE]] (rien|pas|plus) (a|au|aux) (?!ce|moi|nous|mon NUMERO_F)",
    ),
    Guard(
        "arrête, c'est trop beau haha",
        on="ARRETE",
        pattern=r"@begin POLI{0,3} [[ARRETE]] (donc|ca|la|moi){0,2} (.|,|QM){0,2} (c est (ben|bien)? "
        r"trop|quel|quelle|serieux|serieusement|pour vrai|LAUGH|trop|pas vrai)",
    ),
    Guard(
        "je ne veux pas me désabonner",
        on="ARRETE DESABONNE RETIRE",
        pattern=r"(?<!vous) (NE|pas|jamais) (me|m|vous|nous|l|s|se|t|veux|voulais|voulu|suis|etre|de){0,4} "
        r"[[(ARRETE|DESABONNE|RETIRE)]]",
    ),
)

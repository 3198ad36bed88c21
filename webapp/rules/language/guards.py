"""Words that look like a request to stop and are none: "don't stop", "stop by", "my kids won't stop", "bus stop".

Each takes out what stands in double brackets before the rules are tried.
"""

from typing import Final

from webapp.rules.language import guards_spanish_french
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
        "unsubscribe my wife?",
        on="UNSUB",
        pattern=r"[[UNSUB]] FILL? MY FAMILY FILL{0,2} QM",
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
        "am I bugging you? I can stop texting",
        on="STOP QUIT",
        pattern=r"(?<!how) (?<!how DO) (i FILL? (can|will|should|could|gotta)|ill) FILL? [[STOPV]] "
        r"(TEXTING|BOTHERING|CALLING|SENDING) (?!ME|us|MY|this NUMBER|THE? MESSAGE) (?!WITHIN{0,5} (if|before|or"
        r"|unless))",
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
        "what does reply STOP to opt out mean?",
        on="STOP UNSUB OPT",
        pattern=r"what DO ANY{0,2} [[(STOP|UNSUB|OPT)]] out? (TO [[(OPT|END|QUIT|UNSUB)]] out?)? mean QM"
        r"|what happens (if|when) SELF (TEXT|REPLY|SAY|SEND|type)? [[(STOP|UNSUB|OPT)]]",
    ),
    Guard(
        "don't let me stop you",
        on="STOP",
        pattern=r"(let|lets) (me|us|it|this|that|him|her|them|NAME) [[STOP]]",
    ),
    Guard(
        "Stop!! Is that a clawfoot tub?",
        on="STOP",
        pattern=r"@begin FILL{0,3} [[STOP]] (right there|FILL|STOP){0,3} (.|,|QM){0,2} FILL{0,2} (which "
        r"(house|home|unit|one|listing|property|address|place)|(is (that|there)|are (those|there)) (a|an|the|your"
        r"|granite|marble|real)"
        r" (?!bot|robot|scam|joke|person|human|way|problem|spam)|(does|do) (it|they|that) (have|come) (?!my"
        r"|this)) EVERY{0,12} QM",
    ),
    Guard(
        "STOP don't wire it yet",
        on="STOP",
        pattern=r"@begin FILL{0,3} [[STOP]] (STOP|FILL|.|,){0,3} ((DONT|do not) FILL? (wire|sign|pay|accept|submit"
        r"|deposit|agree"
        r"|close|buy|release|worry|panic|move) (?!ME)|WRONG (ITEM|file|house|listing|link|attachment|version|doc"
        r"|unit))",
    ),
    Guard(
        "HOA wants us to opt out by the end of the year",
        on="OPT OPTOUT",
        pattern=r"(OTHERS|county|city|employer|school) ANY{0,3} (ASKED|makes|make|lets|let) (me|us|you|people"
        r"|owners) TO? "
        r"[[(OPT|OPTOUT)]]",
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
        pattern=r"(CARRIES|(NUM|two|three|four|all) way) [[STOP]] (?!TEXTING|SENDING|BOTHERING|CONTACTING|CALLING"
        r"|this|it|asking)",
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
        r"(.|,|QM){1,2} FILL{0,2} (NUM|really QM|PRAISE|for real|pour vrai|seriously QM|YOU kidding|YOU are "
        r"kidding|shut up|no way|YOU had (me|ME) at|where DO SELF sign|when can SELF)",
    ),
    Guard(
        "Stop! You had me at pool",
        on="STOP",
        pattern=r"@begin FILL{0,3} [[STOP]] FILL? (.|,|QM){1,2} FILL{0,2} ((really|seriously|for real|SELF serious"
        r"|YOU serious|are "
        r"YOU serious|are YOU for real) QM ANY|YOU had (me|ME) at|where DO SELF sign)"
        r"|@begin FILL{0,3} [[STOP]] (it|that)? FILL{0,3} (.|,|QM){1,2} FILL{0,2} (shut up (.|,|QM){0,2})?"
        r"((thats|its|this is|that is) (our|my|the|a) dream|(it|they|she|he) (has|have|had|comes) EVERY{0,8} QM"
        r"|(did)? (SELF|they) (got|get|won|win) (it|the|that|this) EVERY{0,4} QM)",
    ),
    *guards_spanish_french.GUARDS,
)

"""How people refuse in English: by law and consent, by threat, by anger, and for who is dead or gone."""

from typing import Final

from webapp.rules.language.tables import RuleText as Rule

RULES: Final = (
    Rule(
        "revoke_consent",
        "suppress",
        "revoke consent",
        on="REVOKE",
        pattern=r"REVOKE (FILL|MY|ALL|any|prior|previous|express|written|THE){0,5} (CONSENT|authorization)"
        r"|CONSENT (FILL|is|was|has|been|to ANY{0,4}|hereby){0,5} (REVOKE|denied|terminated|expired|not "
        r"(given|granted))",
        unless=r"(he|she|they|seller|sellers|buyer|buyers|lender|landlord|agent|bank|tenant|tenants|court) (FILL|has"
        r"|have|had"
        r"|can|could|will|WILL){0,2} REVOKE",
    ),
    Rule(
        "no_consent",
        "suppress",
        "you do not have consent to text me",
        on="CONSENT",
        pattern=r"(DONT|DIDNT|no|not|never|without|CANT) (FILL|give|gave|given|have|had|has|YOU|ME|YOU have){0,4} "
        r"(MY|any|ME|us|express|written|THE|YOU){0,3} CONSENT (FILL|YOU|for YOU){0,3} TO "
        r"(TEXT|WRITE|CALL|SEND|be|use|RECEIVING|have)",
    ),
    Rule(
        "no_consent",
        "suppress",
        "You are not authorized to contact me",
        on="YOU",
        pattern=r"YOU (FILL|still){0,2} (DONT|do not|no longer|never|CANT|lack|DIDNT) (FILL|had|have|get|got){0,2} "
        r"(MY|any|THE){0,2} (CONSENT|right) (@end|TO (VERB|use|be)|PLEASE|AGAIN|anymore)"
        r"|YOU FILL? have no (more|further)? (CONSENT|right)"
        r"|YOU (are|r|were|FILL)? (not|no longer|never) (authorized|allowed|permitted|welcome|authorised) TO VERB",
    ),
    Rule(
        "no_consent",
        "suppress",
        "no longer consent",
        on="CONSENT agree authorize",
        pattern=r"no longer (FILL|have|give|YOU|MY){0,3} (CONSENT|authorize|agree) (TO|YOU|@end|FILL)",
    ),
    Rule(
        "no_consent",
        "hold",
        "I do not consent",
        on="CONSENT consented give gave given agree agreed authorize authorized",
        pattern=r"(DONT|DIDNT|never|not) FILL{0,2} (CONSENT|consented|agree|agreed|authorize|authorized) (@end|TO "
        r"(this|that|these|it) (@end|THE? MESSAGE|RUBBISH)|TO (be|RECEIVING|get|THE{0,2} KIND{0,2} "
        r"MESSAGE|YOU VERB|any MESSAGE))"
        r"|(DIDNT|never|not) FILL{0,2} (give|gave|given) (YOU|ME|any|MY|anyone|out|@me|TO){0,4} (CONSENT|NUMBER) "
        r"(?!TO ANY (?!TEXT|WRITE|CALL|SEND|REACH))",
    ),
    Rule(
        "never_asked",
        "hold",
        "I never signed up for this",
        on="SAY DIDNT NOT DONT",
        pattern=r"(DIDNT|never|not) FILL? TAKEN in (FILL|TO|THE|this|these|MESSAGE){0,4} (THIS|MESSAGE|LIST|@end)"
        r"|(DIDNT|never|DONT|not|didnt|havent) FILL{0,2} (recall|remember)? "
        r"(ask|asked|asking|sign|signed|signing|subscribe|subscribed|subscribing|opt|opted|request|requested"
        r"|requesting|register|registered|apply|applied|enroll|enrolled|signup) "
        r"FILL? (up|in|for|TO|on|with){0,2} (FILL{0,2} @end|PARTS{0,4} (OBJECT|THIS "
        r"(?=FILL|@end|RUBBISH)|LIST|NEWS|ALL @end)|be|RECEIVING|YOU|get|receive)",
    ),
    Rule(
        "do_not_call_list",
        "suppress",
        "Put me on your dnc",
        on="LIST CALL DONT DO dnc",
        pattern=r"(on|in|to|TO|with|on to|the|your|ur|add|registered) "
        r"(FILL|THE|ALL|federal|state|national|internal|company|KIND|own|YOU){0,4} (DONT|do not|no|dnc) "
        r"(CALL|TEXT|contact|WRITE|solicit|disturb|list){1,2} (or (TEXT|CALL|WRITE))? "
        r"(LIST|registry|register|lists)"
        r"|(put|add|place|on|registered|to|listed|mark|label) WITHIN{0,5} dnc"
        r"|@start AROUND{0,3} dnc AROUND{0,3} @close"
        r"|@start AROUND{0,3} (do not (call|text|contact)|dnc) (LIST AROUND{0,4}|PLEASE{1,2}) @close",
        unless=r"@begin AROUND{0,3} (is|are|was|do|does|did) (MY|THIS|that|YOU|it|the) ANY{0,8} QM",
    ),
    Rule(
        "gone",
        "suppress",
        "she died. please take her off",
        on="GONE",
        pattern=r"GONE WITHIN{0,6} (STOPV|REMOVE|DONT|no more|TAKE) @x "
        r"(TEXTING|CONTACTING|CALLING|SENDING|him|her|his|@me|TEXT|WRITE|CALL|MESSAGE)"
        r"|GONE EVERY{0,6} (STOPV TEXTING|STOPV CONTACTING|(TAKE|REMOVE) (him|her|his|THE NUMBER))",
    ),
    Rule(
        "gone",
        "hold",
        "The person you are trying to reach has passed away",
        on="GONE",
        pattern=r"(person|man|woman|guy|lady|one|owner|customer|whoever) (that|who|whom)? YOU (FILL|are|is|were|want"
        r"|keep|ANY){1,3} "
        r"(reach|for|TEXTING|CALLING|contact|want|TEXT|CONTACTING|MESSAGE) (FILL|has|is|have|had){0,3} GONE",
        unless=r"moved|moving",
    ),
    Rule(
        "leave_alone",
        "suppress",
        "leav me alone",
        on="LEAVE let lemme leaveme left",
        pattern=r"LEAVE (FILL|ABUSE|just){0,3} (@me|MY FAMILY) (AROUND|the|THIS|in){0,4} "
        r"(alone|alon|allone|peace|aloan|be AROUND{0,3} @end)"
        r"|let @me be AROUND{0,3} @end|(lemme|leaveme) AROUND? alone|be left FILL? alone",
    ),
    Rule(
        "go_away",
        "suppress",
        "go away please",
        on="go",
        pattern=r"@begin AROUND{0,3} (go) away (AROUND|YOU|PEOPLE){0,4} (@end|DONT|never|SELF|not|PLEASE|and "
        r"(DONT|stay|never|leave|STOP))",
    ),
    Rule(
        "threat",
        "suppress",
        "If you text me again I'm calling my lawyer",
        on="TEXT WRITE CALL SEND TEXTING CONTACTED",
        pattern=r"(CONDITION|next time|every time) YOU (FILL|SEND|ever|keep|try|dare|WILL|even|TO){0,3} "
        r"(VERB|TEXTING|BOTHERING|SENDING|CONTACTING|CALLING) (ME|us|MY|this NUMBER|ANY|THE){0,3} (AGAIN|one "
        r"more|another|AROUND{0,3} (SELF|my|YOU WILL|,))",
        unless=r"@limited|(VERB) ME ANY{0,3} (if|when|the|about|info|details)",
    ),
    Rule(
        "threat",
        "suppress",
        "next text and I call the cops",
        on="TEXT WRITE CALL SEND",
        pattern=r"VERB (ME|us|this NUMBER) (AGAIN|one more time|once more) FILL? and (SELF|YOU|my|see|watch|find)"
        r"|(next|one more|another|1 more) (TEXT|message|CALL) (from YOU)? (FILL)? (and|ill|i) "
        r"(SELF|YOU|my|will|am|FILL|call|report)"
        r"|if SELF (get|receive|see|hear) (one|another|any|a|single|even|FILL){0,3} (more|another|single|other)? "
        r"(MESSAGE|CALL) (from)?",
    ),
    Rule(
        "threat",
        "suppress",
        "if this does not stop I am suing",
        on="STOP QUIT TEXTING",
        pattern=r"if (YOU|this|these|THE TEXTS|TEXTS){1,2} (FILL|TEXTS){0,2} ((DONT|DO not|WILL not|CANT|DIDNT) FILL? "
        r"(STOP|QUIT)|keep (TEXTING|BOTHERING|SENDING))"
        r"|unless (YOU|this|these) FILL? STOP @end",
    ),
    Rule(
        "threat",
        "hold",
        "You are violating the TCPA",
        on="tcpa attorney lawyer court",
        pattern=r"tcpa (FILL|is|was|a|NUM){0,3} (violation|violations|lawsuit|suit|complaint|claim|laws?|attorney"
        r"|lawyer"
        r"|penalty|penalties|fine|fines|notice|@end)|(violate|violates|violated|violating|violation"
        r"|under) (of)? THE? tcpa"
        r"|see YOU in court"
        r"|(SELF|my|our) EVERY{0,6} (attorney|attorneys|lawyer|lawyers) (about|regarding|over) PARTS{0,4} OBJECT",
        unless=r"QM|OUR_PRODUCT|compliant",
    ),
    Rule(
        "asked_before",
        "hold",
        "How many times do I need to tell you no?",
        on="TIMES",
        pattern=r"how many (more)? times (DO|WILL|must|should|have) SELF FILL? (NEED|TO|have){0,3} "
        r"(tell|say|ask|told|said|asked|repeat)"
        r"|SELF (FILL|have)? (asked|requested|told YOU) (FILL|already)? (twice|thrice|(NUM|TIMES) times) (AROUND"
        r"|already){0,2} @close",
    ),
    Rule(
        "never_asked",
        "hold",
        "no one asked you to text me",
        on="TEXT WRITE SEND MESSAGE CALL",
        pattern=r"(no one|nobody|noone|who) (FILL)? (asked|told|wanted|wants|said) (YOU|for)? (TO|can|could)? FILL? "
        r"(VERB (ME|us|this NUMBER|MY)|PARTS{0,3} MESSAGE)",
    ),
    Rule(
        "keeps_texting",
        "hold",
        "Why do you keep texting me??? I said no!!",
        on="TEXTING SENDING CONTACTING BOTHERING CALLING RECEIVING",
        pattern=r"(WHY ANY{0,2} (YOU|SELF)|(?<!WILL) (?<!WILL PEOPLE) YOU (PEOPLE|FILL){0,2}) (FILL|still|all){0,2} "
        r"(keep|kept|still|constantly|continue|continuing) (FILL|TO|on){0,2} "
        r"(TEXTING|SENDING|CONTACTING|BOTHERING|CALLING|RECEIVING THE{0,2} MESSAGE|RECEIVING THESE|TEXT ME)",
        unless=r"(PLEASE|hope|if|that) YOU FILL? keep|keep ANY{0,2} posted",
    ),
    Rule(
        "harassment",
        "hold",
        "this is spam",
        on="RUBBISH BOTHERING spam spammer spammers",
        pattern=r"(THIS|THISIS) (is|are|was)? (AROUND|pure|straight|THE){0,3} (harassment|spam) (AROUND){0,3} "
        r"(@end|and)"
        r"|YOU (is|are|r|ar)? FILL? BOTHERING (ME|us|@end|my)"
        r"|@edge AROUND{0,2} (harassment|spam|spammer|spammers) AROUND{0,3} @end",
        unless=r"QM",
    ),
    Rule(
        "reported",
        "hold",
        "blocking you",
        on="report reporting reported marked marking flagged flagging sue suing mark flag block blocking "
        "blocked filing file filed complaint",
        pattern=r"spam FILL? (reported|blocked)"
        r"|(filing|file|filed|lodge|lodging|making) (FILL|a|an|THE){0,3} complaint (@end|WITHIN{0,4} "
        r"(fcc|ftc|tcpa|bbb|attorney|ag|YOU|state|police|carrier))"
        r"|(report|reporting|reported|marked|marking|flagged|flagging|sue|suing|mark|flag|block|blocking|blocked) "
        r"(and|AROUND|block|blocking|blocked|report|reported|reporting){0,3} (YOU|this NUMBER|THE "
        r"NUMBER|(this|it|THIS)? (as|for|to THE{0,2}) (AROUND)? "
        r"(spam|junk|scam|harassment|spammer|ftc|fcc|police|attorney|ag|authorities|carrier|phishing))",
        unless=r"(as|is|was) not (spam|junk)",
    ),
    Rule(
        "blocked",
        "hold",
        "you're blocked",
        on="blocked blocking block reported",
        pattern=r"@edge (AROUND|YOU|are|been|SELF|am|WILL|have|be|this|it|and|reported){0,5} "
        r"(blocked|blocking|block|reported and blocked|reported) (AROUND|YOU|ME|this|THE "
        r"NUMBER|and|reported|reporting|deleted|deleting|NUMBER){0,5} @end",
        unless=r"QM",
    ),
    Rule(
        "hostile",
        "hold",
        "bother someone else",
        on="",
        pattern=r"@begin (AROUND|YOU|go|can|all|and|just|WILL){0,6} @away TAIL{0,8} @end"
        r"|(go|and) bother (someone|somebody|anyone) else|bother (someone|somebody) else",
        unless=r"@laughing|QM",
    ),
)

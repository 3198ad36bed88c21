"""How people ask in English that it stop: what is to stop, and the bare word in its many settings."""

from typing import Final

from webapp.rules.language.tables import RuleText as Rule

RULES: Final = (
    Rule(
        "stop_contact",
        "suppress",
        "stop texting me",
        on="STOP QUIT STOPPED STOPPING",
        pattern=r"STOPV (PARTS|trying|ASKING|EMAILING|CALLING|SENDING|and|or){0,5} "
        r"(TEXTING|CONTACTING|BOTHERING|WRITE|testing (ME|@end)|CALL ME|@reach|(TEXT|message) ME) (?!while|and "
        r"(drive|driving)|each|in the|at red)",
        unless=r"STOPV TEXTING (NAME|him|her|them) EVERY{0,8} TEXT ME (instead|@end)",
    ),
    Rule(
        "stop_contact",
        "suppress",
        "Would love it if you stopped",
        on="STOP QUIT STOPPED STOPPING",
        pattern=r"(CONDITION|wish|want|like|need|rather|that) YOU PEOPLE? WILL? FILL? (STOPPED|STOP) FILL? "
        r"(TEXTING|CONTACTING|BOTHERING|CALLING|SENDING|FILL{0,3} @end)",
    ),
    Rule(
        "stop_contact",
        "suppress",
        "stoop texting me",
        on="TEXTING CONTACTING CALLING SENDING BOTHERING",
        pattern=r"@begin FILL{0,3} (stoop|top|step|shop|stomp|strop|spot|slop|soap|atop|sop|quite|sto) "
        r"(TEXTING|CONTACTING|CALLING|SENDING|BOTHERING) (ME|MESSAGE|THIS|MY NUMBER|AROUND{0,3} @end)",
    ),
    Rule(
        "stop_contact",
        "suppress",
        "stop marketing to me",
        on="STOP QUIT STOPPED STOPPING",
        pattern=r"STOPV (PARTS){0,3} (marketing|advertising|promoting|selling) (TO ME|ME|@end)",
    ),
    Rule(
        "stop_contact",
        "suppress",
        "stop using my number",
        on="STOP QUIT STOPPED STOPPING",
        pattern=r"STOPV FILL? (using|having|saving|keeping|selling|sharing) (MY|this|THE) KIND{0,2} NUMBER",
    ),
    Rule(
        "stop_asking",
        "suppress",
        "stop asking if I want to sell",
        on="STOP QUIT STOPPED STOPPING",
        pattern=r"STOPV @x ASKING (?!for (discounts|money))",
    ),
    Rule(
        "stop_calling",
        "suppress",
        "stop calling me",
        on="STOP QUIT STOPPED STOPPING",
        pattern=r"STOPV (AROUND|THE|with|ALL|OF|and|or|EMAILING){0,4} CALLING (?!him|his|her|them|in|everyone)",
        unless=r"@prefers_texts|CALLING ANY{0,3} (house|home|work|office|landline)|use my",
    ),
    Rule(
        "stop_sending",
        "suppress",
        "stop sending these",
        on="STOP QUIT STOPPED STOPPING",
        pattern=r"STOPV @x SENDING (AROUND|TO|@me){0,4} (@end|AGAIN|@junk (?! (in|over|under|from) "
        r"ANY)|(THE|ALL|KIND|AROUND){0,4} ((THIS|ALL) (?=AROUND|TO|@end|ME|from)|(NEWS|LISTING) FILL{0,3} @end)) "
        r"(?!WITHIN{0,12} (only|except|instead))",
        unless=r"@prefers_texts",
    ),
    Rule(
        "stop_sending_some",
        "hold",
        "stop sending me those condos in Dallas",
        on="STOP QUIT STOPPED STOPPING",
        pattern=r"STOPV @x SENDING",
        unless=r"@prefers_texts|STOPV WITHIN{0,12} (,|.) WITHIN{0,2} (only|just|houses|send|show) ANY",
    ),
    Rule(
        "stop_messages",
        "suppress",
        "STOP 2 texts",
        on="STOP QUIT STOPPED STOPPING",
        pattern=r"STOPV (PARTS|THIS|RECEIVING){0,6} OBJECT (?! (him|his|her|them)) (?!while|and drive)",
        unless=r"@prefers_texts",
    ),
    Rule(
        "stop_messages",
        "suppress",
        "i'd like to stop receiving these",
        on="STOP QUIT STOPPED STOPPING",
        pattern=r"STOPV (PARTS){0,3} RECEIVING (PARTS|AROUND){0,5} (THIS|ALL|RUBBISH|NEWS|OBJECT)",
    ),
    Rule(
        "stop_messages",
        "suppress",
        "end all communications",
        on="END",
        pattern=r"(?<!the) (?<!THE KIND) (END|halt|discontinue) (?!of) (PARTS){0,6} (MESSAGE|CALLS|communication) (?! "
        r"(with|in|from|to|for) (?!YOU|THIS|ME|PARTS{0,4} MESSAGE))",
    ),
    Rule(
        "stop_messages",
        "suppress",
        "make it stop",
        on="STOP STOPPED END QUIT",
        pattern=r"(MAKE|want|need|like|have|get) (PARTS|THIS){0,5} (OBJECT|THIS) FILL? (TO|WILL)? FILL? "
        r"(STOP|STOPPED|end) (TAIL{0,6} @end)"
        r"|(for|ask|asked|demand|request|expect|wish) PARTS{0,4} (OBJECT|THIS) TO FILL? "
        r"(STOP|cease|end|discontinue|be stopped|go away) TAIL{0,6} @end",
    ),
    Rule(
        "stop_messages",
        "suppress",
        "stop with the new listings",
        on="STOP QUIT",
        pattern=r"@begin (FILL|YOU|WILL|PEOPLE){0,6} STOPV (it|this)? FILL? WITH (PARTS|KIND|real|estate|new"
        r"|house){0,5} "
        r"(RUBBISH|NEWS|LISTING) AROUND{0,4} @end",
        unless=r"@laughing|QM",
    ),
    Rule(
        "stop_messages",
        "suppress",
        "These texts must end",
        on="TEXTS MESSAGE",
        pattern=r"@begin FILL{0,3} (these|your|ur|the|this|all) (KIND|ALL){0,2} (TEXTS|texting|messaging|spam) FILL? "
        r"(must|should|need to|needs to|has to|have to|gotta|better|NEED TO) FILL? (end|cease|halt"
        r"|QUIT) AROUND{0,3} @close",
    ),
    Rule(
        "stop_messages",
        "suppress",
        "turn the texts off",
        on="MESSAGE",
        pattern=r"(turn|cut|shut|switch|knock) (PARTS){0,5} OBJECT FILL? off"
        r"|(turn|cut|shut|switch|knock) off PARTS{0,5} OBJECT|@away (with|about) PARTS{0,5} OBJECT",
    ),
    Rule(
        "stop_messages",
        "hold",
        "info on stopping these texts",
        on="STOPPING",
        pattern=r"STOPPING (PARTS|THIS){0,5} OBJECT",
    ),
    Rule(
        "stop_messages",
        "suppress",
        "put a stop to these texts",
        on="put",
        pattern=r"put (a|an) (TAKEN|STOP|END) to (PARTS|THIS){0,5} (OBJECT|THIS)",
    ),
    Rule(
        "stop_emailing",
        "hold",
        "stop emailing me",
        on="STOP QUIT STOPPED STOPPING",
        pattern=r"STOPV @x EMAILING",
        unless=r"@prefers_texts",
    ),
    Rule(
        "stop_wasting",
        "hold",
        "stop wasting my time",
        on="STOP QUIT STOPPED STOPPING",
        pattern=r"STOPV @x (wasting|playing|lying|pretending|begging|selling|pushing|following|contact)",
        unless=r"playing WITHIN{0,6} QM|@laughing",
    ),
)

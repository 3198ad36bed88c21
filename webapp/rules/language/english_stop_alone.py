"""The bare "stop" in English, in its many settings, and the other words of the footer beside it."""

from typing import Final

from webapp.rules.language.tables import RuleText as Rule

RULES: Final = (
    Rule(
        "stop",
        "suppress",
        "I asked you to stop last week",
        on="STOP",
        pattern=r"@begin (FRAME|OF|THE|once|last|enough|OATH|what|for|in){0,16} STOP (with|doing|in|at)? "
        r"(TAIL|NUM|like|OATH|OF|THE){0,10} @end",
        unless=r"@laughing|@begin (CARRIES|VISIT) STOP",
    ),
    Rule(
        "stop",
        "suppress",
        "Hey Anna please stop these, thanks, Kim",
        on="STOP",
        pattern=r"@begin (hi|hey|hello|ok|okay|dear|yo|look|listen|sorry|thanks|thank) YOU? FILL? (NAME|PROPER) ,? "
        r"(FILL|PLEASE|can|could|would|YOU|ABUSE){0,6} STOP (with|doing)? TAIL{0,10} @end",
        unless=r"@laughing",
    ),
    Rule(
        "stop_in_fun",
        "hold",
        "stop lol",
        on="STOP",
        pattern=r"@begin FRAME{0,16} STOP TAIL{0,10} @end",
        unless=r"STOP EVERY{0,12} (?<!NOT) (?<!DIDNT) PRAISE (?!WITHIN{0,6} but)|PRAISE EVERY{0,3} STOP|what a|no way"
        r"|STOP (it|that) (WITHIN){0,4} (LAUGH|YOU)|LAUGH WITHIN{0,3} STOP (it|that)",
    ),
    Rule(
        "stop_first",
        "suppress",
        "stop im not interested",
        on="STOP",
        pattern=r"@begin FILL{0,5} STOP (STOP|AROUND|it|this|that){0,6} (?=(SELF|YOU "
        r"(have|got|are|keep|people|will|cant|DONT|were|guys|ABUSE|already|said)|THIS "
        r"(is|was|isnt|are|NUMBER)|THISIS|not|no|DONT|DIDNT|WRONG|or (SELF|YOU|else)|before "
        r"SELF|because|CONDITION|MY (NUMBER|FAMILY|KIND NUMBER)|NUM|he|she|never|LEAVE|REMOVE|TAKE "
        r"ME|UNSUB|(for|TO|from|on|at)? NUM NUM|WHO|why|sold|already|bought|NAME NAME? (@end|NUM)|or|ya "
        r"no|REFUSAL|who|whoever|(ur|YOU) (are)? (waking|costing|wasting|interrupting|scaring|ruining)|how|spam|per"
        r"|pursuant|under|and (have|good|thanks|thank|god|bless)"
        r"|(got|found|have|rented|closed on) (a|an|one|my|our)))",
        unless=r"@laughing|STOP (YOU|THISIS|it) ANY{0,3} (PRAISE|LAUGH)|killing me",
    ),
    Rule(
        "stop_last",
        "suppress",
        "not interested stop",
        on="STOP",
        pattern=r"REFUSAL WITHIN{0,12} (?<!TO) (?<!SELF) (?<!THIRD) (?<!WILL) (?<!DO) (?<!at) (?<!is) (?<!of) STOP "
        r"TAIL{0,6} @close",
        unless=r"@laughing",
    ),
    Rule(
        "stop_somewhere",
        "hold",
        "our whole street has panels stop",
        on="STOP",
        pattern=r"ANY (?<!TO) (?<!SELF) (?<!THIRD) (?<!WILL) (?<!DO) (?<!at) (?<!is) (?<!of) (?<!to) (?<!that) "
        r"(?<!this) (?<!near) (?<!THE ANY) (?<!is ANY) (?!POLITESSE) STOP (FILL|STOP|PLEASE|ABUSE){0,4} ($|(?=\.))"
        r"|@begin FILL{0,3} (SELF|WAS|am){0,2} FILL? (at|in) (a|an|the|my)? (meeting|funeral|class|church|hospital"
        r"|court|surgery"
        r"|movie|wedding|conference|work|school) STOP (FILL|PLEASE|ABUSE){0,4} @close"
        r"|(found|bought|have|got|rented|using|with) FILL{0,2} (a|an|the|our|my|another) (new)? (place|house|home"
        r"|apartment|condo|realtor"
        r"|agent|lender) FILL{0,2} STOP (FILL|PLEASE|ABUSE){0,4} @close",
        unless=r"@laughing|PRAISE",
    ),
    Rule(
        "stop_asked",
        "suppress",
        "I've asked your manager for you to stop",
        on="STOP",
        pattern=r"(asked|ask|told|said|begged|begging|beg|want|need|like|love|asking|telling) WITHIN{0,6} "
        r"(YOU|this|it|TEXTS|these|PEOPLE|them|that) (PEOPLE|guys|FILL){0,3} TO FILL? STOP TAIL{0,6} @close",
        unless=r"SELF (WILL)? (like|want|need) TO STOP",
    ),
    Rule(
        "stop_asked",
        "suppress",
        "Unreal. I said stop three times",
        on="STOP",
        pattern=r"SELF (FILL|have|WAS){0,3} (said|say|told YOU PEOPLE? TO|asked YOU PEOPLE? TO) (the word)? STOP "
        r"(TAIL|NUM){0,6} @close",
        unless=r"(DONT|DIDNT|never|NOT) FILL? (say|said)",
    ),
    Rule(
        "stop_asked",
        "suppress",
        "what do i text to stop this",
        on="STOP END UNSUB",
        pattern=r"(what|how) (FILL)? (DO|should|WILL) (SELF|one|someone|you) FILL? (NEED TO|have to)? "
        r"(TEXT|REPLY|SEND|type|press|hit|push|click|do|SAY) (FILL|back|YOU){0,2} TO FILL? (STOP|END|UNSUB|QUIT"
        r"|OPT out) "
        r"(TAIL|RECEIVING|THE|KIND|MESSAGE){0,6} @close",
    ),
    Rule(
        "stop_last",
        "suppress",
        "Lol no, I bought already. Stop",
        on="STOP",
        pattern=r"(already|just|SELF|have|we|WAS|DONT|not) ANY{0,3} (bought|sold|moved|closed|renting|interested"
        r"|buying|selling"
        r"|looking|agent|realtor) WITHIN{0,6} . FILL{0,3} STOP (TAIL){0,4} (.|,){0,3} $",
    ),
    Rule(
        "stop_last",
        "hold",
        "This is amazing. Stop.",
        on="STOP",
        pattern=r"ANY{2} (.|,){1,2} FILL{0,2} STOP (FILL|PLEASE|ABUSE|AGAIN){0,3} (.|,){0,3} $",
        unless=r"LAUGH|omg|omfg|kidding|QM",
    ),
    Rule(
        "stop_reply",
        "suppress",
        "I already sent STOP and you keep texting",
        on="STOP",
        pattern=r"@begin (FILL|SELF|YOU|have|WILL){0,4} (TEXT|REPLY|sent|texted|replied|typed|said|wrote|type|send"
        r"|txt) (FILL|with|the|word|YOU|me){0,3} STOP (TAIL|TO|2|OPT|out|END|QUIT|UNSUB|MESSAGE|NUM){0,6} "
        r"(@end|and|but|NUM|TIMES|so|still)",
    ),
    Rule(
        "stop_spelled_out",
        "suppress",
        "which part of STOP is confusing?",
        on="STOP part about",
        pattern=r"(what|which) FILL? (part of|about) (STOP|no|UNSUB|leave|not|REMOVE)|means (no|STOP) , STOP"
        r"|STOP means STOP"
        r"|(treat|consider|take|accept) (this|it) (as|FILL|MY|my|an|a|official|formal|THE|to be){0,6} "
        r"(STOP|OPT out|OPTOUT|UNSUB|request to|revocation)",
    ),
    Rule(
        "keywords",
        "suppress",
        "cancel stop end",
        on="STOP QUIT END UNSUB REMOVE OPT OPTOUT REVOKE",
        pattern=r"@edge AROUND{0,4} (STOPV|END|UNSUB|REMOVE|OPTOUT|REVOKE) (and|or|TO|FILL|,|.|all){0,3} "
        r"(STOPV|END|UNSUB|REMOVE|OPTOUT|REVOKE|OPT out) "
        r"(and|or|TO|FILL|,|.|all|STOPV|END|UNSUB|REMOVE|OPTOUT|REVOKE|FILL){0,8} @close",
    ),
    Rule(
        "stop_slip",
        "hold",
        "Stoop",
        on="stoop",
        pattern=r"@start PLEASE? stoop PLEASE? @close",
    ),
    Rule(
        "quit",
        "suppress",
        "Please cease",
        on="QUIT",
        pattern=r"@start (AROUND|YOU|PEOPLE|CORTES|can|could|would|will|told|asked|said|to|need|needs"
        r"|gotta){0,8} quit TAIL{0,8} @close"
        r"|@begin FRAME{0,8} (cease|desist|discontinue) TAIL{0,8} @end",
        unless=r"@laughing|(SELF) FRAME{0,4} quit",
    ),
    Rule(
        "quit",
        "hold",
        "I quit",
        on="QUIT",
        pattern=r"@start FILL? SELF FILL? (WANT TO)? quit @close",
    ),
    Rule(
        "cancel",
        "hold",
        "cancel please",
        on="END REVOKE delete close",
        pattern=r"(END) (this|your|ur|the) (FILL|text|sms|texting){0,2} (service|program|plan) (FILL){0,3} @end"
        r"|@start (FILL|YOU|WILL){0,5} (END|delete|close) (my|our) account (FILL){0,3} @close"
        r"|@start (FILL|SELF|WANT|WILL|TO|NEED){1,6} END THESE (FILL){0,3} @close"
        r"|@start (FILL|CORTES){0,6} (END|revoke|CANCELE) (FILL|ABUSE|ME|ALL|THIS|CORTES|YOU){0,6} @close",
        unless=r"(WILL|DO) SELF",
    ),
    Rule(
        "end",
        "suppress",
        "please end",
        on="END",
        pattern=r"@start PLEASE{0,3} (end|revoke) PLEASE{0,3} @close",
    ),
    Rule(
        "cease_and_desist",
        "suppress",
        "c&d",
        on="QUIT c",
        pattern=r"cease FILL{0,2} (and|&|n)? FILL? desist|c (&|and|n) d AROUND{0,3} @end",
    ),
)

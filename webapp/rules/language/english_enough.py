"""How people say in English that they want no more of it, or never wanted it."""

from typing import Final

from webapp.rules.language.tables import RuleText as Rule

RULES: Final = (
    Rule(
        "no_more",
        "suppress",
        "No more texts",
        on="OBJECT",
        pattern=r"(no|zero|without) (more|further|future|additional|other|mas|AROUND){1,3} (THE|KIND|OF|ALL){0,4} "
        r"(MESSAGE|CALLS) (@end|AROUND|SELF|YOU|THISIS|TO|from|or|and|EMAIL|CALLS|MESSAGE|AGAIN|TO ME)",
        unless=r"(get|got|getting|receive|received|receiving|see|seeing|saw|send|sent) FILL? ANY{0,2} no more",
    ),
    Rule(
        "no_more",
        "suppress",
        "no soliciting",
        on="no",
        pattern=r"@edge AROUND{0,4} no (KIND{0,2} (TEXTS|contact|sms)|(?!phone|video) KIND{1,2} CALLS) ((or|and|FILL) "
        r"(CALLS|TEXTS|EMAIL|VERB|KIND)){0,3} ,? (PLEASE|from YOU|ABUSE|TO ME|AROUND|YOU){1,4} @end"
        r"|@begin AROUND{0,2} PLEASE{1,2} no KIND{0,2} (TEXTS|contact|sms) (AROUND|YOU){0,4} @end"
        r"|@edge AROUND{0,3} no texts (AROUND|YOU){0,3} @close"
        r"|no KIND{0,2} CALLS (,|.|or|nor|and){0,2} (no)? (text|texts|messages|sms) (AROUND|EMAIL|or|and|no"
        r"|,){0,4} @close"
        r"|^ AROUND{0,3} no (messages|contact) (,|.){0,3} $"
        r"|@edge AROUND{0,3} no (solicitation|solicitations|soliciting|solicitors|spam) AROUND{0,3} @end",
        unless=r"@prefers_texts|no texts QM",
    ),
    Rule(
        "no_more",
        "suppress",
        "please no more",
        on="PLEASE",
        pattern=r"@edge AROUND{0,4} PLEASE AROUND{0,3} no more (AROUND|YOU){0,4} @end"
        r"|@edge AROUND{0,4} no more (of)? (THIS|RUBBISH)? AROUND{0,3} PLEASE (AROUND|YOU){0,4} @end",
    ),
    Rule(
        "no_more",
        "hold",
        "no more",
        on="ALL NEWS LISTING",
        pattern=r"@edge AROUND{0,4} no more (of)? (THIS|THESE|RUBBISH)? AROUND{0,4} @end"
        r"|@edge AROUND{0,4} no more (THE|KIND){0,2} (NEWS|LISTING) AROUND{0,3} @end",
        unless=r"QM",
    ),
    Rule(
        "enough",
        "suppress",
        "enough with the texts",
        on="RUBBISH MESSAGE",
        pattern=r"@begin (AROUND|THISIS){0,3} enough PARTS{0,4} OBJECT (?! for)"
        r"|(enough|done|tired|sick|over) (FILL|is|OF|with|RECEIVING|getting|this|ALL|THE|KIND|YOU){1,6} "
        r"(OBJECT|texts)",
        unless=r"almost missed|OBJECT from (other|another)|(spam|robo|other) CALLS (that|so|SELF)",
    ),
    Rule(
        "enough",
        "hold",
        "im tired of getting these",
        on="THESE RUBBISH",
        pattern=r"(tired|sick|done|over|fed up) (FILL|OF|with|and|tired){1,4} (RECEIVING|getting|seeing"
        r"|reading) (THESE|this|RUBBISH"
        r"|ALL|THE){1,3} AROUND{0,3} @end",
        unless=r"QM",
    ),
    Rule(
        "enough",
        "hold",
        "Enough already",
        on="enough",
        pattern=r"@edge (AROUND|thats|thisis|SELF|have|had){0,4} enough "
        r"(is|AROUND|enough|of|this|it|YOU|with|now){0,6} @end",
        unless=r"QM|money|room|time for|(good|close|fair|sure|safe|soon) enough",
    ),
    Rule(
        "not_wanted",
        "suppress",
        "i dont want texts",
        on="WANT",
        pattern=r"@nor FILL{0,3} WANT (YOU|PEOPLE|any|TO|in|RECEIVING|see|hear|have|keep|continue|PARTS|KIND){0,8} "
        r"(OBJECT (?<!TO OBJECT) (?! from (other|any other|another|ANY{0,2} OTHERS))|(be|being|get|getting) FILL? "
        r"CONTACTED (?! (during|while|when|before|until))|(TEXTING|CONTACTING|SENDING|BOTHERING|CALLING) (ME|us|MY)"
        r"|TO? (TEXT|WRITE|CALL|SEND) "
        r"(ME|us|this NUMBER)) (?! (about|on|for|with) ANY{0,3} ELSEWHERE)",
        unless=r"@nor ANY{0,3} WANT (TO)? (miss|stop|lose)|CONTACTED by (FILL|the|my|other|another|any){0,3} OTHERS",
    ),
    Rule(
        "not_wanted",
        "suppress",
        "don't wanna hear from you",
        on="WANT",
        pattern=r"@nor FILL{0,3} WANT (TO)? (hear|bothered|be bothered|speak|talk|chat|communicate|deal) "
        r"(FILL|anything|AGAIN|any more){0,3} (from|TO|with) (YOU|any of YOU|YOU PEOPLE|PEOPLE|this|ANY PEOPLE|THE "
        r"(NUMBER|company))",
    ),
    Rule(
        "not_wanted",
        "suppress",
        "I don't wish to be on your list",
        on="WANT",
        pattern=r"@nor FILL{0,3} WANT (TO|be|being|in|part|of|ME|us){0,4} (on|in|part of|of) PARTS{0,4} KIND{0,2} LIST "
        r"(?!@elsewhere)",
    ),
    Rule(
        "not_wanted",
        "suppress",
        "i dont want to receive these",
        on="WANT",
        pattern=r"@nor FILL{0,3} WANT (TO|FILL|in){0,2} (RECEIVING|getting|see) "
        r"(ALL|THESE|this|RUBBISH|AROUND|of|from|YOU|KIND){1,5} @end|interested in FILL? RECEIVING @end"
        r"|@nor FILL{0,3} WANT TO FILL? RECEIVING FILL{0,3} @end",
    ),
    Rule(
        "not_wanted",
        "suppress",
        "I'd rather not get these messages",
        on="OBJECT CONTACTED THESE",
        pattern=r"(rather|prefer|like|wish|asked|ask|choose|want|love) (you|YOU|TO)? not TO? "
        r"(be|have|RECEIVING|get|getting) (be|get|RECEIVING)? (PARTS|KIND){0,4} (OBJECT|CONTACTED|THESE)",
    ),
    Rule(
        "not_wanted",
        "hold",
        "I don't want these",
        on="THESE RUBBISH",
        pattern=r"@nor FILL{0,3} (want|wanna|need|wnat) (any|more|of|in|RECEIVING|for|TO|see){0,4} "
        r"(THESE|RUBBISH|this RUBBISH|this) AROUND{0,3} @end",
        unless=r"(show|send|have) ME|others|other ones|instead|something else",
    ),
    Rule(
        "not_wanted",
        "hold",
        "please don't",
        on="DONT NOT DO no",
        pattern=r"^ AROUND{0,3} SELF? FILL? (DONT|do not) want (any|anymore|more|any more) (AROUND|.|,){0,4} $"
        r"|^ PLEASE{1,2} (DONT|do not) (PLEASE|AGAIN|.|,){0,4} $|^ FILL{0,2} (can|could|would) YOU (PLEASE)? not "
        r"(AROUND|.|,|QM){0,4} $|^ AROUND{0,3} no means no (AROUND|.|,){0,4} $",
    ),
    Rule(
        "not_wanted",
        "hold",
        "I want nothing to do with you",
        on="WANT",
        pattern=r"(WANT|have) nothing TO do with (YOU|this|any)|leave (this|the) (conversation|chat|thread|group|list)",
    ),
    Rule(
        "not_wanted",
        "suppress",
        "not accepting texts",
        on="OBJECT TEXTING CONTACTING VERB",
        pattern=r"(OBJECT|(TEXTING|CONTACTING|CALLING) ME) (from YOU|FILL|is|are|was|WAS){0,4} "
        r"(unwanted|unwelcome|not (FILL)? (welcome|wanted|ok|okay|cool|allowed|appreciated|acceptable))"
        r"|not (FILL)? (ok|okay|cool|allowed|acceptable|appropriate|alright|welcome) to FILL? VERB ME"
        r"|(not|DONT|DIDNT|does not|do not|no longer) FILL? (accept|accepting) KIND{0,2} MESSAGE",
    ),
    Rule(
        "not_wanted",
        "hold",
        "unwanted texts",
        on="OBJECT",
        pattern=r"(unwanted|unsolicited) KIND? OBJECT FILL? @end",
        unless=r"QM",
    ),
    Rule(
        "no_more",
        "hold",
        "please let this be the last text",
        on="MESSAGE TEXT",
        pattern=r"(let|better|make|hope) (this|that|FILL|be|sure|it|is){1,4} THE? (last|final) KIND{0,2} "
        r"(MESSAGE|time YOU)",
    ),
    Rule(
        "not_wanted",
        "suppress",
        "I have no interest in receiving texts",
        on="OBJECT CONTACTED THESE RECEIVING YOU PEOPLE",
        pattern=r"(no|zero) FILL? (desire|interest) (TO|in|for|of|FILL){0,2} "
        r"(RECEIVING|be|being|getting|keep|have){0,2} (PARTS|KIND){0,4} (OBJECT|CONTACTED|THESE)"
        r"|(no|zero) FILL? (desire|interest) (TO|in)? (hear|hearing|talk|talking|speak|speaking) (from|TO|with) (YOU"
        r"|PEOPLE)"
        r"|better not (FILL|i)? (get|see|receive|hear) (FILL|another|one|any|a|more|single){1,4} (MESSAGE|from YOU)"
        r"|(no longer|not|DONT|never) FILL{0,2} (interested|want|wish|care|WANT) (in|TO)? RECEIVING "
        r"(THE|KIND|any|more|YOU){0,3} (updates|NEWS) (@end|AROUND|from YOU)",
    ),
    Rule(
        "want_out",
        "suppress",
        "I want out",
        on="WANT",
        pattern=r"@begin FRAME{0,6} WANT (out|off) (AROUND|of THIS|of here){0,4} @end|let me out AROUND{0,3} @end",
    ),
)

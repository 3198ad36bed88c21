"""How people say in English that they are not to be texted."""

from typing import Final

from webapp.rules.language.tables import RuleText as Rule

RULES: Final = (
    Rule(
        "do_not_contact",
        "suppress",
        "please don't reach out again",
        on="DONT NOT DO",
        pattern=r"@not (TEXT|WRITE|CALL|EMAIL|REACH|REPLY|TEXTING|CONTACTING|CALLING|EMAILING|BOTHERING) WITHIN{0,6} "
        r"AGAIN"
        r"|@not (SEND|SENDING) (ME|PARTS|OBJECT|RUBBISH){0,6} (again|anymore|ever) (?!LISTING|NEWS)",
        unless=r"@not VERB (THE|MY|ANY) (seller|lender|agent|employer|attorney|bank)|@keeps_texts"
        r"|@not VERB WITHIN{0,5} unless|use (this|my) (one|NUMBER|other)",
    ),
    Rule(
        "do_not_contact",
        "suppress",
        "don't txt me",
        on="DONT NOT DO",
        pattern=r"@not (TEXT|WRITE|TEXTING|CONTACTING|BOTHERING|@reach) (FILL|and|or|nor|VERB|CALL|@reach|EMAIL){0,4} "
        r"(TO)? (@me|here|@end|PLEASE|from|AGAIN|ABUSE|THE NUMBER|any (more|further))(?!@limited) (?! "
        r"(unless|again unless))",
        unless=r"@keeps_texts|use (this|that|my) (one|NUMBER|other)|VERB ME ((on|in|via|through|thru|by) (MY"
        r"|the)? CHANNEL"
        r"|(MY|the|a|an|that) ITEM)|CALL (ME|only|FILL){0,3} (,|and)? FILL{0,2} @not "
        r"TEXT"
        r"|@not TEXT ME? ,? (just|only|please|but)? CALL",
    ),
    Rule(
        "do_not_contact",
        "suppress",
        "don't call or text",
        on="DONT NOT DO",
        pattern=r"@not (CALL|EMAIL|SEND) (FILL|and|or|nor|CALL|EMAIL){0,3} (TEXT|WRITE) (FILL|VERB|or|nor){0,3} "
        r"(@me|here|@end|PLEASE|AGAIN|THE NUMBER)(?!@limited)",
        unless=r"@prefers_texts",
    ),
    Rule(
        "do_not_contact",
        "hold",
        "don't text me unless the price drops",
        on="DONT NOT DO",
        pattern=r"@not (TEXT|WRITE) (ME)? ANY{0,4} (unless|back)",
    ),
    Rule(
        "do_not_text_but_call",
        "hold",
        "do not text, call only",
        on="CALL EMAIL",
        pattern=r"(CALL|EMAIL) (ME|only|FILL){0,3} (,|and)? (FILL){0,2} @not TEXT (@end|ME (?!@limited))"
        r"|@not TEXT (ME)? (,|.)? (FILL|but|just|only|YOU can){0,3} (CALL|EMAIL)",
        unless=r"SELF (am|WAS)? (driving|in a meeting|at work)",
    ),
    Rule(
        "do_not_send",
        "suppress",
        "dont send me anything else",
        on="DONT NOT DO",
        pattern=r"@not (SEND|SENDING) (FILL|ABUSE|TO|out|ME|this NUMBER){0,3} (PARTS|KIND){0,5} (OBJECT (?! "
        r"(in|over|under|with))|(THIS|ALL|RUBBISH) (FILL|AGAIN|else){0,3} (@end|from|ABUSE|and|or|TO "
        r"(ME|us|this|my (phone|cell|number))))",
        unless=r"@prefers_texts",
    ),
    Rule(
        "do_not_send",
        "hold",
        "don't send me any more listings",
        on="DONT NOT DO",
        pattern=r"@not (SEND|SENDING) (FILL|TO|ME){0,3} (PARTS|more){0,4} (NEWS|LISTING) (FILL){0,3} @end",
    ),
    Rule(
        "do_not_call",
        "hold",
        "dont call me",
        on="DONT NOT DO",
        pattern=r"@not CALL (FILL|and|or|CALL|EMAIL){0,3} (@me|here|@end|PLEASE|THE NUMBER)(?!@limited) (?! (TITLE"
        r"|NAME|PROPER|a|an|crazy))",
        unless=r"@prefers_texts|CALL my (work|office|home|house|desk|business) (NUMBER|phone|line)",
    ),
    Rule(
        "do_not_reply",
        "hold",
        "not interested, don't reply",
        on="DONT NOT DO",
        pattern=r"@not REPLY (FILL|TO ME|back){0,3} @end",
        unless=r"automat|automated|vehicle|driving|REPLY all",
    ),
    Rule(
        "do_not_bother",
        "hold",
        "don't bother calling",
        on="DONT NOT DO",
        pattern=r"@not bother FILL{0,2} (@end|TEXTING|CALLING|SENDING|CONTACTING|TO (TEXT|CALL|WRITE|REPLY))",
    ),
    Rule(
        "do_not_use",
        "suppress",
        "this is my personal cell please don't use it",
        on="DONT NOT DO",
        pattern=r"@not (use|have|keep|save|store) (MY|this) KIND{0,2} NUMBER"
        r"|NUMBER (please|so)? @not (use|text|contact|call) (it|THIS)",
    ),
    Rule(
        "do_not_use",
        "hold",
        "This is a work phone, do not text it",
        on="DONT NOT DO",
        pattern=r"NUMBER EVERY{0,8} @not (use|TEXT) (it|this)",
    ),
    Rule(
        "do_not_ask",
        "hold",
        "don't ask me again",
        on="ask asking",
        pattern=r"@not (ask|asking) (ME|about|MY|THE|ANY){0,4} AGAIN",
    ),
    Rule(
        "no_need",
        "suppress",
        "no need to reach out anymore",
        on="NEED",
        pattern=r"no (longer)? (need|reason) (for)? (YOU|PEOPLE)? (TO)? (keep|continue|be)? "
        r"(VERB|TEXTING|CONTACTING|SENDING|CONTACTED|@reach) WITHIN{0,5} AGAIN"
        r"|no (longer)? (need|reason) TO (keep|continue) (TEXTING|CONTACTING|SENDING|TO (TEXT|WRITE|SEND))",
    ),
    Rule(
        "no_need",
        "hold",
        "no need to text me",
        on="NEED",
        pattern=r"no (longer)? (need|reason) (for)? (YOU|PEOPLE)? (TO)? (keep|continue|be)? "
        r"(TEXT|WRITE|TEXTING|CONTACTING|CONTACTED|@reach) (ME|@end|FILL|us)",
    ),
    Rule(
        "not_to_be_contacted",
        "suppress",
        "dont want to be texted",
        on="CONTACTED",
        pattern=r"(not|never|no longer|dont|anymore|rather not|prefer not) "
        r"(FILL|WANT|WILL|like|TO|RECEIVING|AGAIN){0,4} (be|being|get|getting) (FILL)? (CONTACTED|BOTHERING)",
        unless=r"CONTACTED by (FILL|the|my|other|another|any){0,3} OTHERS",
    ),
    Rule(
        "may_not",
        "suppress",
        "You may not text me",
        on="YOU",
        pattern=r"(?<!WHY) YOU PEOPLE? FILL? (may not|can not|cant|cannot|should not|shouldnt|must not|are not "
        r"to|better not|are not supposed to|not supposed to) (FILL|be|keep){0,2} "
        r"(TEXT|WRITE|TEXTING|CONTACTING|BOTHERING) (ME|us|this NUMBER|MY)(?!@limited)",
        unless=r"QM",
    ),
)

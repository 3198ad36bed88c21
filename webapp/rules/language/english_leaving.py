"""How people ask in English to be taken off: unsubscribed, opted out, removed, their number forgotten."""

from typing import Final

from webapp.rules.language.tables import RuleText as Rule

RULES: Final = (
    Rule(
        "unsubscribe",
        "suppress",
        "un-subscribe",
        on="UNSUB",
        pattern=r"UNSUB",
        unless=r"UNSUB WITHIN{0,8} EMAIL (?! (and|or|&|list) (TEXT|MESSAGE))|@keeps_texts"
        r"|UNSUB FILL? (from|link|button) ANY{0,2} ELSEWHERE|EMAIL ANY{0,4} UNSUB (link|button)"
        r"|UNSUB FILL? MY FAMILY @close",
    ),
    Rule(
        "unsubscribe_family",
        "hold",
        "unsubscribe my wife",
        on="UNSUB",
        pattern=r"UNSUB FILL? MY FAMILY @close",
    ),
    Rule(
        "unsubscribe_email",
        "hold",
        "unsubscribe me from your emails",
        on="UNSUB",
        pattern=r"UNSUB WITHIN{0,8} EMAIL",
        unless=r"@prefers_texts|(CHANNEL|mls|realtor|trulia|chase|lender|hoa) ANY? EMAIL|UNSUB WITHIN{0,8} ONLY"
        r"|ONLY WITHIN{0,8} UNSUB|UNSUB (link|button|page)",
    ),
    Rule(
        "opt_out",
        "suppress",
        "I'm opting out",
        on="OPT OPTOUT opy ipt",
        pattern=r"((OPT|opy|ipt) (FILL|@me|THE NUMBER|this){0,2} (out|oit|ouy|outt|ot)|OPTOUT) (?! "
        r"(clause|form|option|fee|period|provision|plan|deadline|forms|letter)) (?! (of|from) (?! PARTS{0,6} "
        r"(OBJECT|THIS|ALL|LIST|RECEIVING|NEWS|CONTACTED|BOTHERING)))",
        unless=r"OPT ANY{0,3} out of ANY{0,3} ELSEWHERE",
    ),
    Rule(
        "remove_me",
        "suppress",
        "delete me plz",
        on="REMOVE",
        pattern=r"REMOVE @x (@mine|name|(both|all|these|those) DIGITS|NUMBER (?=@end|FILL|from|off)) (?!@elsewhere)",
        unless=r"@keeps_texts|REMOVE ANY{0,4} (EMAIL|email)",
    ),
    Rule(
        "remove_me",
        "suppress",
        "remove 512-555-0142",
        on="REMOVE",
        pattern=r"@start (FILL|YOU|WILL){0,4} REMOVE (FILL|the|this|MY|DIGITS|phone"
        r"|cell){0,3} ,? NUM ,? NUM NUM FILL{0,3} @close",
    ),
    Rule(
        "remove_me",
        "hold",
        "remove me from your email list",
        on="REMOVE",
        pattern=r"REMOVE @x ME (?!@elsewhere)",
        unless=r"@keeps_texts",
    ),
    Rule(
        "remove_me",
        "suppress",
        "remove from list",
        on="REMOVE",
        pattern=r"REMOVE FILL{0,3} (from|off|out) (?!my) PARTS{0,4} KIND{0,2} LIST (?!@elsewhere)",
    ),
    Rule(
        "remove",
        "suppress",
        "Please remove",
        on="REMOVE",
        pattern=r"@begin (FILL|YOU|WILL|PLEASE|SELF|ASKED|times|already|said|TO|NEED){0,8} (remove|rmv|remov|unlist) "
        r"(FILL|ABUSE){0,5} @end",
    ),
    Rule(
        "remove",
        "hold",
        "Delete",
        on="REMOVE",
        pattern=r"@start PLEASE{0,3} (ERASE|del|remove) (this|it|that|FILL){0,3} @close",
    ),
    Rule(
        "remove",
        "suppress",
        "how did you get my number? remove it",
        on="REMOVE",
        pattern=r"PLEASE REMOVE FILL{0,4} @close|NUMBER EVERY{0,5} REMOVE (it|this|FILL){1,3} (@end|and|from)",
    ),
    Rule(
        "take_me_off",
        "suppress",
        "Take me off your list",
        on="TAKE HAVE_ME leave left let come go taken",
        pattern=r"be left off @list|(@me|MY name) (NEED|WILL|must|FILL|TO|be){1,4} "
        r"(come|taken|get|go|pulled) FILL? off PARTS{0,4} KIND{0,2} LIST (?!@elsewhere)|(TAKE|HAVE_ME|leave"
        r"|let) @x (@mine|name|number) off @list"
        r"|(TAKE|HAVE_ME|let|leave) @x (@mine|name|number) @x (OFF|out) of? (your|ur) phones?"
        r"|(TAKE|HAVE_ME|let) @x (@mine|name|number) @x (OFF|out) (?!@elsewhere) (?!my) "
        r"(@end|FILL|AGAIN|ABUSE|@list|(of|from|OFF) @list)"
        r"|(TAKE|HAVE_ME) @x @mine (from|off) @list",
        unless=r"@keeps_texts|(keep|leave) ME (on|in|here)",
    ),
    Rule(
        "take_me_off",
        "suppress",
        "take off list",
        on="TAKE HAVE_ME leave left let",
        pattern=r"(TAKE|HAVE_ME) OFF (THE|FILL|KIND){0,3} LIST (?=@end|FILL|from) (?!@elsewhere)"
        r"|(TAKE|HAVE_ME) (FILL|ABUSE|THE){0,4} (OFF|out of) MY (NUMBER|LIST|MESSAGE)",
    ),
    Rule(
        "take_me_off",
        "suppress",
        "off your list",
        on="OFF",
        pattern=r"(@begin (AROUND|SELF|WANT|NEED|TO|be|get|YOU|WILL){0,8}|WANT (TO|be|get|ME|myself){0,3}) "
        r"(off|outta|offa) (of)? (?!my) PARTS{0,4} KIND{0,2} (LIST|MESSAGE|THIS) (FILL|ABUSE|PLEASE){0,5} @end",
    ),
    Rule(
        "take_off",
        "hold",
        "take off",
        on="take",
        pattern=r"@start PLEASE{0,2} take off FILL{0,3} @close",
    ),
    Rule(
        "removed",
        "suppress",
        "I'd like to be removed from your list",
        on="REMOVED",
        pattern=r"(WANT|PLEASE|SELF|how|NEED|ASKED|get|have|@begin) (FRAME|@me|my){0,6} (be|get|been|have "
        r"@me|got|getting|being|my NUMBER|@me) FILL{0,2} REMOVED FILL{0,5} (@end|PLEASE|AGAIN|(from|off|out "
        r"of) (?!my) @list|off|asap)",
    ),
    Rule(
        "removed",
        "suppress",
        "please confirm you've removed me",
        on="REMOVED OFF removal",
        pattern=r"(confirm|ensure|sure|verify) (that|YOU|have|has|been|be|SELF|WAS|FILL|@me|is|are|im|ive|get){0,6} "
        r"(REMOVED FILL? (@me|@end|from PARTS{0,4} KIND{0,2} LIST)|(off|out of) (?!my) PARTS{0,4} KIND{0,2} LIST) "
        r"(?!@elsewhere)"
        r"|(request|requesting|requested|want|confirm|demand|demanding) (FILL|the|my|our|immediate|for|a){0,3} removal "
        r"(FILL|TIMES){0,3} (@end|from PARTS{0,4} KIND{0,2} LIST|of @me)"
        r"|@start PLEASE{0,2} removal PLEASE{0,2} @close",
        unless=r"(SELF|me|we) (WILL|FILL)? (make|be) sure|QM",
    ),
    Rule(
        "removed",
        "suppress",
        "my number should not be on your list",
        on="LIST REMOVED OBJECT THESE",
        pattern=r"(who|where|how|what) (do|can|should) SELF ANY{0,4} to (be|get) (REMOVED|TAKEN off|off PARTS{0,3} "
        r"LIST)"
        r"|(SELF|this NUMBER) (shouldnt|should not|FILL not supposed to|not supposed to) (be)? RECEIVING PARTS{0,4} "
        r"(OBJECT|THESE)"
        r"|(@me|SELF|he|she) FILL? (should|shouldnt|WILL|DIDNT|DONT|do not|not supposed to) (not|no longer|never|want "
        r"to|belong){0,2} (be|being)? (on|in) PARTS{0,3} LIST (?!@elsewhere)",
    ),
    Rule(
        "lose_my_number",
        "suppress",
        "lose my number",
        on="LOSE",
        pattern=r"LOSE @x (MY|THE) KIND{0,2} DIGITS",
    ),
    Rule(
        "lose_my_number",
        "suppress",
        "Forget I exist",
        on="TAKE LOSE",
        pattern=r"(forget|lose) (about)? (SELF|ME) (exist|existed)"
        r"|(DONT|do not|not) (keep|save|store|use) (MY|this|THE) KIND{0,2} NUMBER",
    ),
    Rule(
        "lose_my_number",
        "suppress",
        "get rid of my info",
        on="NUMBER",
        pattern=r"(throw away|throw out|get rid of|dispose of|do away with|throw) @me (out|away)?",
    ),
    Rule(
        "remove_me",
        "suppress",
        "please blacklist my number",
        on="NUMBER ME",
        pattern=r"(suppress|blacklist|block) @me (from|in|on|@end|PLEASE|FILL)|(mark|flag) @me as (DONT|do "
        r"not|dnc|opt)",
    ),
    Rule(
        "remove_me",
        "suppress",
        "I request deletion of my personal data",
        on="NUMBER gdpr ccpa",
        pattern=r"(deletion|erasure|removal) of (all|any|my|our|THE|of){1,4} (KIND|personal|private){0,2} (data|info"
        r"|information|number"
        r"|details|records)|(gdpr|ccpa) ANY{0,3} (REMOVE|request|deletion|erasure)"
        r"|REMOVE FILL{0,2} (all)? (of)? my (personal|private) (data|info|information|details)",
        unless=r"@elsewhere|QM",
    ),
    Rule(
        "forget_me",
        "hold",
        "forget about me",
        on="LOSE",
        pattern=r"@start AROUND{0,3} forget (all)? (about)? ME AROUND{0,3} @close",
    ),
)

"""The broad frames of an English request: an ending or a negation, a few words, and what is to come no more."""

from typing import Final

from webapp.rules.language.tables import RuleText as Rule

RULES: Final = (
    Rule(
        "stop_messages",
        "suppress",
        "please stop the follow ups",
        on="STOP QUIT END STOPPING",
        pattern=r"(?<!bus) (STOPV|END|kill|pause|cut out|lay off|ease off|knock off|cut) (with|it "
        r"with|w|PARTS|FILL){1,4} (?!ANY? ANY? IGNORING) ANY{0,3} @msgs"
        r"|(STOPV) (?!VISIT|TO|and|or|for|if|when|in|IGNORING) ANY{1,2} @msgs (AROUND|TO ME|YOU|from "
        r"YOU|@end|and|or)",
        unless=r"STOPV ANY{0,4} (IGNORING|missing|losing|following)|STOPV ANY{0,5} (while|when|during) (driving)"
        r"|SELF (WILL|DO|CANT|DONT|DIDNT)? FILL{0,2} STOPV (?! RECEIVING)|@prefers_texts",
    ),
    Rule(
        "stop_messages",
        "suppress",
        "I want out of these texts",
        on="WANT done through finished tired sick over enough DONT DO sure",
        pattern=r"WANT (out|off) (of)? PARTS{0,4} ANY{0,2} (@msgs|LIST)"
        r"|(@begin|SELF|am|WAS) (FILL|ABUSE|so|getting){0,3} (done|through|finished|fed up|sick|tired|over) "
        r"(FILL|with|OF|getting|RECEIVING|and tired of){1,4} PARTS{0,3} ANY{0,2} "
        r"(texts|messages|msgs|txts|texting|messaging)"
        r"|(DONT|do not) FILL? need (any|more|further|additional|your|ur|these|no|anymore){1,3} KIND{0,2} "
        r"(texts|messages|msgs|txts)"
        r"|(sure|ensure|better|hope) (that|FILL)? (SELF|my (phone|number)|we) (DONT|never|do not|DIDNT) "
        r"(FILL)? (RECEIVING|get|see) (another|ALL|one|a|single){1,3} KIND{0,2} (MESSAGE)",
        unless=r"(other|their|his|her|agents|robo|political) FILL? @msgs|QM|almost missed|from (other|everyone|all)",
    ),
    Rule(
        "notice_to_stop",
        "suppress",
        "Consider this your notice to stop",
        on="STOP QUIT",
        pattern=r"(notice|warning|request|demand|order|reminder|asking|opportunity|chance) (for YOU)? TO FILL? "
        r"(STOP|cease|desist|leave ME alone) (AROUND|THIS|TEXTING|CONTACTING|ME){0,5} @end",
        unless=r"QM",
    ),
    Rule(
        "shut_off",
        "suppress",
        "shut these off",
        on="shut switch turn cut turned switched",
        pattern=r"(shut|switch|turn|cut) (off PARTS{1,3} ANY{0,2} @msgs|(PARTS){1,3} ANY{0,2} @msgs off)"
        r"|(shut|switch|turn|cut) (FILL)? (off)? (your|ur|the|this|that|MY|THE) KIND? (bot|robot|autoresponder"
        r"|machine|automation) "
        r"(FILL)? (off|down)? (AROUND|YOU){0,4} @end"
        r"|(shut|switch|turn|cut) (THESE|these things|this thing|this bot|the bot|this robot) (FILL)? "
        r"(off|down) (AROUND|YOU){0,4} @end",
        unless=r"@appliance",
    ),
    Rule(
        "shut_off",
        "suppress",
        "texts off please",
        on="TEXTS MESSAGE",
        pattern=r"@start (FILL|PLEASE){0,3} (texts|messages|notifications|alerts) off (PLEASE|now){0,3} @close",
    ),
    Rule(
        "shut_off",
        "hold",
        "I want it switched off",
        on="shut switch switched turned turn",
        pattern=r"(want|need|like|get|have|how) (WITHIN){0,4} (it|this|that|these|MESSAGE) (shut|switched|turned|cut) "
        r"off|@begin (FILL|YOU|WILL){0,4} (shut|switch) (it|this|that) off (AROUND|YOU){0,4} @end",
        unless=r"@appliance",
    ),
    Rule(
        "no_more",
        "suppress",
        "All set here, no more texts needed",
        on="no zero",
        pattern=r"(@begin (AROUND|CORTES){0,5}|PLEASE|set|with|want|wants|good|fine|interested|SELF said|WILL) "
        r"(no|zero) (mo|more|further|future|additional|other) (PARTS|ABUSE){0,3} ANY{0,2} "
        r"(texts|messages|msgs|txts|sms|texting|messaging|solicitations|outreach|followups|follow ups|check "
        r"ins|spam|notifications|communication|communications|contact)"
        r"|no (more|further) (TEXT|WRITE|SEND|SENDING|contacting|CALLING|TEXTING) "
        r"(FILL|THIS|ALL|TEXT|MESSAGE|ME|TO ME|@end)"
        r"|no (MESSAGE|contact|texts|texting) (needed|necessary|required|wanted|please)"
        r"|@edge AROUND{0,3} no (ANY){0,2} @msgs (TO|on|at) (this|my|MY) KIND{0,2} NUMBER",
        unless=r"(get|got|getting|receive|received|receiving|see|seeing|saw|came|coming) FILL? ANY{0,2} no more"
        r"|no more ANY{0,3} (and|while) (driving)"
        r"|no TEXT ANY? (needed|necessary) (just|only)? ,? (just)? CALL|QM|@prefers_texts",
    ),
    Rule(
        "nothing_more",
        "suppress",
        "Grandma Jo wants nothing more from it",
        on="nothing",
        pattern=r"(want|wants|wanted|wish|rather|hear|hearing|prefer|receive|getting|get) (TO|hear|FILL){0,2} nothing "
        r"(more|else|further)? (AROUND){0,2} (from|OF|with) (YOU|it|this|these|that|PEOPLE|THE{0,2} "
        r"PEOPLE|your|MESSAGE)",
        unless=r"QM|SELF (hear|heard|get|got|have|had) nothing",
    ),
    Rule(
        "nothing_more",
        "hold",
        "nothing more from you please",
        on="nothing",
        pattern=r"@begin AROUND{0,4} (nothing (more|else|further) from (YOU|this NUMBER|your))",
        unless=r"QM",
    ),
    Rule(
        "not_hear",
        "suppress",
        "I'd prefer not to hear from your company again",
        on="hear hearing",
        pattern=r"(prefer|rather|like|want|wish|wanna|care|hope|love|better|appreciate|happy|fine|ok|PLEASE|WANT) "
        r"(FILL|TO|if|SELF|it|that|WILL|DO){0,5} (not|never|no longer|dont|DONT) (TO|FILL|WANT|have to){0,4} "
        r"(hear|hearing) (FILL|ALL|from|a|another|one|single|word|peep|back){0,4} from (YOU|PEOPLE|THIS|your "
        r"ANY|any of YOU|THE (PEOPLE|NUMBER))"
        r"|never (FILL|want to|wanna|WANT TO){0,2} hear (FILL|ALL|a|another|one|single|word|peep|back){0,4} "
        r"from (YOU|your ANY|THIS|PEOPLE) (FILL)? (AGAIN|@end)",
        unless=r"(SELF|we) (DONT|never|DIDNT|CANT|do not) hear|sorry ANY{0,4} hear|QM|WHY",
    ),
    Rule(
        "do_not_contact",
        "suppress",
        "don't call dont text don't email",
        on="DONT NOT DO",
        pattern=r"@not VERB (ME)? (,|and|or|FILL|.){0,2} (DONT|do not|not|no|nor|or|never) (EVERY{0,4} (DONT|do "
        r"not|no|nor|or))? (TEXT|message) (@end|ME|,|DONT|or|and|not)"
        r"|(DONT|do not) TEXT (ME)? (,|and|or|FILL|.){0,2} (DONT|do not|not|no|nor|or|never) (VERB|CALL)"
        r"|(PLEASE|maybe|YOU|WILL|just|like) (FILL|maybe|please|possibly|perhaps|PEOPLE){0,3} not "
        r"(TEXT|WRITE|TEXTING|CONTACTING|BOTHERING) (ME|us|MY NUMBER|this NUMBER) (?! back|if|when|while) "
        r"(?!@limited)|(?<!SELF) (?<!THIRD) not (TEXT|WRITE|TEXTING|CONTACTING) ME FILL{0,2} AGAIN"
        r"|@not (SEND|SENDING|TEXT) (ME)? (nothing|nothin|nuthin|nun) (else|AROUND|AGAIN|more){0,3} (@end|TO "
        r"(this|MY|ME))",
        unless=r"@prefers_texts|TEXT ME? ,? (just|only|please|but)? CALL|(WHY|did|do|have) YOU ANY? not|WHY|unless",
    ),
    Rule(
        "last_text",
        "suppress",
        "that was your last text to me, understood?",
        on="last final",
        pattern=r"(this|that|THISIS|it|these) (is|was|WILL be|better be|has to be|be|FILL){0,3} ((your|ur|YOU) very? "
        r"(last|final) (text|message|txt|msg)|the (last|final) (text|message|txt|msg) (?=YOU|or|TO ME)) (TO ME|TO "
        r"(this|MY) NUMBER|YOU (WILL|ever|get)|understood|or|@end AROUND? @end)",
        unless=r"(SELF|we|i) (got|received|sent|saw|read)|was ANY{0,3} QM",
    ),
    Rule(
        "last_text",
        "hold",
        "final warning",
        on="last final",
        pattern=r"@begin (AROUND|this|is|THISIS|your|YOU){0,6} (last|final|second|2nd|only) (and final)? "
        r"(warning|notice|text|message|chance) (AROUND|TO YOU){0,3} @end",
        unless=r"QM|(when|send|what|got|was) ANY{0,2} (last|final)|from (the|my|our|pge)|@laughing",
    ),
    Rule(
        "lose_my_number",
        "suppress",
        "Forget you ever had this number",
        on="LOSE REMOVE drop TAKE",
        pattern=r"(LOSE|REMOVE|drop|dump|forget|burn|toss) "
        r"(about|that|SELF|YOU|ever|had|have|got|AROUND|knew|know|of|my|the|having){0,6} (MY|THE|OWNER|NAME) "
        r"(KIND){0,2} (DIGITS|phone|cell|contact info|info|information|data|details) (?!@elsewhere) (?! "
        r"(on|in|at|and (TEXT|CALL|use)) )",
        unless=r"(SELF|we|might|to|gonna|he|she|DIDNT) (FILL|WILL|TO|did)? (LOSE|lost)"
        r"|REMOVE ANY{0,3} (EMAIL|work)|@keeps_texts|QM",
    ),
    Rule(
        "take_me_off",
        "suppress",
        "Please remove her from your list",
        on="TAKE HAVE_ME REMOVE",
        pattern=r"(TAKE|REMOVE|HAVE_ME) (FILL|ABUSE){0,2} (him|her|them|us|ME|NAME|MY KIND? FAMILY|MY KIND? DIGITS|MY "
        r"(phone|cell|name)|this NUMBER) (FILL|ABUSE){0,2} (OFF|from|out|of|out of){1,2} (?!my|our) "
        r"(yalls|y'alls|la|OWNER|ANY)? (PARTS|ABUSE|KIND){0,4} "
        r"(LIST|computer|machine|program|thing|bot|robot|MESSAGE|texts) (?!@elsewhere)"
        r"|NUMBER EVERY{0,10} (TAKE|REMOVE|HAVE_ME) (it) (FILL)? (OFF|from|out|of|out of){1,2} "
        r"(your|ur|yalls|whatever|the|THE){1,2} KIND{0,2} (LIST|computer|phone|machine|program|system)"
        r"|(phone|number|cell) EVERY{0,10} TAKE it (OFF|out of) (your|ur|the) "
        r"|(TAKE|HAVE_ME|get) (AROUND){0,2} (@mine|MY name) (AROUND){0,2} (OFF|out) of? (there|here|whatever "
        r"ANY{1,4}) @end|(REMOVE|TAKE) (FILL|the|this|number|phone){0,3} NUM{1,4} (from|OFF|out of) "
        r"(your|ur|the|all|THE){1,2} KIND{0,2} LIST"
        r"|(TAKE|REMOVE|HAVE_ME) (AROUND){0,2} (FAMILY|grandma|grandpa|granny|nana) (AROUND){0,2} "
        r"(OFF|from|out of) (your|ur|this|the) KIND{0,2} (LIST|MESSAGE)",
        unless=r"(SELF|we|i) (WILL|FILL)? (TAKE|REMOVE)|@keeps_texts|EMAIL|email|(keep|leave) ME (on|in|here)",
    ),
    Rule(
        "take_me_off",
        "hold",
        "take it off your list",
        on="TAKE REMOVE",
        pattern=r"@begin (AROUND|YOU|WILL){0,5} (TAKE|REMOVE) it (FILL)? (OFF|from|out of) (your|ur) KIND{0,2} "
        r"(LIST|computer)",
    ),
    Rule(
        "go_away",
        "suppress",
        "Knock it off for good",
        on="",
        pattern=r"@begin (AROUND|YOU|go|can|all|and|WILL){0,6} (knock it AROUND? off|cut it AROUND? out|beat it|get "
        r"lost|STOP|quit) (with|this)? (AROUND){0,3} (for good|for ever|once and for all|from now on|going "
        r"forward|at once|right now|right away) (TAIL){0,4} @end",
        unless=r"@laughing|QM",
    ),
    Rule(
        "stop_spanglish",
        "suppress",
        "ya stop please no me interesa",
        on="STOP",
        pattern=r"@begin (CORTES|ya|AROUND|POLI){0,5} STOP (CORTES|AROUND|ABUSE|POLI){1,5} (@end|no|ya|me|pas|NE)"
        r"|no (me|nos) interesa EVERY{0,4} STOP",
        unless=r"@laughing|STOP (by|in|at|on)|VISIT",
    ),
    Rule(
        "stop_sign",
        "suppress",
        "🛑 texting me",
        on="STOPSIGN",
        pattern=r"STOPSIGN . (AROUND|PARTS){0,4} (TEXTING|CONTACTING|SENDING|BOTHERING|CALLING|@msgs)",
    ),
    Rule(
        "told_somebody",
        "hold",
        "I already told Kevin to quit texting me",
        on="ASKED",
        pattern=r"(told|asked|TAKEN) NAME FILL? TO FILL? (TAKEN|STOPV) FILL? (TEXTING|CONTACTING|SENDING|BOTHERING) ME",
        unless=r"(my|his|her|ex) (ANY)? NAME",
    ),
    Rule(
        "quit_it",
        "hold",
        "give my number a rest",
        on="give quit STOP do",
        pattern=r"give (ME|MY|us|this|it) KIND{0,2} (number|phone|inbox|cell)? a (rest|break) AROUND{0,3} @close"
        r"|@begin AROUND{0,3} (quit|STOP|knock) (it|this|that) off? (AROUND|PEOPLE){0,3} @close"
        r"|@not do (it|this|that) AGAIN",
        unless=r"@laughing|QM|NUM",
    ),
    Rule(
        "no_more",
        "suppress",
        "NO TEXTING",
        on="no",
        pattern=r"@edge AROUND{0,3} no texting (TO)? (AROUND|ME|this NUMBER|MY NUMBER){0,3} @close",
        unless=r"driving|QM",
    ),
)

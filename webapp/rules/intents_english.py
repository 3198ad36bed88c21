"""How people ask in English not to be texted: verbs of stopping, what is to stop, and what else the words can mean."""

from typing import Final

from webapp.rules.grammar import END, START, Rule, rule

_POLITE = r"(?:please|thanks|thank you|ok|okay|k|hi|hey|hello|yo|yes|yeah|no|nope|just|now|right now|already|immediately|asap|today|for real|seriously|god|guys|dude|bro|sir|mam|maam|ma'am|man|damn it|damn|the fuck|fuck|fucking|lady|people|so|and|again|forever|permanently|then|i said|you need to|you should|you must|you guys need to|i told you to|told you to|asked you to|i asked you to|i want you to|i want this to|i want it to|i need this to|i need you to|make (?:it|this|these|them)|can you|could you|would you|will you|can we|can you just|like|i have asked you to|i have told you to|i have asked you before to|i have said|did not i say|did i not say|i already said|how do i make (?:it|this|these)|help|will this ever|when will (?:this|it|these|you)|when does this|would you please|i am asking you to|i am telling you to|please just)"
_TELLS_OTHERS = r"\b(?:tell|told|ask|asked|asking|get|got|made|make) (?!you\b|your\b|u\b|it\b|this\b|these\b|them all\b)[a-z' ]{2,30} to stop\b"
_CONTACT = r"(?:text|texting|texts|message|messaging|contact|contacting|sms|write|writing|spam|spamming|bother|bothering|harass|harassing|bug|bugging|annoying|pestering|disturbing|hounding|stalking|bombarding|soliciting|pinging|reaching out|communicating|blowing up|hitting (?:me|us|up|my)|hit (?:me|us) up|trolling|irritating|messing with)"
_JUNK = r"(?:texts?|text messages?|messages?|these|those|this|this stuff|that|stuff|crap|shit|bs|bullshit|junk|garbage|spam|spam texts|ads?|advertisements?|promos?|promotions?|solicitations?|offers|anything|everything|any|all|them|it|notifications?|alerts?|reminders|updates)"
_OUR_LIST = r"(?:(?:your|this|the|these|all|any|every|ur|that|my|a) ){0,2}(?:[a-z]+ ){0,2}(?:lists?|database|data base|system|systems|contacts?|records?|texts?|messages?|messaging|crm|files?|thread|distribution|subscriptions?|service|program|everything|marketing|mailing|rotation|phone|campaigns?|roster|book|chat|group)"
_ME = r"(?:me|us|him|her|them|my (?:name|number|numbers|phone|phone number|cell|cell number|cell phone|mobile number|info|information|contact|contact info|data|husband|wife|mom|mother|dad|father|son|daughter|details)(?: and (?:name|number|info))?|our (?:number|numbers|name|info)|all my (?:info|information|numbers)|this (?:number|phone|phone number|cell|line|contact|person)|these numbers|the number|number)"
_OTHER_WAY = r"\b(?:text|message) me (?:instead|directly|at|when|if|later|tomorrow|there)|\bjust text\b|\btext is (?:fine|better|best|ok|good)|\btext only|\btexts? (?:is|are) (?:fine|better|ok)|\bkeep the texts|\bkeep texting|\bprefer texts?"
_NARROW = r"\b(?:except|only|but keep|but text|other than)\b|\bjust (?!stop|please|leave)"
_FUN = r"\b(?:lol|lmao|rofl|haha+|hahaha|omg|funny|hilarious|gorgeous|unreal|amazing|beautiful|stunning|adorable|too cute|love it|blushing)\b"
_WHEN = r"(?: (?:me|us))? (?:before|after|until|till|at|on (?:mon|tues|wednes|thurs|fri|satur|sun|week)|during|while|when|right now|now i|today|tonight|tomorrow|this (?:week|weekend|morning|afternoon|evening|early|late)|so|too|and drive|about (?:it|that|the|this))\b"
_MINE = rf"(?:{_ME}|you|here|back|this|anymore|again|ever|up|my (?:number|phone|cell|line|family))"

_SURE: Final = (
    rule("stop_contact", "suppress",
         rf"(?<!not )(?<!never )(?<!not please )\b(?:stop|quit|cease|discontinue|refrain from|desist from|end) (?:(?:all|with|from|the|fucking|damn|these|your|any|blowing|constantly|always|please|sending|emailing|calling|and|or|of|me|it with|hitting) ){{0,4}}{_CONTACT}\b",
         rf"\b(?:did|have|had|has) (?:you|u|they|he|she) stop\b|\b(?:not|never) (?:you |please |ever |want (?:you )?to )?(?:stop|quit) (?:text|messag|contact|send|writ)|\bwant you to stop\b.*\?|\bi (?:do not|never) want you to stop|{_TELLS_OTHERS}|\b(?:he|she|they) (?:should|must|need to|will|would not|will not|did not) stop"),
    rule("stop_or_else", "suppress", r"\bif you (?:(?:do not|keep|will not|can not) (?:stop|quit|texting|messaging|contacting|sending)|(?:text|message|contact|call) (?:me|us|this number)(?: one more time| again| anymore))\b|\bstop using (?:my|this) number\b|\bno solicit"),
    rule("stop_sending", "suppress",
         rf"(?<!not )(?<!never )\b(?:stop|quit|cease|discontinue) (?:with )?(?:(?:the|all|all the) )?(?:sending|send|sent)(?: (?:me|us|to me|to this number|this number|over|out))?(?: (?:all|the|your|any|of|these|more|fucking|stupid|damn|so many|this|annoying|random) ?){{0,4}} ?(?:{_JUNK}\b|{END})",
         rf"{_NARROW}|\b(?:did|have|had) you stop|\b(?:not|never) stop|{_TELLS_OTHERS}|\b(?:in|under|over|with|below|above) (?:dallas|austin|\$|\d)"),
    rule("stop", "suppress",
         rf"{START}(?:{_POLITE}[ ,]*){{0,4}}stop(?: (?:please|thanks|thank you|it|this|that|now|already|right now|immediately|stop|all|asap|today|everything|ok|okay|man|dude|bro|sir|guys|you|the fuck|fucking|the messages|the texts|por favor|gracias|merci|s'il vous plait|svp|lol stop|i said|i mean it|with (?:this|that|it|the)|doing this|doing that|wrong number|not interested|unsubscribe|sent from .{{0,30}}))*{END}",
         rf"{_FUN}|{_TELLS_OTHERS}|\b(?:not|never|non|full|bus|first|last|next|one more|short|truck|pit|tour) stop\b|\bshould i stop|\b(?:want|like) me to stop"),
    rule("stop_please", "suppress", rf"^(?:{_POLITE}[ ,]*)*stop (?:please|ya|now please)\b|\bplease stop(?: (?:now|it|this|texting|thanks|thank you))*[\s.!□]*$", _FUN + r"|\bstop please by\b"),
    rule("stop_at_last", "suppress",
         r"(?:\b(?:interested|harassment|spam|scam|selling|time|told to|asked to|have to|need to|you|sold|bought|wrong|consent|ever|this|these|one|number|dead|died|away|moved|busy|work|working)) stop(?: (?:please|now|it|texting|thanks))*[\s.!□]*$",
         rf"{_FUN}|{_TELLS_OTHERS}|\b(?:will|would|should|could|can|did|do|does|not|never|let|i|we|he|she|they|if|when) (?:you |i |we |have to |need to |not |this |these )*stop\b|\b(?:at|is|for|on|in|the|a|first|last) (?:this|one|that|these) stop|\b(?:i|we|he|she|they|seller) (?:have|need|had) to stop|next to"),
    rule("unsubscribe", "suppress", rf"{START}(?:{_POLITE}[ ,]*)*unsubscribed(?: me)?{END}"),
    rule("unsubscribe", "suppress",
         rf"\b(?:unsubscribe|opt (?:me |us )?out)(?: {_ME}| please| now| asap| thanks| today| immediately| of (?:this|these|your|all|the|it|everything)(?: (?:{_OUR_LIST}|texts?|messages?))?{END}| from (?:this|these|your|all|the|everything|future|any|further|receiving)|{END})",
         r"\b(?:opt out of|unsubscribe (?:me |us )?from) (?:(?:the|your|this|a|my|our|any) )?(?:[a-z]+ )?(?:e-?mails?|newsletter|mailing|warranty|inspection|hoa|fee|gym|insurance|clause|contingency|contract|program|deal|escrow|coverage|plan|addendum|arbitration)|unsubscribe (?:link|button|page)|\b(?:did not|not|never|do not) (?:unsubscribe|opt out)|can i opt out of the|opt out (?:of )?the (?:hoa|home|gym)|" + _OTHER_WAY),
    rule("opt_out_wish", "suppress", r"\b(?:want|like|wish|need|going|trying|asked|requested|asking|how (?:do|can) (?:i|we)) (?:to |you to )?(?:(?:i|we) )?(?:unsubscribe|opt out|get off (?:of )?(?:this|your|the) (?:list|texts?|messages?|thing)|be (?:removed|taken off|unsubscribed|left alone|opted out|deleted)|get (?:removed|out of this|these to stop)|stop (?:receiving|getting|(?:these|the|your|all) (?:texts?|text messages?|messages?|spam))|remove me)|\b(?:do not|no longer|never) want to be (?:on|in|part of) (?:(?:your|this|the|any) )+(?:[a-z]+ )?(?:lists?|database|system)",
         r"opt out of the (?:hoa|home|gym|inspection)|\be-?mails?\b|newsletter"),
    rule("remove_me", "suppress",
         rf"\b(?:remove|removing|delete|scrub|unlist|unenroll|drop|scratch|erase|purge|strike|take|pull|cross|wipe) {_ME}(?: (?:off|out|down|away|please|from|to|now))*(?: (?:of|from|off))?(?: {_OUR_LIST}\b|{END}| please| now| immediately| asap| today| thanks| thank you| or\b| and\b| i\b| we\b)",
         rf"\b(?:from|off|out of) (?:the|my|that|this|your) (?:(?:saturday|sunday|monday|tuesday|wednesday|thursday|friday|group|family|e-?mail|offer|deed|title|mortgage|loan|lease|contract|listing|tour|schedule|calendar|waiting|waitlist)s?\b|[0-9])|\bget (?:me|us|it|them|him|her) (?:a|the|some|in|to|from|and|or|now|today|please)\b|\btake (?:me|us|him|her|them) (?:to|there|out|through|around|and|now|today)\b|\bdrop (?:me|us) (?:a|off)\b|{_OTHER_WAY}"),
    rule("remove_me", "suppress", rf"{START}(?:{_POLITE}[ ,]*)*(?:remove|delete)(?: {_POLITE}| from (?:the |your |this )?(?:list|lists|texts?|messages?)| off (?:the |your )?list)*{END}"),
    rule("remove_me", "suppress", rf"\b(?:remove|take|get) {_ME} (?:off|out|from)(?: of)? (?:this|it|there|here|{_OUR_LIST})\b", r"\b(?:group|family|waiting|offer|deed|loan|lease|tour)\b|e-?mail|" + _OTHER_WAY),
    rule("lose_my_number", "suppress", r"\b(?:lose|forget|delete|burn|erase) (?:my|this|the) (?:number|phone number|contact|digits|info|information)\b"),
    rule("do_not_contact", "suppress",
         rf"\b(?:do not|never|not to|please not)(?: (?:ever|please|want you to|you ever|call or|call and|call|email or|bother))* (?:text|texting|messaging|contacting|message|contact|sms|write|spam|bother|disturb|harass|solicit|hit (?:me|us) up|communicate|reach out|reply|respond)(?: (?:or|and|nor) (?:call|email|text|contact|message))?(?: (?:to )?{_MINE}\b| anymore| again| ever|{END})",
         rf"\b(?:do not|never)(?: ever)? (?:text|message|contact|call|bother|write|reply|respond){_WHEN}|{_OTHER_WAY}|\b(?:i|we|they|he|she|you) (?:do not|never) (?:text|message|contact|write|reply|respond|bother)|\b(?:do not|never) (?:reply|respond|bother|write) (?!me|us|to me|to this number|or|and|again|anymore)|why do(?:es)? not|please do not hesitate"),
    rule("do_not_send", "suppress",
         rf"\b(?:do not|never)(?: ever| please)? send(?: (?:me|us|anything to me|to me))?(?: (?:any|anything|these|more|your|another|other|no|further|this|those|the|a|single|future|else))* ?(?:{_JUNK}|anymore|again|else)\b",
         rf"{_NARROW}|{_WHEN}|\b(?:they|he|she|i|we) (?:do not|never) send"),
    rule("no_wish", "suppress",
         rf"\b(?:do not|no longer|never|not)(?: (?:really|ever|want|wish|care|need|like|interested|would|to|in|for|you to|be|desire))* (?:receive|receiving|get|getting|hear|hearing|be contacted|be texted|being contacted|being texted|contacted|texted|messaged|(?:text|contact|message) (?:me|us))\b(?: (?:by|from|via|any|more|these|your|the|such|text|of|further|future))* ?(?:{_JUNK}|you|your company|anymore|again|{END})",
         r"\b(?:did|have|has|do) not (?:receive|get|hear)|not (?:get|receive) (?:it|the|that|this|your (?:offer|email|call)|any (?:e-?mails?|calls?|offers?))|\b(?:yet|yesterday)\b|want to miss"),
    rule("no_wish", "suppress", r"\b(?:do not want|no longer want|did not want|not want)(?: (?:any|your|these|the|those|more|of|anymore|to see|no|no more|anything))* (?:texts?|text messages?|messages?|spam|contact|communications?|solicitations?|more of (?:these|this|those|your)|of (?:these|those))\b",
         r"\byet\b|want to miss|texts? from the"),
    rule("no_wish", "suppress", r"\b(?:do not want|no longer want) (?:these|any(?: more)?(?: of (?:these|this))?|more)" + END),
    rule("no_more", "suppress",
         rf"\b(?:no|zero) (?:more |further |anymore )(?:of (?:these|those|your|the) )?(?:text|texts|texting|messages?|messaging|contact|spam|communications?|of (?:these|this)|sms)\b|{START}(?:{_POLITE}[ ,]*)*no (?:texts?|texting|messages?|contact|spam)(?: {_POLITE})*{END}",
         r"from the (?:lender|bank|agent|title)|\byet\b"),
    rule("enough", "suppress", r"\benough (?:texts?|texting|messages?|messaging|spam)\b|\b(?:enough|sick|tired|fed up|done) (?:of|with) (?:(?:the|these|your|all|all the|all these|getting|all of) )*(?:texts?|messages?|texting|spam|bs|crap|you texting|you people)\b"),
    rule("revoke_consent", "suppress", r"\b(?:revoke|revoking|withdraw|withdrawing|rescind|rescinding|retract|retracting|cancel|terminate|terminating) (?:(?:my|any|all|our|prior|previous|express|written) )*(?:consent|permission|authorization|authorisation)\b|\b(?:consent|permission) (?:is |has been |was |hereby )*(?:revoked|withdrawn|rescinded)\b"),
    rule("no_consent", "suppress", r"\b(?:did not|never|do not|have not) (?:give |gave |given |once )?(?:(?:you|my|any) )*(?:consent|consented|permission|authorize|authorized) (?:you to|to|for) (?:this|these|be|you|receive|get|text|your)\b|\bno longer (?:consent|authorize|give)\b|\bwithout my (?:consent|permission)\b"),
    rule("leave_alone", "suppress", r"\b(?:leave|let) (?:me|us|my (?:family|wife|husband|mom|dad))(?: (?:the fuck|the hell|be|please|fucking|tf))* alone\b|\b(?:let|leave) (?:me|us) be" + END),
    rule("go_away", "suppress", rf"{START}(?:{_POLITE}[ ,]*)*(?:go away|fuck off|fuck right off|piss off|bugger off|buzz off|f off|get lost|kick rocks|back off|beat it|sod off|take a hike)\b", _FUN),
    rule("cease", "suppress", r"\bcease (?:and desist|all|any|contact|communication|further|texting|this)|\bdesist\b"),
    rule("end_texts", "suppress", r"\b(?:cancel|end|discontinue|terminate|halt|kill|turn off|shut off|disable|cut) (?:(?:my|the|these|all|your|this|any|further|out|future|text|sms|of) )*(?:texts?|texting|messages?|messaging|subscription|membership|communications?|alerts|notifications?|contact|spam)\b",
         r"\b(?:not|never) (?:cancel|end)|magazine|netflix|gym|newspaper|cable|internet"),
    rule("do_not_call_list", "suppress", r"\b(?:i am|we are|me|us|number|numbers|phone|it is|is|registered|am) (?:(?:already|also|both|currently|listed) )*(?:on|to|in) (?:(?:the|your|a|ur|national|federal|internal) )*(?:do not (?:call|text|contact)|no call|no contact)\b",
         r"^\s*(?:is|are|was) .*\?|\bis (?:the|that|his|her|their) number on"),
    rule("blocking", "suppress", r"\b(?:i am|i will|i have|am|will be|going to|gonna be) (?:now |just |officially )?(?:block|blocking|blocked|report|reporting|reported) (?:and (?:report|reporting|block|blocking) )?(?:you|this|your|u|as spam|to (?:the )?(?:ftc|fcc))"),
    rule("dnd", "suppress", r"\bdo not disturb\b(?! sign| mode| is)"),
    rule("out", "suppress", rf"{START}(?:{_POLITE}[ ,]*)*(?:i want out|i want off|want off|let me out|i am out|off (?:the|your|this) list|take off (?:the|your|this) list|off (?:your )?list)\b", r"i am out (?:of|on|in|for|until|right|at)|out of (?:my|the|our|his|her)"),
    rule("quit", "suppress", rf"{START}(?:{_POLITE}[ ,]*)*quit(?: (?:it|this|please|now|already|that|texting))+{END}", _FUN),
    rule("quit_with", "suppress", r"\b(?:stop|quit|end|enough) (?:with )?(?:(?:the|these|all the|your|all these|this|all) )+(?:texts?|texting|messages?|spam|messaging|bs|nonsense|harassment|madness)\b", r"\b(?:not|never) (?:stop|quit|end)"),
)  # fmt: skip

_UNSURE: Final = (
    rule("stop_sending_some", "hold", r"(?<!not )(?<!never )\b(?:stop|quit) sending (?:me|us) (?:listings|emails and texts|links|homes|houses|properties|stuff)\b", r"\b(?:did|have|had) you stop|\b(?:not|never) stop|" + _NARROW),
    rule("stop_calling", "hold", r"(?<!not )\b(?:stop|quit) calling\b|\b(?:do not|never) (?:ever )?call (?:me|us|this number|again|here)" + END + r"|\b(?:do not|never) call (?:me |us )?(?:again|anymore|ever)", _OTHER_WAY + r"|\btext\b|\buse my|\bhouse phone|\bwork (?:phone|number)|\bcall my"),
    rule("rather_call", "hold", r"\b(?:do not|no) text(?:s|ing)?(?: me)?[ ,]+(?:just |please |only )?(?:call|email)\b", _OTHER_WAY),
    rule("hostile", "hold", rf"{START}(?:{_POLITE}[ ,]*)*(?:fuck (?:you|u|this|the)|screw you|stfu|shut up|knock it off|cut it out|give it a rest|give it up|enough|enough already|enough is enough|no more|that is enough|piss off)(?: {_POLITE})*{END}", _FUN),
    rule("never_asked", "hold", r"\b(?:never|did not|do not remember|do not recall|have not) (?:ask|asked|sign|signed|signing|signup|subscribe|subscribed|opt|opted|request|requested|requesting|agree|agreed)(?: up| in)?(?: for| to)? (?:this|these|any|your|it|texts?|messages?|be|get|receive)\b"),
    rule("spam", "hold", rf"\b(?:reported|reporting|report|mark|marked|marking|flagged) (?:you |this |it |these )?(?:as |for )?(?:spam|junk|harassment)\b|{START}(?:this is |you are )?(?:spam|spammer|scam|scammer|harassment)s?{END}"),
    rule("blocked", "hold", rf"{START}(?:{_POLITE}[ ,]*)*(?:blocked|block me|blocking|block|block this number)(?: {_POLITE})*{END}"),
    rule("cancel", "hold", rf"{START}(?:{_POLITE}[ ,]*)*(?:cancel|end|quit|revoke)(?: (?:please|this|it|all|now|me|thanks|everything))+{END}|{START}(?:please )(?:cancel|end|revoke){END}"),
    rule("unsubscribed", "hold", r"(?:\bi |^|[.,!] ?)(?:have )?(?:already |just )*(?:unsubscribed|opted out)\b", r"\bfrom (?:zillow|redfin|the e-?mail|your e-?mail|trulia|realtor)|opted out of the"),
    rule("please_remove", "hold", r"\bunsubscribe\b", r"unsubscribe (?:link|button|page|from)|e-?mail|newsletter|\b(?:not|never) unsubscribe|" + _OTHER_WAY),
)  # fmt: skip

WRONG_NUMBER: Final = (
    rule("wrong_number", "suppress",
         r"\b(?:wrong|incorrect|bad) (?:number|person|guy|girl|phone|contact|dude|one|lady|cell|phone number)(?! of\b| on (?:the|your)\b| in (?:the|your)\b| for the (?:listing|house|lender|office))\b",
         r"\b(?:is this|is that|was that|do i have|did i (?:have|get|dial|text|call|give you)|i had|i have|gave (?:me|you|them)|listed|you listed|have you got) (?:(?:a|the) )?(?:wrong|incorrect)|called the wrong|trying to (?:reach|call|text|get)|\bmeant (?:to|for|that)|house number|not (?:the|a) wrong number|wrong number on (?:the|your)"),
    rule("wrong_number", "suppress", r"\bno one (?:here )?(?:named|called) [a-z]+\b|\b(?:no one|nobody|no|there is no one|there is no) (?:(?:here|there) )?(?:by|with|named|called|goes by)(?: (?:that|this|the))? name\b|\b(?:this|it|that) (?:is not|is no longer|was not) (?:his|her|their|him|[a-z]+'s)(?: (?:cell|phone|old|phone number))? (?:number|phone|cell)\b|\b(?:he|she|they|[a-z]+) (?:no longer|does not|do not) (?:has|have|own|use)s? this (?:number|phone)\b|\b(?:i )?just got this (?:number|phone)\b|\bnew owner of this (?:number|phone)|\bthis number (?:belongs to|is now|has changed|was reassigned)|\byou have the wrong\b(?! (?:price|address|house|date|time|listing|info|information|email|day|unit|link|picture|photo|street|city|zip))"),
)  # fmt: skip

RETURN: Final = (
    rule("text_me_again", "suppress", r"\b(?:you|u) (?:can|may|could) (?:text|message|contact) me (?:again|now)\b|\b(?:please |start |resume |begin )+(?:texting|messaging|sending)(?: me)?(?: (?:texts?|messages?))? again\b|\b(?:resubscribe|re-subscribe|opt (?:me )?(?:back )?in|sign me (?:back )?up|subscribe)(?: me)?(?: (?:again|please|back))?" + END),
)  # fmt: skip

STOP: Final[tuple[Rule, ...]] = (*_SURE, *_UNSURE)

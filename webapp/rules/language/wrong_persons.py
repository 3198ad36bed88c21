"""More of how people say that they are not the one we mean: meant for somebody else, mixed up, another's number."""

from typing import Final

from webapp.rules.language.tables import RuleText as Rule

RULES: Final = (
    Rule(
        "wrong_number",
        "suppress",
        "I believe you intended this message for someone else",
        on="meant intended for",
        pattern=r"(meant|intended|supposed to (be|go)|MESSAGE (is|was|must be)|this (must be|is|was)|THISIS) "
        r"(FILL|it|this|that|THE|MESSAGE|probably|to|be){0,5} for (someone|somebody|anyone|another|NAME|PROPER|a "
        r"different|the (last|old|previous|other)) (else|person|NAME|one|owner|guy|NUMBER|@end|not me|PROPER)"
        r"|(not|isnt|wasnt|DIDNT) (meant|intended) for ME|MESSAGE FILL? (not|isnt|wasnt|DIDNT) for ME"
        r"|(looking|searching|trying to reach) (for)? (FILL)? (someone|somebody|another) (else|person)",
        unless=r"(house|home|place|car|gift|unit|room|property|meant it|looking) (is|was|be)? for|QM (?=$)"
        r"|SELF (meant|intended|am|was|have|WAS)"
        r"|(waiting|asking|agent|quote|insurance|buying|shopping) (FILL)? for|want",
    ),
    Rule(
        "wrong_number",
        "suppress",
        "I keep getting texts for a Mr. Hernandez. I am not him",
        on="NOT DIDNT",
        pattern=r"(SELF|im|THIS|it|THISIS) (am|is|was|FILL)? (not|aint|isnt) FILL{0,2} ((him|that person|them) "
        r"(?=@end|AROUND|and|or|nor|MY)|(TITLE|the) (NAME|PROPER)|the ANY (?=YOU)|(the|your|that) "
        r"(person|one|guy|lady|man|woman|owner|individual|homeowner) (who|that|YOU|whom|of (this|that|the)|on)|the "
        r"person @end|her @end|the right (person|NUMBER|one))"
        r"|(RECEIVING|get|got) KIND{0,2} (MESSAGE|CALLS) (meant|intended)? for "
        r"(a|TITLE|NAME|PROPER|someone|somebody|this|some|the){1,3}",
        unless=r"QM|not (the|a) (one|person|guy) (who|that)? (SELF|decides|makes|to|handles|deciding|in charge)"
        r"|for (a|the|this) (house|car|condo|home)|my (wife|husband|mom|dad|name)"
        r"|not (him|her|them) (but|though)",
    ),
    Rule(
        "wrong_number",
        "suppress",
        "my ex used to have this number",
        on="NUMBER DIGITS meant trying want stranger",
        pattern=r"(used to|formerly|previously) (have|own|be|belong to|had|use) (this|MY|ANY|NAME|OWNER){0,3} "
        r"(NUMBER|phone)?(?<=NUMBER|phone|OWNER|owner)"
        r"|(previous|prior|former|old|last|past|ex|original) (owner|user|holder|person) "
        r"(of|with|@end|who|had|at|FILL)"
        r"|had this KIND{0,2} (NUMBER|phone|cell) (FILL)? (since|for|over|about|NUM|TIMES|a|almost|going)"
        r"|(someone|somebody|they|he|she|whoever|person|kid|kids|NAME|PROPER) (FILL|must have|has|have){0,2} "
        r"(gave|put|entered|typed|used|listed|wrote|giving|using|given|filled) (YOU|in|down|out|FILL){0,2} (my|the "
        r"wrong) (NUMBER|phone)"
        r"|person ANY{0,6} (DIDNT|no longer|not|DONT|does not) (have|own|use|live|work|FILL){0,2} "
        r"(this|here|that)"
        r"|(he|she|they|NAME|PROPER|person) (DIDNT|DONT|no longer|does not) (use|have|own|uses|has) "
        r"(this|that) KIND? (NUMBER|phone) (AROUND|AGAIN|now){0,2} @end"
        r"|(someone|somebody|another persons|another person) else (NUMBER|phone|cell) (@end|FILL)"
        r"|had this (number|phone) before (me|SELF)"
        r"|(?<!SELF) (meant|trying|want|looking) to (TEXT|VERB|reach|contact) (someone|somebody|another|a "
        r"different) (else|named|called|person|@end)"
        r"|YOU (want|need|mean) my (neighbor|neighbors|brother|ex|son|husband|wife|cousin|roommate|dad|mom) "
        r",? (not me|WITHIN{0,3} WRONG)"
        r"|(gave up|gave away|lost|changed) (this|that) (number|phone) (@end|AROUND)"
        r"|(just|recently|newly) (got|bought) this (phone|cell|line|number) FILL{0,2} @close"
        r"|YOU FILL? (are|r)? (TEXTING|CALLING) (a|some) (stranger|random)",
        unless=r"(house|car|home|property|lot|unit) EVERY{0,6} (previous|former|old|last) owner"
        r"|(previous|former|old|last|original) owner (of (the|this) ANY{0,2} "
        r"(house|home|car|place|property)|still|left|did|had (a|the|it|an))|QM (?=$)"
        r"|(agent|wife|husband) (gave|used) YOU|my NUMBER (WRONG|in WRONG)",
    ),
    Rule(
        "wrong_number",
        "suppress",
        "This phone isn't Marcus's, please update your records",
        on="OWNER NUMBER phone",
        pattern=r"(this|THIS|it|that|THISIS) KIND{0,2} (NUMBER|phone)? FILL? (is|was)? (not|isnt|DIDNT|aint|never "
        r"was|never) (for)? (OWNER (@end|FILL|NUMBER)|(NAME|PROPER) (NUMBER|phone|number|cell))"
        r"|@begin FILL{0,3} (not|isnt|aint) (OWNER|his|her|their|NAME) KIND{0,2} (phone|number|cell|num|line) "
        r"(@end|FILL|anymore)"
        r"|(this|it|THIS) (FILL|is|DIDNT|isnt){0,2} (not|isnt|DIDNT) (the|a)? (right|correct)? (NUMBER|phone) "
        r"(for|of) (the|NAME|PROPER|TITLE|her|him|them|that|whoever|who)"
        r"|this (is|isnt)? (a|an)? (business|work|company|school|hospital|office|private) (phone|line|number) "
        r"(,|@end) EVERY{0,4} (no|not|never) (NAME|one|PROPER)"
        r"|(this|THIS|it) KIND{0,2} (NUMBER|phone) FILL? (is|was|belongs to)? (not|isnt|DIDNT|aint|no longer) "
        r"FILL? (hers|his|theirs|him|her) (@end|FILL)",
        unless=r"not (the|a) (best|good|ideal)|QM",
    ),
    Rule(
        "wrong_number",
        "suppress",
        "I believe you have reached me in error",
        on="error mixed mixing confused confusing mistaken mixup mistake",
        pattern=r"(reached|texted|contacted|contacting|texting|sent|messaged|messaging|got|have|called|reaching) "
        r"(FILL|ME|us|this|THIS|MESSAGE|the|my|NUMBER|OF){0,4} (in error|by (mistake|accident|error)|mistakenly)"
        r"|(mixed|mixing|mix) (ME|us) up|(mixed|mixing) up (ME|your|the|names|numbers)"
        r"|(confused|confusing|mistaken|mistook|mistaking|confuse) (ME|us) (with|for)"
        r"|(YOU|must|got|have) (are|re|be|FILL)? (confused|mistaken) (@end|about (who|the (person|number)))",
        unless=r"SELF (FILL|have|must|WAS|am|may|had)? (FILL|been|have)? "
        r"(reached|texted|contacted|sent|mixed|got|called|messaged|confused|mistaken|mixing|mistook)"
        r"|unsubscribed|QM (?=$)",
    ),
    Rule(
        "wrong_number",
        "suppress",
        "who's Tina? not me",
        on="NAME PROPER my",
        pattern=r"(who|whos|who's) (is|the|in the)? (ABUSE){0,2} (NAME|PROPER) QM EVERY{0,6} "
        r"(SELF|my|not|this|never|WRONG)"
        r"|(SELF|my name) (is|am|FILL)? (NAME|PROPER) ,? (and)? not (NAME|PROPER)"
        r"|(not|isnt|never|aint|never heard of|dont know|dont know any) (the|any|a|no){0,2} (TITLE|NAME) "
        r"(NAME|PROPER) (@end|YOU|here|FILL)|(not|aint) the (NAME|PROPER) YOU"
        r"|(DONT|do not|not) know who (NAME|PROPER|that|this NAME) is"
        r"|@begin FILL{0,3} (not|isnt|thats not) my (real)? name"
        r"|(no idea|no clue|not sure|dont know) who (NAME|PROPER|that|this NAME) (is|@end)",
        unless=r"SELF (FILL)? (spoke|talked|met|know)",
    ),
    Rule(
        "wrong_number",
        "hold",
        "Not Bill's phone. Never was.",
        on="phone cell number",
        pattern=r"@begin FILL{0,3} (not|isnt) (?!a|the|my|your|this|that|THE|MY|KIND) ANY (phone|cell|number) "
        r"(@end|FILL|anymore)",
        unless=r"QM",
    ),
    Rule(
        "wrong_number",
        "hold",
        "lol this is a pizza shop",
        on="PLACE",
        pattern=r"@begin FILL{0,4} (lol|um|uh|LAUGH|FILL){0,2} (this is|THISIS|(YOU have|youve|YOU|you) reached|YOU "
        r"called|YOU texted|YOU are texting) (?!not|NOT|DIDNT) (?!the) (a|an|OWNER|NAME|PROPER){0,2} (?!not|the) "
        r"ANY{0,2} (PLACE|station) AROUND{0,3} @end",
        unless=r"QM|STOP PLACE|TAKEN PLACE"
        r"|(great|nice|good|best|beautiful|new|home|loan|title|leasing|mortgage|realtor|master|big|model"
        r"|cute) ANY? PLACE",
    ),
    Rule(
        "wrong_number",
        "hold",
        "Bad number",
        on="number NOT who",
        pattern=r"^ FILL{0,2} (bad|incorrect|invalid) (number|phone|contact) FILL{0,3} @close"
        r"|@begin FILL{0,3} (THISIS|that is|this is|its) not (me|him|her|us) FILL{0,2} @close"
        r"|who QM (this|my name|SELF) (is|am)? (NAME|PROPER) @close",
        unless=r"number QM|its my|is my",
    ),
)

"""Parts that many patterns share: unions of classes, and the macros written `@name`."""

from typing import Final

from webapp.rules.plaintext import STOP_EMOJI

UNIONS: Final[dict[str, str]] = {
    # Courtesy, haste and anger: what may stand inside a request.
    "AROUND": "FILL ABUSE",
    # What may precede a bare "stop" and leave it a request: "I asked you three times to", "how do I make this".
    "FRAME": (
        "FILL ABUSE YOU PEOPLE SELF WILL NEED SAY MAKE WAS TO WANT DO THIS TEXTS WHY NUM PLEASE CORTESIA "
        "POLITESSE ME THISIS REPLY CONDITION OF TIMES HELPING"
    ),
    # What may follow it.
    "TAIL": (
        "FILL ABUSE YOU THIS RUBBISH ALL STOP CORTESIA POLITESSE NAME ME UNSUB PEOPLE AGAIN SIGNED TIMES END QUIT"
    ),
    "CORTES": "CORTESIA FILL",
    "POLI": "POLITESSE FILL",
    "STOPV": "STOP QUIT",
    # What a guard may take out.
    "TRIGGER": "STOP QUIT STOPPING UNSUB REMOVE LOSE OPT OPTOUT TAKE END ERASE ARRETE",
    "VERB": "TEXT WRITE CALL SEND EMAIL REACH REPLY",
    "OBJECT": "MESSAGE CALLS RUBBISH MENSAJE MESSAGE_F",
    # What may stand between a verb and what it is about.
    "PARTS": "THE ALL KIND AROUND MY WITH OF TO YOU ME",
}

#: Classes of a few words that only patterns need. Two have no words: numbers, and unknown words with a capital.
SMALL: Final[dict[str, str]] = {
    "THISIS": "its thats theres heres thatll",
    "CONDITION": "if",
    "NUM": "0",
    "PROPER": "\x01",
    "OWNER": "\x02",
    # Places and firms that people write with a capital, and are nobody.
    "NOBODY": (
        "dallas austin houston texas plano frisco irving phoenix tampa miami orlando florida denver chicago "
        "atlanta seattle boston york jersey california montreal quebec toronto ottawa laval vancouver zillow "
        "redfin trulia realtor keller remax geico progressive allstate medicare medicaid american mexican "
        "catholic christian spanish english french realtor monday tuesday wednesday thursday friday saturday "
        "sunday ford toyota honda kia chevy"
    ),
    "SIGNED": "sent",
    "REACH": "reach hit follow blow",
    "ERASE": "delete erase",
    "PHONENO": "number num numbers # nbr numb nunber line",
    "TIMES": (
        "week weeks month months year years day days yesterday ago hour hours minutes times many once twice thrice "
        "two three four five six ten dozen hundred thousand million"
    ),
    "CONJUNCTION": "so and but because cuz bc therefore y et & pero mais",
    "OATH": "love sake name jesus god christ heaven heavens mercy",
    "HELPING": "help info",
    "MSGS": (
        "texts txts messages msgs sms spam texting messaging txting notifications communications solicitations "
        "followups checkins blasts robotexts spiel spiels pitch pitches pings ads advertisements promos promotions "
        "correspondence outreach contact contacts dms mensajes textos drips solicitation blasting texters texter"
    ),
    # What our customers' own staff ask about.
    "OUR_PRODUCT": "platform software tool app crm product api dashboard plan feature features",
    "OUR_PEOPLE": (
        "tenant client lead leads homeowner patient customers customer employee employees users user clients "
        "recipients recipient subscribers tenants patients "
        "prospects staff teammates teammate seat seats members member buyers buyer"
    ),
    "IGNORING": "ignoring reading leaving seeing deleting missing losing hiding blocking hogging smoking",
    "APPLIANCE": (
        "light lights heat heater water power alarm oven ac gas breaker sprinkler sprinklers electricity furnace "
        "utilities air notifications siren car engine tv computer panel panels cable internet system"
    ),
    "PLACE": (
        "resto station shop restaurant office school church store bakery salon hospital clinic dentist "
        "pizzeria daycare library "
        "hotel motel bar cafe garage barbershop pharmacy warehouse factory precinct courthouse nursery bank gym "
        "spa deli diner laundromat landline fax kitchen residence panaderia restaurante tienda taqueria escuela "
        "iglesia oficina negocio consultorio farmacia boulangerie garderie ecole bureau clinique magasin epicerie "
        "depanneur salon pizza hopital taller peluqueria carniceria ferreteria hospital clinica"
    ),
    "TITLE": "mr mrs ms dr sr sra srta mme mlle m monsieur madame senor senora don dona miss",
    "STOPSIGN": STOP_EMOJI,
    # Who else is about when a house is sold.
    "OTHERS": (
        "lender lenders bank banks seller sellers buyer buyers tenant tenants neighbor neighbors investors "
        "wholesalers contractors movers insurance landlord builder appraiser inspector attorney noise traffic kids "
        "dogs "
        "hoa trains planes music students"
    ),
    # Other ways to reach people than by text, and single things that are sent.
    "CHANNEL": (
        "facebook fb messenger whatsapp instagram insta ig linkedin zillow slack telegram snapchat twitter "
        "tiktok redfin marketplace app"
    ),
    "ITEM": (
        "code codes pin passcode combo combination password address link contract docs documents document "
        "disclosure disclosures offer paperwork picture pictures photo photos video videos ssn account balance "
        "invoice estimate quote key keys"
    ),
    "GONE": "passed died dead deceased passing moved",
}

MACROS: Final[dict[str, str]] = {
    # The beginning of a clause, with or without a conjunction; the end of one; those of a sentence.
    "begin": r"^|(?<=.)|(?<=,)|(?<=QM)|(?<=CONJUNCTION)",
    "edge": r"^|(?<=.)|(?<=,)|(?<=QM)",
    "end": r"$|(?=.)|(?=,)|(?=QM)",
    "start": r"^|(?<=.)|(?<=QM)|(?<=FILL ,)|(?<=CORTESIA ,)|(?<=POLITESSE ,)",
    "close": r"$|(?=.)|(?=QM)|(?=,{1,2} $)|(?=, FILL)",
    # Me, or what reaches me; and mine besides.
    "me": r"(MY FAMILY and)? ME (and MY FAMILY)?|MY (KIND|FAMILY){0,3} NUMBER (and NUMBER){0,2}",
    "mine": r"@me|(both|all) of MY NUMBER|MY FAMILY (?=@end|FILL|OFF|(from|off) @list)|(this|my) (person|contact|lead)",
    "x": r"AROUND{0,4}",
    "reach": (
        r"reach FILL? out|(hit|hitting|hittin|blow|blowing|blowin) (ME|MY|up|us|THE)|follow up|following "
        r"up|reaching out"
    ),
    # What is sent.
    "junk": r"(PARTS|SEND){0,6} OBJECT",
    # Texts are welcome; or welcome where another way is not.
    "keeps_texts": (
        r"(TEXT|texting) ME? (only|instead|directly)|(TEXTING|texts|text|txt|messages) (is|are|work|works) FILL? "
        r"(fine|better|best|ok|okay|easier|easiest|good|great|cool)|(?<!YOU) (?<!YOU FILL) (?<!WHY) (?<!TO) "
        r"(?<!DONT) (?<!not) (?<!will) keep FILL? THE{0,2} (MESSAGE|TEXTING|SENDING)"
    ),
    "prefers_texts": (
        r"@keeps_texts|(?<!DONT) (?<!not) (?<!or) (?<!to) TEXT (ME)? ,? (DONT|not|no|never) CALL"
        r"|(@begin|ONLY|prefer|rather) "
        r"(PLEASE|ok|okay|so|but|yes|yeah|instead|ONLY|WILL|YOU|prefer|to|rather|me|in){0,4} "
        r"(text|txt|message|texting|texts|messages|messaging) (ME|ONLY|instead|work|works|is|are|FILL{0,3} @end) "
        r"(?!again|anymore|one)|prefer (TEXT|TEXTING)|(textez|ecrivez|texte) "
        r"moi|(mandeme|escribame|mandame|escribeme|mandenme|texteeme|texteame)"
    ),
    # A request not to, no statement about oneself or others: "don't", "please never", "told you not to".
    "not": (
        r"((?<!SELF) (?<!THIRD) (?<!WHY) (?<!YOU FILL) (?<!YOU) (DONT|do (not|no)|never|neva|no "
        r"longer|nor|refrain from|(can|could|would|will|may) YOU FILL? not)|(?<!SELF) not "
        r"to|(mind|appreciate|appreciated|prefer|rather|love|thankful|grateful|better) (YOU|FILL|it|if|WILL){0,5} "
        r"(not|DIDNT|DONT|wouldnt|never)) (FILL|YOU (dare|ever)|ever|even|dare|keep|try to|attempt "
        r"to|you|start|AROUND|bother to|be|go){0,3}"
    ),
    # A wish not to.
    "nor": r"(DONT|DIDNT|CANT|do (not|no)|does not|did not|no longer|not|never|nor)",
    "list": r"(PARTS|KIND){0,5} (LIST|MESSAGE|THIS (?=FILL|@end))",
    # Anger that asks for distance.
    "away": (
        r"(fuck|f|eff|piss|bug|buzz|bugger|sod|back|screw|shove|f'|fk|fck|fuk|frick|bog) off|get lost|kick "
        r"rocks|take a hike|beat it|shut (THE|AROUND){0,3} up|stfu|gtfo|foh|(fuck|screw|fck|fuk|f) "
        r"(YOU|yourself)|go to AROUND? hell|to hell with|eat shit|kiss my ass|get bent|knock it AROUND? off|knock "
        r"off|cut it AROUND? out|give it AROUND? (rest|up)|give it a AROUND? (rest|break)|(take|get) (the|a) "
        r"hint|get a life|drop dead|scram|shoo|begone|get out of here|fuck yourself|fu|gfy|up yours"
    ),
    # Lists and papers that are not ours: a lease, a loan, a guest list.
    "elsewhere": r"ANY{0,6} ELSEWHERE",
    # At some times only.
    "limited": r"ANY{0,4} LIMIT",
    # Delight, no refusal: "stop it, that view is unreal".
    "laughing": (
        r"LAUGH|omg|kidding|joking|teasing|what a|no way|@delight|@delight_first"
        r"|(im|am) sold|YOU (are)? (too|so|very) (kind|sweet|nice|good)|making (me|us) (blush|laugh|cry)|cracking (me"
        r"|us) up"
    ),
    # Praise right after a "stop", or right before it; elsewhere it is courtesy: "lovely house, but please stop".
    "delight": (
        r"(STOPV|ARRETE) EVERY{0,12} ((?<!NOT) (?<!DIDNT) PRAISE|great|love (it|this|that)) (?!WITHIN{0,6} but)"
    ),
    "delight_first": r"(PRAISE|great|love (it|this|that)) EVERY{0,3} (STOPV|ARRETE)",
    # What is sent, in the plural and by any name.
    "msgs": r"MSGS|(follow|check) (ups|ins|up|in) MSGS?|sales (pitch|pitches)",
    "appliance": r"APPLIANCE",
    # Spanish: what stands between a "no" and its verb; what stands before the thing that is sent.
    "entre": r"(me|nos|le|les|lo|los|la|las|se|CORTES|MAS|ya|nunca|jamas|VUELVA|volviera|volvieran|a|que|te){0,5}",
    "los": (
        r"(MI|ningun|ninguno|ninguna|los|las|sus|tus|estos|esos|tanto|tantos|tantas|el|la|de|del|mas|MAS|esta|ese|este|todo|todos|todas"
        r"|CORTES){0,5}"
    ),
}

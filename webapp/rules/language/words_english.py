"""English words by the part they play in asking to be left alone: the classes that the patterns are written in.

Plain form: lower case, no accents, no apostrophes. A word may play several parts; what is listed nowhere is just a
word.
"""

from typing import Final

WORDS: Final[dict[str, str]] = {
    # Ending something.
    "STOP": (
        "opst ospt ostp otps otsp psot psto ptos ptso sopt spto tosp tpos tpso tspo xtop wtop ztop etop stoppit "
        "styop stiop srtop stop stahp stpo sotp tsop stp stopp sttop sstop stopo stopl stip stio stol stpp srop "
        "sfop sgop syop dtop stob stup stope stpop sotop stkp stlp stoo sto stawp st0p 5top"
    ),
    "QUIT": "quit cease desist discontinue halt refrain",
    "END": "end cancel terminate kill cancle cancell cancal cansel canel cancl ccancel",
    "STOPPING": "stopping quitting ceasing",
    "STOPPED": "stopped quit ceased ended",
    "UNSUB": (
        "unsubscribe unsub unsubscribing unsubbed unsubscribed unsubscription unsubscribes unscribe unsubs "
        "unenroll desubscribe"
    ),
    "OPT": "opt opting opted optt",
    "OPTOUT": "optout optedout optingout opout optou optot otpout",
    "REMOVE": "remove rmv remov rm delete del erase scrub purge wipe nuke expunge removing deleting unlist exclude",
    "REMOVED": "removed deleted erased dropped scrubbed purged unlisted taken",
    "TAKE": "tke take tak pull cross scratch taking",
    "HAVE_ME": "get git getting keep drop strike move kick",
    "LOSE": "lose loose forget burn ditch toss trash shred delete erase",
    "LEAVE": "leave leav",
    "REVOKE": "revoke rescind withdraw retract revoking withdrawing rescinding revoked withdrawn rescinded withdrew",
    "CONSENT": "consent permission authorization authorisation permissions consents approval",
    # Reaching people.
    "TEXTING": (
        "txtign txtng texitng txeting texting txting txtin txtn textin textn textng texing msging msgin messaging "
        "messagin smsing dming pinging txing teting"
    ),
    "CONTACTING": "contacting contactin writing communicating notifying replying responding forwarding dialing",
    "SENDING": "sending sendin sendn sendng send",
    "CALLING": "calling callin calln phoning ringing robocalling",
    "EMAILING": "emailing mailing",
    "BOTHERING": (
        "bothering botherin bugging buggin harassing harrassing harassin annoying spamming spammin pestering "
        "soliciting hounding stalking disturbing badgering flooding bombarding nagging pressuring targeting "
        "harrasing trolling irritating abusing scamming"
    ),
    "ASKING": "asking askin trying tryna inquiring",
    "RECEIVING": "receiving recieving getting gettin receive recieve get receving geting",
    "TEXT": (
        "txet tect texr texy tezt rext yext trxt texxt tecxt textt text txt message msg sms dm ping tex tx txtme "
        "texts messages txts msgs"
    ),
    "CALL": "call phone ring dial calls cal",
    "EMAIL": "email emails newsletter newsletters mailer mailers",
    "WRITE": (
        "write contact notify solicit pester bother bug harass harrass annoy spam disturb hmu communicate approach nag"
    ),
    "SEND": "send sent give forward sending",
    "REPLY": "reply respond answer",
    "CONTACTED": (
        "contacted texted messaged bothered called solicited harassed emailed spammed disturbed notified pestered "
        "reached"
    ),
    # What is sent.
    "MESSAGE": (
        "text texts txt txts message messages msg msgs sms spam notification notifications communication "
        "communications comms correspondence contact solicitation solicitations ads advertisements promo promos "
        "promotions conversation convo thread subscription subscriptions alerts blasts outreach texting messaging "
        "robotexts subscribtion mgs txting"
    ),
    "TEXTS": "texts txts messages msgs robotexts",
    "CALLS": "calls robocalls",
    "NEWS": "updates update reminders offers newsletter newsletters reminder followups listings listing emails",
    "LISTING": "homes houses properties deals",
    "THIS": "this these those them that dis it",
    "THESE": "these those",
    "RUBBISH": (
        "shit crap bs bullshit nonsense stuff junk garbage trash harassment madness foolishness bullcrap foolery "
        "scams scam sh*t b*llshit craziness"
    ),
    "ALL": (
        "all any every everything anything anymore more further future additional other another else such "
        "whatever whichever"
    ),
    "KIND": (
        "unwanted unsolicited annoying automated automatic marketing promotional constant daily endless random "
        "stupid dumb sms mass bulk spam phone text texting cell group kind kinds sort type of mobile solicitation "
        "sales recurring ridiculous pointless useless lame first last full contact call calling email mailing "
        "personal work home wireless telephone robo silly campaign blast distribution follow up message messaging "
        "subscriber client lead calls prospect customer auto master and/or or and"
    ),
    "LIST": (
        "list lists database databases system systems contacts contact records record rolodex crm directory "
        "distribution file files log logs roster registry books book rotation campaign campaigns thread chat lst "
        "llist program spreadsheet sheet sequence drip group mailings blast"
    ),
    "ELSEWHERE": (
        "lease title deed mortgage loan policy account insurance waitlist waiting contract will hold hook market "
        "tour showing appointment closing escrow application plan house property trust bill utilities warranty "
        "listing photo photos picture pictures schedule calendar guest event meeting invite invitation mls zillow "
        "redfin speaker speakerphone website site page note quote binder coverage beneficiary driver drivers "
        "paperwork street road check utility showings appt refinance hoa payroll job car truck vehicle "
        "registration tag favorites saved search searches guestlist offer team title's cosigner"
    ),
    # Whom it reaches.
    "ME": "mee me us myself em meh",
    "MY": (
        "my our this the her his mom moms mothers dads fathers husbands wifes sons daughters dis that mah mi "
        "grandmas grandpas their these your"
    ),
    "NUMBER": (
        "numbr number num numbers # nbr numb nunber name names info information contact contacts details data "
        "digits cell phone cellphone mobile line inbox device telephone record profile address"
    ),
    "DIGITS": "numbr number num numbers # nbr numb nunber digits contact info line",
    "PEOPLE": (
        "people ppl guys yall company office team agents someone anyone anybody everyone somebody bot bots robot "
        "realtors realtor folks fools clowns agency sir maam mam idiots scammers spammers jerks all both"
    ),
    "FAMILY": "wife husband mom mother dad father son daughter kid kids family parents grandma sister brother",
    # Wishing, refusing, asking.
    "DONT": "dont dnt donot don dint doont dunt",
    "DIDNT": "ion iont doesnt didnt wasnt havent hasnt isnt arent aint",
    "CANT": "cant cannot wont couldnt wouldnt wnt shouldnt",
    "NOT": "not never neva nvr nor",
    "DO": "do does did didnt",
    "WANT": (
        "want wanna wants wanted wish wishes wishing like liking care need desire desiring interested intrested "
        "intersted consent agree authorize appreciate enjoy looking wnat intend trying asking plan wanting "
        "needing"
    ),
    "WILL": "will would could can may might should gonna going shall must ill well youll youd wouldnt cant wont",
    "NEED": "need needs gotta got have has better must supposed going gonna had",
    "SAY": (
        "say said says saying tell told telling asked ask asks asking requested request requesting replied reply "
        "texted sent typed wrote begging demand demanding demanded repeat repeated type insist"
    ),
    "ASKED": "told asked tell ask tells asks begged wants telling asking",
    "MAKE": "make makes making made getting have get gets got",
    "WAS": "was were am is are been being be",
    "WHY": "why how when until till y how's",
    "YOU": "you u ya ur your youre yall yous yu yo yours youll youve ull youd y'all",
    "SELF": "i im ive id ill we weve wed were well",
    "THIRD": (
        "he she it they hes shes theyre who everybody everyone nobody somebody kids husband wife ex agent son "
        "daughter mom dad landlord tenant tenants neighbors boss seller sellers buyer lender dog rain"
    ),
    "TO": "to 2 too ta",
    "OF": "of from off about",
    "OFF": "fof iff offf oof off outta out of offa",
    "WITH": "with w wit",
    "THE": (
        "ypur yoir yuor yoru youe the ur your this that these those any my all of a da every our em sending "
        "receiving getting"
    ),
    "AGAIN": "again anymore ever forever more further period whatsoever",
    "LIMIT": (
        "before after until till while during when tomorrow tonight early late driving today weekdays weekends "
        "weekend monday tuesday wednesday thursday friday saturday sunday morning mornings evening evenings night "
        "nights sundays work past am pm lunch dinner"
    ),
    "UNLESS": "unless if except only but",
    "ONLY": "only except instead just but unless",
    # What may stand around a request without changing it.
    "FILL": (
        "pretty please pls plz plzz pleas plez pleaze plse pl kindly thanks thank thx ty tks thnx tnx thanx "
        "thankyou now immediately already asap again ever anymore any more right just really seriously literally "
        "ffs smh ok okay k kk yes yeah yep yea yup no nah nope hey hi hello helo hiya yo lol omg omfg sorry well "
        "so and also but simply once today forever permanently completely altogether all further effective "
        "promptly time bro bruh dude man guys people buddy yall folks lady girl fam homie friend rn then here "
        "there good morning afternoon evening day god gosh jeez wtf oh ugh fr tho though else always still too "
        "actually wow everyone team sirs sir maam mam ma'am mister miss appreciated sincerely regards best "
        "respectfully possible soon way last n continually constantly repeatedly automatically clearly dear bye "
        "goodbye um uh umm hmm er times months weeks minute second finally totally basically honestly kind "
        "kindness cheers blessings bless merry happy cmon come damnit hate having about multiple several "
        "countless numerous mate xoxo instant alright aight hun hon darling sweetie sweetheart"
    ),
    "ABUSE": (
        "fuck fucking fuckin fucken fkn fking fukin fuckn effing fcking freaking freakin frickin flipping damn "
        "damned dammit goddamn goddamned dam bloody hell heck tf bitch bitches asshole assholes idiot idiots "
        "moron morons scammer scammers spammer spammers dumbass shit jerk creep bastard bastards loser losers "
        "stupid f fing fck fuk mf motherfucker motherfuckers dumb clown clowns weirdo weirdos dang darn ass crap "
        "christ jesus fkng fuckers fucker hoe pos"
    ),
    "PLEASE": "please pls plz plzz pleas plez kindly thanks thank thx ty",
    # Moods that turn a "stop" into delight.
    "LAUGH": "aw aww lol lmao rofl haha hahaha hahahaha lmfao jaja jajaja lolol hehe ha",
    "PRAISE": (
        "gorgeous unreal amazing beautiful stunning adorable cute dreamy insane obsessed blushing hilarious funny "
        "perfect cutest nicest prettiest wow incredible fabulous awesome"
    ),
    "REFUSAL": (
        "interested sold bought wrong scam spam harassment already never no nope nah dont passed died deceased "
        "moved lawyer consent permission asked told annoying ridiculous enough leave remove not said"
    ),
    "VISIT": "by in over at off on through bus sign light",
    "CARRIES": (
        "bus pit full truck train metro non short tour rest one next first every each another a an the our final "
        "door traffic school quick subway trolley tram only transit shuttle last second single"
    ),
    # Wrong numbers.
    "WRONG": "wrong wrng worng incorrect wrongg rong",
    "WHO": (
        "digits digit owner number num # nbr person guy gal lady dude contact phone cell nunber individual "
        "man woman girl numer numbr"
    ),
    "HERE": "here aqui ici there",
}

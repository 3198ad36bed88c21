"""How people speak of texts as of a machine: disable, pause, mute, exit; and a stop sign with a word beside it."""

from typing import Final

from webapp.rules.language.tables import RuleText as Rule

RULES: Final = (
    Rule(
        "stop_service",
        "suppress",
        "stop market updates",
        on="STOP QUIT",
        pattern=r"@edge (FRAME){0,8} STOPV (?!VISIT|TO|and|or|for|if|when|in|IGNORING|with) ANY{0,3} "
        r"(alert|alerts|updates|update|newsletters|newsletter|reminders|campaign|campaigns|drip|drips|service|program"
        r"|subscription|promotion|blast|feed|bot) AROUND{0,4} @close",
        unless=r"EMAIL (alert|alerts|updates|subscription|campaign)|@laughing|@keeps_texts|SELF (WILL|DO|CANT|DONT"
        r"|DIDNT) FILL{0,2} STOPV",
    ),
    Rule(
        "too_many",
        "hold",
        "too many texts",
        on="TEXTS TEXT",
        pattern=r"(too|way|so|this) many (KIND|more){0,2} (TEXTS|notifications|alerts) (AROUND|from YOU|YOU|TO"
        r"|day){0,5} @end"
        r"|YOU (FILL|guys|people|are|PEOPLE){0,2} (TEXT|TEXTING|message) (ME|us|FILL){0,3} (too|way) FILL? (much"
        r"|often)",
        unless=r"QM|sorry|(did|have|am|was|were|do) SELF|SELF (sent|send|have|WAS|TEXT)",
    ),
    Rule(
        "disable",
        "suppress",
        "disable these notifications",
        on="MESSAGE NUMBER THESE",
        pattern=r"@begin (FRAME){0,8} (disable|deactivate|discontinue|terminate|unenroll|unregister) "
        r"((PARTS|KIND){0,5} MESSAGE|@me) (FILL|ABUSE|TO ME|from YOU|YOU|on this NUMBER|to this NUMBER){0,5} @end",
        unless=r"SELF (DONT|NOT|DIDNT|CANT)|QM|website|site",
    ),
    Rule(
        "pause",
        "hold",
        "pause these texts for now",
        on="MESSAGE THESE",
        pattern=r"@begin (FILL|YOU|WILL|SELF|WANT|TO|NEED){0,6} "
        r"(pause|mute|suspend|hold off (on|with)|ease up (on|with)|lay off|slow down (on|with)|cut back (on|with)) "
        r"((PARTS|KIND){0,5} (MESSAGE|NEWS)|THESE) (AROUND|for (now|a ANY|the ANY)){0,5} @end",
        unless=r"SELF (DONT|NOT|DIDNT|CANT)|@prefers_texts",
    ),
    Rule(
        "keyword_of_another_kind",
        "hold",
        "exit",
        on="exit abort deactivate disable mute terminate leave disconnect",
        pattern=r"^ PLEASE{0,2} (exit|abort|deactivate|disable|mute|terminate|leave|disconnect) (PLEASE|.|,){0,4} $",
    ),
    Rule(
        "leave_list",
        "hold",
        "leave this chat",
        on="leave",
        pattern=r"@start (FILL|SELF|WANT|TO|WILL|like|NEED){0,6} leave (the|this|your|ur|THE)? KIND{0,2} "
        r"(list|chat|group|thread|conversation|program) AROUND{0,3} @close",
        unless=r"QM|(DONT|CANT|NOT) leave",
    ),
    Rule(
        "stay_away",
        "suppress",
        "stay off my phone",
        on="stay keep",
        pattern=r"(stay|keep) (AROUND){0,2} (off|out of|outta|away from) (of)? my (phone|line|cell|inbox|number"
        r"|messages|texts)",
        unless=r"SELF (FILL|WILL|NEED|TO){0,3} (stay|keep)",
    ),
    Rule(
        "count_me_out",
        "hold",
        "count me out",
        on="count",
        pattern=r"^ (FILL|.|,){0,4} count (ME) out (FILL|.|,){0,4} $",
    ),
    Rule(
        "stop_sign",
        "hold",
        "🛑 please",
        on="STOPSIGN",
        pattern=r"^ (no|nope|nah|not interested|PLEASE|enough|AGAIN|ABUSE|.|,){0,6} STOPSIGN (STOPSIGN|no|nope|nah"
        r"|PLEASE|enough|AGAIN"
        r"|ABUSE|.|,){0,8} $",
    ),
)

"""What the simulator is called when nobody says otherwise. Import-light: `leadline up` reads these first."""

ACCOUNT_SID = "AC" + "1".zfill(32)
CONVERSATIONS_SERVICE_SID = "IS" + "1".zfill(32)
MESSAGING_SERVICE_SID = "MG" + "1".zfill(32)

# Public on purpose: it guards nothing but a simulator on loopback. TWILIO_AUTH_TOKEN replaces it where it is set.
AUTH_TOKEN = "leadline-simulator-token"  # noqa: S105

# Fictional by the numbering plan (555-0100 to 555-0199).
NUMBERS = ("+17375550100", "+16025550101")

# What the pages show times in: the demo's agency is in Texas. Numbers do not say where their phones are.
ZONE = "America/Chicago"

HOST = "127.0.0.1"
PORT = 4010
WEBHOOK_PATH = "/api/twilio/conversations/webhook"

# Each sender carries so many texts a second; what comes faster waits in its queue, as at Twilio.
TEXTS_PER_SECOND = 100.0
# From acceptance by the carrier to the handset.
CARRIER_LATENCY_MS = 60

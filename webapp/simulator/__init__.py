"""The stand-in carrier: Twilio's HTTP API, handsets as web pages, and a control API; imports nothing else of webapp."""

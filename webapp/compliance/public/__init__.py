"""The programme as strangers meet it: the public pages, the words agreed to, and opting in."""

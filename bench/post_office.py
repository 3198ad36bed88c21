"""``python -m bench.post_office DATABASE_URL COUNT``: the nearest job of django-post_office's bulk call.

It renders a stored template for each of COUNT people whom it is given, and stores the rows in bulk. It does less than a
tick: nobody is looked up, nothing is claimed, decided, explained or moved on. Prints seconds and CPU seconds as JSON.
"""

from __future__ import annotations

import json
import sys
import time

import django
import psutil
from django.conf import settings
from django.core.management import call_command
from psycopg.conninfo import conninfo_to_dict

_BATCH = 2000
_BODY = (
    'Hi {{ first_name|default:"there" }}, {{ my_name|default:"we" }} at {{ business_name }} here: number 1 of the '
    "houses that you asked about can be seen on Saturday.\nReply STOP to opt out, HELP for help."
)


def main() -> None:
    url, count = sys.argv[1], int(sys.argv[2])
    _configure(url)
    from django.db import connection
    from post_office import mail
    from post_office.models import EmailTemplate

    call_command("migrate", verbosity=0)
    EmailTemplate.objects.create(name="house", subject="Saturday", content=_BODY)
    asked = [_asked(number) for number in range(count)]
    mail.send_many(asked[:10])
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = psutil.Process(cursor.fetchone()[0])
    own, theirs, started = time.process_time(), sum(backend.cpu_times()[:2]), time.perf_counter()
    for first in range(0, count, _BATCH):
        mail.send_many(asked[first : first + _BATCH])
    seconds = time.perf_counter() - started
    cpu = time.process_time() - own + sum(backend.cpu_times()[:2]) - theirs
    print(json.dumps({"seconds": seconds, "cpu_seconds": cpu}))


def _asked(number: int) -> dict[str, object]:
    fields = {"first_name": f"First{number % 997}", "my_name": "Rep 5", "business_name": "Bluebonnet"}
    return {"recipients": [f"lead{number}@bench.example"], "sender": "we@bench.example", "template": "house",
            "context": fields}  # fmt: skip


def _configure(url: str) -> None:
    given = conninfo_to_dict(url)
    settings.configure(
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": given["dbname"],
                "USER": given.get("user", ""),
                "PASSWORD": given.get("password", ""),
                "HOST": given.get("host", ""),
                "PORT": str(given.get("port", "")),
            }
        },
        INSTALLED_APPS=["django.contrib.contenttypes", "post_office"],
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
        USE_TZ=True,
    )
    django.setup()


if __name__ == "__main__":
    main()

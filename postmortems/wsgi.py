"""What a web server runs."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "postmortems.settings")
# Read by the settings: no statement of a request goes on for ever.
os.environ["ANSWERS_REQUESTS"] = "yes"
site = get_wsgi_application()

from django.conf import settings  # noqa: E402  (Django has to be set up before)

from incidents.checks import warn_at_start  # noqa: E402
from incidents.health.admission import admitted, refuse_what_is_sent  # noqa: E402
from incidents.lib.few_bodies import FewBodies  # noqa: E402
from incidents.lib.supervising import end_with_spawner  # noqa: E402
from postmortems.first_page import load_pages  # noqa: E402

# Half the threads, so that who looks something up has the other half.
few = max(1, settings.WEB_THREADS // 2)
application = FewBodies(admitted(site), most=few, refuse=refuse_what_is_sent)
warn_at_start()
# granian's workers go on without it, with the version that they have, and beside the next one.
end_with_spawner()
load_pages()
# What is there now stays: pages that make very many rows would have it all looked through again.
gc.collect()
gc.freeze()

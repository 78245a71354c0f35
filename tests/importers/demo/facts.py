"""What the six stories tell, written from the stories and not from the records."""

from collections.abc import Callable
from typing import Any

from tests.importers.demo.told import Told

Fact = tuple[str, Callable[[Told], Any]]

CLOUDFACTORY: list[Fact] = [
    (
        "the limit went from 30 to 60 s, and that was the fix",
        lambda t: t.delta("unicorn", "timeout") == ("30", "60", "fixed"),
    ),
    ("nothing else was turned", lambda t: t.knobs() == {"unicorn · timeout"}),
    ("it is told in Kathmandu's time", lambda t: t.incident.time_zone == "Asia/Kathmandu"),
    ("Disrupt began a little after midnight there", lambda t: t.tells("context", "midnight")),
    (
        "it was shown at Disrupt in San Francisco by Mark and Tom",
        lambda t: t.says("Mark", "Tom", "San Francisco"),
    ),
    (
        "business cards of visitors were read from pictures",
        lambda t: t.tells("context", "business cards", "dozens", "pictures"),
    ),
    ("one Unicorn server misbehaved", lambda t: t.tells("symptom", "one of the Unicorn servers")),
    (
        "requests were lost before they completed",
        lambda t: t.tells("detection", "requests", "lost"),
    ),
    ("a few cards were not processed at all", lambda t: t.tells("symptom", "few", "not processed")),
    ("the team saw it itself", lambda t: t.incident.detection == "staff"),
    (
        "the requests were looked at first, in vain",
        lambda t: t.tells("diagnosis", "requests", "nothing"),
    ),
    (
        "Bikash, system administrator, found the setting after a while",
        lambda t: t.took_part("Bikash") == "responder" and t.tells("diagnosis", "after a while"),
    ),
    (
        "it was configured for many short requests at once",
        lambda t: t.says("large numbers of short requests"),
    ),
    (
        "first the requests, then the setting, then the change, then sleep",
        lambda t: t.in_order("found nothing", "30 seconds at most", "from 30 to 60", "slept"),
    ),
    ("no major trouble followed, to their surprise", lambda t: t.tells("recovery", "surprise")),
    ("cards of several dozen visitors were digitised", lambda t: t.says("several dozen visitors")),
    ("they had worked nights for a month", lambda t: t.tells("context", "month", "night")),
    (
        "they slept 12 hours the next day",
        lambda t: t.measured("Sleep on end, the day after")[0] == 12,
    ),
    (
        "how many cards were lost is unknown",
        lambda t: t.measured("Business cards not processed") == (None, None, False),
    ),
    ("the launch was the week before the post", lambda t: t.says("week", "launch")),
    ("there is no date", lambda t: t.times() == set()),
]

JANITORIAL: list[Fact] = [
    (
        "Sidekiq's concurrency was lowered from an unknown value to 2",
        lambda t: t.delta("sidekiq", "concurrency") == ("unknown", "2", "fixed"),
    ),
    ("the pool went from 5 to 10", lambda t: t.delta("database", "pool") == ("5", "10", "fixed")),
    (
        "a pause of unknown length was added",
        lambda t: t.delta("schedule task", "pause") == ("not set", "unknown", "fixed"),
    ),
    (
        "150 of about 400 were made",
        lambda t: t.measured("Schedules made overnight") == (150, 400, True),
    ),
    ("five is Rails' default", lambda t: t.says("Rails", "default", "five")),
    ("2 could probably be higher", lambda t: t.tells("change", "could probably be higher")),
    ("the web process draws on the pool too", lambda t: t.tells("change", "web process")),
    ("Sentry told of full connections", lambda t: t.tells("detection", "Sentry", "connections")),
    (
        "the client saw that the report did not match",
        lambda t: t.tells("detection", "client", "report") and t.incident.detection == "customer",
    ),
    ("both came at the same time", lambda t: t.tells("detection", "at the same time")),
    ("the report was checked first", lambda t: t.in_order("report was checked", "150 of the 400")),
    ("an overnight Rake task makes them", lambda t: t.says("overnight", "Rake")),
    (
        "messages go out an hour before a shift and an hour after",
        lambda t: t.says("an hour before", "an hour after"),
    ),
    ("React, Rails and Redis", lambda t: t.says("React", "Rails", "Redis")),
    ("the schedules came from Excel", lambda t: t.says("Excel")),
    (
        "Ifat Ribon, Senior Developer at LaunchPad Lab in Chicago",
        lambda t: (
            t.took_part("Ifat Ribon") == "responder"
            and t.says("Senior Developer", "LaunchPad Lab")
            and t.says("Chicago")
        ),
    ),
    (
        "it was tried in production, night after night, counted by a script",
        lambda t: t.tells("decision", "production") and t.tells("action", "next night", "script"),
    ),
    (
        "in the end as many were made as expected",
        lambda t: t.tells("recovery", "equalled", "expected"),
    ),
    ("the approach was a scientist's", lambda t: t.tells("aftermath", "scientist", "hypothesis")),
    (
        "how many days is unknown",
        lambda t: t.measured("Days on which schedules were missing")[0] is None,
    ),
    ("there is no date", lambda t: t.times() == set()),
]

DUTCHIE: list[Fact] = [
    (
        "the number went from 6 to 9 digits",
        lambda t: t.delta("orders", "vanity_id.digits") == ("6", "9", "fixed"),
    ),
    (
        "it began on 24 December 2019, known to the day",
        lambda t: (
            f"{t.incident.began_at:%Y-%m-%d}" == "2019-12-24"
            and t.incident.began_precision == "day"
        ),
    ),
    (
        "when it ended is unknown",
        lambda t: t.incident.resolved_at is None and t.incident.mitigated_at is None,
    ),
    (
        "no other dates but the company's first years",
        lambda t: t.times() == {"2017-01-01 year", "2018-05-01 month", "2019-12-24 day"},
    ),
    ("a monitor found it", lambda t: t.incident.detection == "monitoring"),
    (
        "first the database's usage, on a phone, at a family party",
        lambda t: t.tells("detection", "phone", "database") and t.says("family party"),
    ),
    (
        "he opened a ticket with the provider and went back",
        lambda t: t.tells("decision", "ticket", "provider", "party"),
    ),
    (
        "half an hour later the API's p95 latency",
        lambda t: (
            t.tells("detection", "half an hour", "p95")
            and t.measured("From the first alert to the API alert") == (30, None, True)
        ),
    ),
    (
        "past the warning, straight to the alert",
        lambda t: t.tells("detection", "past the warning", "straight to the alert"),
    ),
    (
        "synthetic monitors worked, menus were quick",
        lambda t: t.tells("symptom", "synthetic monitors", "menus loaded quickly"),
    ),
    ("queries queued up", lambda t: t.tells("diagnosis", "queries", "queued up")),
    (
        "half an hour into it the order rate collapsed",
        lambda t: t.tells("symptom", "half an hour into", "collapsed"),
    ),
    (
        "most dispensaries had closed on the East Coast",
        lambda t: t.tells("diagnosis", "dispensaries had closed", "East Coast"),
    ),
    (
        "people outside engineering placed orders: 30 s, or at once",
        lambda t: t.tells("action", "outside engineering", "30 seconds", "at once"),
    ),
    ("test orders, with -T, went through", lambda t: t.tells("diagnosis", "test orders", "`-T`")),
    (
        "six digits are a million, and they were used up",
        lambda t: t.measured("Order numbers in use") == (1_000_000, 1_000_000, True),
    ),
    ("nine digits are a billion", lambda t: t.tells("change", "nine", "billion")),
    (
        "endpoint, then number, then change, then recovery",
        lambda t: t.in_order(
            "endpoint stood out",
            "outside engineering",
            "Test orders",
            "from six digits to nine",
            "orders came in again",
        ),
    ),
    (
        "40 orders a day in May 2018, tens of thousands later",
        lambda t: t.tells("context", "third employee", "40 orders") and t.says("tens of thousands"),
    ),
    (
        "averages hid it; probably visible for over a month",
        lambda t: (
            "averages-hide-what-matters" in t.factors() and t.tells("symptom", "more than a month")
        ),
    ),
    (
        "roles had not been set",
        lambda t: (
            "roles-not-set-before" in t.factors()
            and not t.incident.participants.filter(role="commander").exists()
        ),
    ),
    (
        "ten endpoints were singled out, with targets",
        lambda t: t.tells("aftermath", "ten endpoints"),
    ),
    ("Datadog was put in place", lambda t: t.tells("aftermath", "Datadog")),
    ("how many orders were lost is unknown", lambda t: t.measured("Orders lost")[0] is None),
]

LONG_SILENCE: list[Fact] = [
    (
        "no setting is told, and the record says so",
        lambda t: t.knobs() == set() and "no configuration setting" in t.incident.notes,
    ),
    (
        "60 hours a week at least",
        lambda t: t.measured("Hours of work in a week, at least")[0] == 60,
    ),
    ("70 at most", lambda t: t.measured("Hours of work in a week, at most")[0] == 70),
    (
        "six or seven days a week",
        lambda t: t.measured("Days of work in a week, at least")[:2] == (6, 7),
    ),
    (
        "five or six hours of sleep",
        lambda t: (
            t.measured("Sleep in a night, at least")[0] == 5
            and t.says("five or six hours of sleep")
        ),
    ),
    ("days, then weeks, then months", lambda t: t.tells("action", "days, then weeks, then months")),
    (
        "a large project of several months",
        lambda t: t.tells("context", "several months", "large project"),
    ),
    ("main architect and main developer", lambda t: t.tells("context", "architect", "developer")),
    ("a first problem was expected to be the last", lambda t: t.tells("decision", "optimistic")),
    ("virtual machines froze for minutes", lambda t: t.tells("symptom", "froze", "minutes")),
    (
        "Python's GIL, third-party software, load testing, bare hardware",
        lambda t: t.tells("diagnosis", "GIL", "third-party", "bare hardware", "testing"),
    ),
    ("growth made it worse", lambda t: t.tells("symptom", "customers grew", "worse")),
    (
        "just before Christmas it ran as planned",
        lambda t: t.tells("recovery", "just before Christmas", "as planned"),
    ),
    (
        "no catastrophic fault but the first deployment",
        lambda t: t.says("catastrophic fault", "first deployment"),
    ),
    ("the move to Santa Clara", lambda t: t.tells("context", "Santa Clara")),
    (
        "M2Crypto waited about six months",
        lambda t: t.measured("Release of M2Crypto pending") == (6, None, True),
    ),
    ("some burnout, recovering", lambda t: t.tells("aftermath", "recovering", "burnout")),
    (
        "deployment, freezes, months, Christmas, recovery",
        lambda t: t.in_order(
            "deployed into production", "froze", "60 to 70", "ran as planned", "still recovering"
        ),
    ),
    ("how it was detected is unknown", lambda t: t.incident.detection == "unknown"),
    ("the author has no name", lambda t: t.took_part("The author (not named)") == "responder"),
    ("there is no date, and so no year", lambda t: t.times() == set()),
]

ONE_WORKER: list[Fact] = [
    (
        "one process became two",
        lambda t: t.delta("async worker", "processes") == ("1", "2", "fixed"),
    ),
    (
        "thumbnails got their own",
        lambda t: t.delta("async worker", "routes.thumbnails") == ("shared", "own", "fixed"),
    ),
    (
        "the night before 27 March 2014; nothing earlier is dated",
        lambda t: t.times() == {"2014-03-26 day", "2014-03-27 day"},
    ),
    ("when it began is unknown", lambda t: t.incident.began_at is None),
    ("it is said how the day was found", lambda t: "last night" in t.incident.notes),
    (
        "the story is dated 27 March 2014",
        lambda t: t.incident.timelineevents.get(kind="communication").event_at.day == 27,
    ),
    ("one after the other", lambda t: t.tells("context", "one worker", "one after the other")),
    (
        "many thumbnails of many big pictures at once: out of memory",
        lambda t: t.tells("symptom", "many big pictures", "out of memory"),
    ),
    ("what was queued behind was not executed", lambda t: t.tells("symptom", "none of the tasks")),
    ("on restart some were lost", lambda t: t.tells("symptom", "restart", "lost")),
    (
        "measuring, pictures, listings were put off",
        lambda t: (
            t.tells("context", "averages", "interpolations")
            and t.tells("context", "EXIF")
            and t.tells("context", "listing")
        ),
    ),
    ("originals lie in cloud storage", lambda t: t.says("cloud storage")),
    (
        "a thumbnail that fails is made at the next request",
        lambda t: t.tells("recovery", "next requested"),
    ),
    (
        "choking, then waiting, then loss, then the split",
        lambda t: t.in_order(
            "out of memory", "None of the tasks", "lost", "separate process", "simple tasks only"
        ),
    ),
    (
        "how many were lost is unknown",
        lambda t: t.measured("Queued tasks lost on restart")[0] is None,
    ),
    ("how it was detected is unknown", lambda t: t.incident.detection == "unknown"),
    (
        "the title is the story's",
        lambda t: t.incident.source_title == "Multiple asynchronous workers",
    ),
]

PODIANT: list[Fact] = [
    (
        "PostgreSQL through pgBouncer",
        lambda t: t.delta("postgresql", "connections") == ("direct", "through pgbouncer", "fixed"),
    ),
    (
        "Redis, Elasticsearch and MongoDB on their own servers",
        lambda t: all(
            t.delta(name, "host") == ("shared host", "own server", "mitigated")
            for name in ("redis", "elasticsearch", "mongodb")
        ),
    ),
    (
        "gevent contributed; what was before is unknown",
        lambda t: t.delta("gunicorn", "worker_class") == ("unknown", "gevent", "contributed"),
    ),
    (
        "feeds moved from nginx to CloudFront",
        lambda t: (
            "nginx" in t.delta("feeds", "served_by")[0]
            and "CloudFront" in t.delta("feeds", "served_by")[1]
        ),
    ),
    ("that helped a bit", lambda t: t.tells("symptom", "helped a bit")),
    ("the servers helped a lot", lambda t: t.tells("change", "Elasticsearch", "helped a lot")),
    ("nginx downloaded each feed from S3", lambda t: t.tells("context", "nginx", "S3")),
    ("PostgreSQL said that it was full", lambda t: t.tells("context", "gevent", "full")),
    ("raising the limit would cost memory", lambda t: t.tells("decision", "memory")),
    ("no true redirect", lambda t: t.tells("decision", "redirect", "permanent")),
    (
        "whether redirects work in CloudFront was not known",
        lambda t: t.tells("diagnosis", "301", "not yet known"),
    ),
    ("a cron job refreshes the feeds", lambda t: t.tells("change", "cron job")),
    ("hundreds of connections became a pool", lambda t: t.tells("change", "pool", "hundreds")),
    ("it has not run out so far", lambda t: t.tells("recovery", "so far", "not run out")),
    (
        "five web servers, three worker servers",
        lambda t: t.tells("recovery", "five web servers", "three worker servers"),
    ),
    ("up before 6 in the morning", lambda t: t.tells("action", "before 6")),
    (
        "a stern message from Todd Cochran, about and not to the author",
        lambda t: t.tells("communication", "Todd Cochran", "stern", "rather than to"),
    ),
    (
        "people moved to Blubrry, and the author offered to help",
        lambda t: t.tells("communication", "Blubrry", "help"),
    ),
    (
        "about 30 Community applications",
        lambda t: t.measured("Community applications waiting") == (30, None, True),
    ),
    ("the people on Slack were kind", lambda t: t.tells("aftermath", "Slack")),
    (
        "feeds, then servers, then the pool, then rest",
        lambda t: t.in_order("CloudFront", "cron", "Redis", "pgBouncer", "five web servers", "bed"),
    ),
    ("there is no date", lambda t: t.times() == set()),
]

FACTS = {
    "cloudfactory-launch-night": CLOUDFACTORY,
    "janitorial-scheduling": JANITORIAL,
    "dutchie-christmas-eve": DUTCHIE,
    "the-long-silence": LONG_SILENCE,
    "one-worker-for-everything": ONE_WORKER,
    "podiant-feeds-and-connections": PODIANT,
}

# Every number that a story gives, or that counts what it lists; any other was made up.
NUMBERS = {
    "cloudfactory-launch-night": "1 12 30 60 dozen dozens",
    "janitorial-scheduling": "2 5 10 150 400 two three five",
    "dutchie-christmas-eve": "6 9 10 30 40 1000000 six nine ten thousands million millionth billion"
    " 2017 2018 2019",
    "the-long-silence": "5 6 7 60 70 five six seven",
    "one-worker-for-everything": "1 2 two three 26 27 2014",
    "podiant-feeds-and-connections": "3 5 6 30 301 two three five hundreds",
}

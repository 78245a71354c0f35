"""Words that the rules know."""


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


PEOPLE = words(
    "he she we i admin admins administrator administrators contractor contractors dba dbas dev devs"
    " developer developers employee employees engineer engineers everybody everyone intern interns"
    " manager managers nobody oncall on-call operator operators people person programmer"
    " programmers responder responders somebody someone sre sres staff team teams technician"
    " technicians tester testers"
)
"""Words for people, as the subject of a sentence. Not “they” and not “users”: those are systems
and symptoms as often."""
SHORTCOMINGS = words(
    "carelessness complacency forgetfulness inattention incompetence inexperience laziness"
    " negligence sloppiness"
)
"""What is said of a person, in the name of a factor."""
THINKING = words(
    "anticipate appreciate ask check consider consult document double-check ensure escalate foresee"
    " grasp heed inform investigate learn look mention notice pay plan prepare question realise"
    " realize recognise recognize remember review see speak spot tell test think understand"
)
"""What only people do, or are blamed for not doing. A server fails to start, and to respond."""

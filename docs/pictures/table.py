"""Which pictures the documents show, and what is done on the site before each is taken.

What is done is told as in docs/first-hour.md (tests/docs/steps.py). All are taken on one site, in
this order: what one writes, the next may show.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Picture:
    name: str
    steps: str
    elsewhere: str = ""
    """What somebody else does meanwhile, …"""
    then: str = ""
    """… and what is done after that."""
    at: str = ""
    """What stands at its top, as a selector; else the beginning of the page."""
    height: int = 800


PICTURES = [
    Picture("lookup", "- Open `/lookup/?q=could+not+obtain+a+connection+from+the+pool`."),
    Picture("incident", "- Open `/incidents/INC-3/`."),
    Picture("config-deltas", "- Open `/incidents/INC-2/`.", at="#deltas", height=640),
    Picture("runbooks", "- Open `/runbooks/database-connections-exhausted/`."),
    Picture(
        "offline",
        """
- Open `/runbooks/offline/`.
- Press **Keep the runbooks on this device**.
- You see **Update now**.
""",
    ),
    Picture("search", "- Open `/search/?q=connection+pool`."),
    Picture("knowledge", "- Open `/knobs/database/pool/`."),
    Picture(
        "checking",
        """
- Open `/guard/`.
- Write `timeout 30` into **Or the text of one**.
- Write `config/unicorn.rb` into **Its name**.
- Press **Check**.
- You see **INC-1**.
""",
    ),
    Picture("guards", "- Open `/lessons/LES-1/guard/`."),
    Picture("action-items", "- Open `/actions/`."),
    Picture("reviews", "- Open `/reviews/2019Q4/`.", height=900),
    Picture("notifications", "- Open `/notifications/preferences/`."),
    Picture("directory", "- Open `/services/podiant/`.", height=640),
    Picture(
        "exports",
        """
- Open `/incidents/INC-3/`.
- Press **Export**.
""",
    ),
    Picture("feeds", "- Open `/feeds/new/incidents/`.", height=640),
    Picture("tokens", "- Open `/me/tokens/new/`."),
    Picture(
        "imports",
        """
- Open `/imports/new/`.
- Attach `tests/importers/formats/markdown/checkout-slow.md` as **Files**.
- Press **Read**.
- You see **Checkout slow for every third customer**.
""",
        height=640,
    ),
    Picture(
        "records",
        """
- Open `/incidents/new/`.
- Write `Checkout answers with 502` into **Title**.
- Write `2026-11-20 14h` into **Began**.
- Press **Record it**.
- Press **Paste**.
- Write `14:05 ada: first card refused, the provider answers 502
  14:20 [grace] raising the pool from 5 to 10
  14:31 ada: cards go through again` into **The log**.
- Press **Find the events**.
""",
    ),
    Picture(
        "attachments",
        """
- Open `/incidents/INC-3/attachments/`.
- Attach `docs/pictures/lookup.png` as **Files**.
- Press **Attach**.
""",
        height=640,
    ),
    Picture(
        "conflicts",
        """
- Open `/incidents/INC-7/edit/`.
- Write `The payment provider refused every card.` into **Summary**.
""",
        elsewhere="""
- Open `/incidents/INC-7/edit/`.
- Write `Checkout refused one card in three.` into **Summary**.
- Press **Save**.
""",
        then="""
- Press **Save**.
""",
    ),
    Picture("history", "- Open `/history/incident/7/`.", height=640),
]

"""Settings by hand, as a reader would give them."""

from incidents.guard.configuration import Setting, Value
from incidents.guard.settled import Settled


def settled(component: str = "unicorn", file: str = "unicorn.rb", **values: Value) -> Settled:
    settings = {
        key: Setting(key, value, str(value), file, line)
        for line, (key, value) in enumerate(values.items(), start=1)
    }
    return Settled({component: settings})

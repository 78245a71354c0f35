"""Which mail or post a message goes in, and the work of sending it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from incidents.jobs.operations import owe, owe_batch
from incidents.models import Batch, Channel, Delivery, DeliveryState, Endpoint, Job, User

DELIVER = "notifications.deliver"
TRIES = 3


class CannotJoin(Exception):
    """The mail that a message was to join was taken to be sent, again and again."""


@dataclass(frozen=True, kw_only=True)
class Slot:
    """A mail to a person at a time, or a post to a room: messages of one slot go together."""

    rhythm: str
    due_at: datetime
    person: User | None = None
    endpoint: Endpoint | None = None

    @property
    def order(self) -> tuple[int, str, datetime]:
        """So that two who fill the same slots wait for one another in the same order."""
        return (self.person.pk if self.person else 0, self.rhythm, self.due_at)

    def new_delivery(self) -> Delivery:
        return Delivery(
            channel=self.endpoint.channel if self.endpoint is not None else Channel.EMAIL,
            person=self.person,
            endpoint=self.endpoint,
            rhythm=self.rhythm,
            due_at=self.due_at,
        )


def deliveries_for(slots: Collection[Slot]) -> dict[Slot, Delivery]:
    """A delivery for each slot, held: those that wait already, and new ones."""
    posts = [slot for slot in slots if slot.person is None]
    found = dict(
        zip(
            posts,
            Delivery.objects.bulk_create([slot.new_delivery() for slot in posts]),
            strict=True,
        )
    )
    left = sorted((slot for slot in slots if slot.person is not None), key=lambda slot: slot.order)
    for _ in range(TRIES):
        if not left:
            return found
        # Two may make the same one at the same moment: the second finds what the first made.
        rows = [slot.new_delivery() for slot in left]
        Delivery.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
        waiting = {
            (row.person_id, row.rhythm, row.due_at): row
            for row in Delivery.objects.select_for_update()
            .filter(
                state=DeliveryState.OWED,
                person__in={slot.person for slot in left},
                due_at__in={slot.due_at for slot in left},
            )
            .order_by("pk")
        }
        for slot in left:
            if row := waiting.get((slot.person.pk if slot.person else None, *slot.order[1:])):
                found[slot] = row
        left = [slot for slot in left if slot not in found]
    if left:
        raise CannotJoin
    return found


def owe_deliveries(
    title: str, deliveries: Iterable[Delivery], *, by: User | None, at: datetime
) -> None:
    """The work for those that are new: one job, or a batch that is counted."""
    new = [delivery for delivery in deliveries if delivery.job_id is None]
    if len(new) == 1:
        delivery = new[0]
        job = owe(DELIVER, {"delivery": delivery.pk}, at=at, due_at=delivery.due_at, by=by)
        Delivery.objects.filter(pk=delivery.pk).update(job=job)
    elif new:
        by_key = {delivery.pk: delivery for delivery in new}
        batch = owe_batch(
            title,
            DELIVER,
            [{"delivery": key} for key in by_key],
            due_at=[delivery.due_at for delivery in new],
            at=at,
            by=by,
        )
        link_to(batch, by_key)


def link_to(batch: Batch, deliveries: dict[int, Delivery]) -> None:
    for job in Job.objects.filter(batch=batch):
        deliveries[job.arguments["delivery"]].job = job
    Delivery.objects.bulk_update(deliveries.values(), ["job"], batch_size=200)

"""The tools for agents, over this process's own input and output."""

import os
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections
from django.utils import timezone

from incidents.access.tokens import NoSuchToken, good_token
from incidents.lib.sparing import note_moment
from incidents.models import User

TOKEN = "POSTMORTEMS_TOKEN"  # noqa: S105 (the name of it)


class Command(BaseCommand):
    help = (
        "Answer an agent by the Model Context Protocol, over the input and the output. The agent's"
        f" program starts it, with a personal token in the environment as {TOKEN}: it sees what"
        " the token's owner sees."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.epilog = f"{TOKEN}=pmk_… manage.py mcp"

    def handle(self, *args: Any, **options: Any) -> None:
        secret = os.environ.get(TOKEN, "")
        if not secret:
            raise CommandError(f"{TOKEN} is not set: make a personal token at /me/tokens/.")

        def who() -> User:
            """Asked at each call: a token may be revoked meanwhile."""
            close_old_connections()
            at = timezone.now()
            token = good_token(secret, at=at)
            note_moment(token, "last_used_at", at=at)
            return token.owner

        try:
            who()
        except NoSuchToken as refusal:
            raise CommandError(str(refusal)) from refusal
        # A second that only this command spends.
        import anyio  # noqa: PLC0415
        from mcp.server.stdio import stdio_server  # noqa: PLC0415

        from incidents.api.agents.server import server_for  # noqa: PLC0415

        server = server_for(who)

        async def serve() -> None:
            async with stdio_server() as (reading, writing):
                await server.run(reading, writing, server.create_initialization_options())

        anyio.run(serve)

"""What asks bots while somebody tries them."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends

from api.app_state import AppStateDep
from outgoing.bots import BotAsker
from outgoing.signed_posts import SignedPosts


async def get_bot_asker(app: AppStateDep) -> AsyncIterator[BotAsker]:
    """Return what asks bots, with connections of its own: people try bots rarely."""
    async with SignedPosts(app.settings.posts.own_networks or ()) as posts:
        yield BotAsker(posts, app.signing_secrets)


BotAskerDep = Annotated[BotAsker, Depends(get_bot_asker, scope="function")]

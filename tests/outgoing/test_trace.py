"""What is kept of the calls to a provider."""

from uuid import UUID

import pytest
from sqlalchemy import select

from database.tables import Exchange
from domain.delivery.exchanges import ExchangeKind
from tests.outgoing.way_out import WayOut

"""A simulator of OpenMarket's Global SMS API, as far as a texting brand uses it."""

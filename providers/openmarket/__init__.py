"""OpenMarket's Global SMS API: version 4, and consumers' texts in the form of version 3."""

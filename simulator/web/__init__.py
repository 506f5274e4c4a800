"""The phone page: text the brand from a browser, as a consumer would."""

"""The pages: rendered here, kept live by server-sent events, with no script but our own."""

// Tells our own server's answers from those of a proxy, a firewall or a hotel's log-in page.

/** Say whether our own server answered: its answers carry a request id. */
export const isOurs = ({ headers }) => headers.has("X-Request-ID");

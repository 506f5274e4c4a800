// Whose an answer is: what a proxy, a firewall or a hotel's log-in page says was not said by us.

/** Say whether our own server answered: it numbers its answers. */
export const isOurs = ({ headers }) => headers.has("X-Request-ID");

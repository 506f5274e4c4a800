// The browser knows its own time zone: it is proposed, and can be changed.

const zones = /** @type {HTMLSelectElement | null} */ (document.querySelector("[data-here]"));
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zones && [...zones.options].some((one) => one.value === here)) zones.value = here;

// Characters that nobody sees and that change what others see, the same as domain/text/hidden.py.

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** A text without them. @param {string} text */
export const withoutHidden = (text) => text.replace(HIDDEN, "");

/** A text for one line, such as in a list: nothing in it turns what others read. @param {string | null | undefined} text */
export const inALine = (text) => withoutHidden(text ?? "");

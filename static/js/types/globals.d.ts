// Globals that Django's catalogue and our classic vendored scripts put on the page.

/** Django's JavaScript catalogue (/jsi18n/). */
declare function gettext(msgid: string): string;
declare function ngettext(singular: string, plural: string, count: number): string;
declare function pgettext(context: string, msgid: string): string;
declare function interpolate(format: string, values: object, named?: boolean): string;

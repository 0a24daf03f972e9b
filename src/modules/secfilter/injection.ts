/** Marks of an attempt to reach a database through a header: quotes, comments of SQL, and `$`, `'` and `` ` `` as escapes. */
const MARKS = /['"]|--|%24|%27|%60/

export const isSuspicious = (text: string): boolean => MARKS.test(text)

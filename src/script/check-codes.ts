/** What the checker complains about, by code, with what it means in a sentence; the parser's: diagnostic-codes.ts. */
export const checkCodes = {
  KAH0301: 'A module is not known.',
  KAH0302: 'A module of Kamailio is not part of Kahea yet.',
  KAH0303: 'A modparam names no loaded module.',
  KAH0304: 'A module has no parameter of that name.',
  KAH0305: 'A parameter takes another kind of value.',
  KAH0306: 'A value is out of its range.',
  KAH0310: 'A function is not known.',
  KAH0311: 'A function belongs to a module that is not loaded.',
  KAH0312: 'A function is given the wrong number of arguments.',
  KAH0313: 'A function may not stand in this kind of route.',
  KAH0314: 'A function refuses an argument.',
  KAH0315: 'An argument must be known before the script runs.',
  KAH0320: 'A variable is not in order.',
  KAH0321: 'A variable cannot be written.',
  KAH0322: 'A select is not known.',
  KAH0323: 'A regular expression is not in order.',
  KAH0330: 'A route is not there.',
  KAH0331: 'A switch has only a default.',
  KAH0332: 'A case is there twice.',
  KAH0333: 'A condition never changes.',
  KAH0334: 'A condition is a string.',
  KAH0335: 'A division by zero.',
  KAH0340: 'The types of an expression do not fit.',
} as const

export type CheckCode = keyof typeof checkCodes

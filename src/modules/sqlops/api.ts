/** For other modules whose functions take SQL: variables in it are bound, not pasted. */
export { prepareQuery, type Query } from './arguments.ts'
export { bindQuery, QueryRefusal } from './bind-query.ts'
export { sqlTexts } from './literal.ts'

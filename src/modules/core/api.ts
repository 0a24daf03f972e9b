/** What other modules use of the core's: the parts that their own selects have in common with it. */
export {
  branches, definitions, elementsOf, leaf, named, unknownSelect, wordAt, type Element, type Reader, type Resolver,
} from './selects/path.ts'
export { looseAddress, looseAddressSelect, textParam, type LooseAddress } from './selects/message.ts'
export { uriSelect } from './selects/uri.ts'

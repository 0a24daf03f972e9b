/** `@nathelper.rewrite_contact[n]`: a contact as if it named where the message came from. */
import type { PvValue, SelectDef, SelectStep } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { NameAddr } from '../../sip/headers/name-addr.ts'
import { parseNameAddr } from '../../sip/headers/name-addr.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { withBrackets } from '../../base/address.ts'
import { contactsInOrder } from './contact.ts'
import { refuse, type NatHelper } from './state.ts'

const CONTACT_BYTES_MAX = 500

function rewritten(state: NatHelper, { message }: RouteContext, number: number): string | null {
  if (number <= 0) {
    refuse(state, `rewrite contact[${number}] - zero or negative index not supported`)
    return null
  }
  const contacts = contactsInOrder(message)
  const contact = contacts instanceof ParseError ? undefined : contacts[number - 1]
  if (contact === undefined) return null
  const uri = contact.parsedUri()
  if (uri instanceof ParseError || uri.host === '') {
    refuse(state, `rewrite contact[${number}] - error while parsing Contact URI`)
    return null
  }
  const { sourceAddress, sourcePort, socket } = message.received
  const port = sourcePort === (socket.transport === 'tls' ? 5061 : 5060) ? '' : `:${sourcePort}`
  const from = contact.uriStart + uri.hostStart
  const text = message.text.slice(contact.start, from) + withBrackets(sourceAddress) + port +
    message.text.slice(contact.uriStart + uri.hostPortEnd, contact.end)
  if (text.length <= CONTACT_BYTES_MAX) return text
  refuse(state, `rewrite contact[${number}] - contact too long`)
  return null
}

type Part = (address: NameAddr, text: string) => PvValue

function partOf(steps: readonly SelectStep[]): Part | string {
  const [first, second] = steps
  if (first === undefined) return (_address, text) => text
  if (first.name !== 'nameaddr' || second === undefined) return 'write @nathelper.rewrite_contact[n].nameaddr.uri, .name or .params'
  switch (second.name) {
    case 'uri':
      return (address) => address.uri
    case 'name':
      return (address) => address.display
    case 'params': {
      const name = steps[2]?.name
      return (address, text) => (name === undefined ? text.slice(address.params[0]?.start ?? text.length) : address.param(name) ?? null)
    }
    default:
      return `an address has no ${second.name}`
  }
}

const select = (path: string): SelectDef<NatHelper> => ({
  path,
  summary: 'The contact of that number with the source in place of its host and port.',
  bind: (steps) => {
    const index = steps[1]?.index
    const part = partOf(steps.slice(2))
    if (typeof index !== 'number') return 'rewrite_contact needs a number: @nathelper.rewrite_contact[1]'
    if (typeof part === 'string') return part
    return (context, state) => {
      const text = rewritten(state, context, index)
      const address = text === null ? undefined : parseNameAddr(text, 0, text.length)
      return text === null || address === undefined || address instanceof ParseError ? text : part(address, text)
    }
  },
})

export const nathelperSelects: readonly SelectDef<NatHelper>[] = [
  select('nathelper.rewrite_contact'), select('nathelper.rewrite_contact.**'),
]

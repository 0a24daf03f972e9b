import { defineModule, variableFamily } from '../../define/define.ts'
import { vectorPart, type VectorPart } from './charging-vector.ts'
import { contactFunctions } from './contact-functions.ts'
import { messageFunctions } from './message-functions.ts'
import { siputilsParams } from './params.ts'
import { setUp, type SipUtils } from './state.ts'
import { uriFunctions } from './uri-functions.ts'

const VECTOR_PARTS: readonly VectorPart[] = ['all', 'value', 'genaddr', 'orig', 'term']

export default defineModule({
  name: 'siputils',
  summary: 'Checks and changes of messages, URIs and Contact headers.',
  area: 'text',
  params: siputilsParams,
  setup: (host, params) => setUp(host, params),
  functions: { ...messageFunctions, ...uriFunctions, ...contactFunctions },
  variables: {
    pcv: variableFamily<SipUtils>('P-Charging-Vector: all, value, genaddr, orig, term.', { inner: 'required' }, (inner) => {
      const part = VECTOR_PARTS.find((known) => known === inner)
      if (part === undefined) return `unknown pcv name ${inner}`
      return { get: (context, { vectors }) => vectorPart(vectors, context.message, part) }
    }),
  },
})

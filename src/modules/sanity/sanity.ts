import { arg, defineModule, fn, form, SetupError } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { CHECKS_END, listOf, runChecks, URI_CHECKS_END } from './checks.ts'
import { sanityParams } from './params.ts'
import { sendKept, type Sanity } from './reply.ts'
import { sizesFit } from './size-check.ts'

/** 1 passed; 0, which ends the script, or -1 by `autodrop` when a check fails; -1 for bits that are none. */
function check(sanity: Sanity, context: RouteContext, checks: number, uriChecks: number): number {
  const { host, params } = sanity
  if (!(checks >= 1) || checks >= CHECKS_END || uriChecks < 1 || uriChecks >= URI_CHECKS_END) {
    host.log.error('sanity', `checks (${checks}, ${uriChecks}) outside of 1 to ${CHECKS_END - 1} and 1 to ${URI_CHECKS_END - 1}`)
    return -1
  }
  sanity.kept = undefined
  const fits = params.size_checks === 0 || sizesFit(context.message, params)
  if (fits && runChecks(sanity, context, checks, uriChecks)) return 1
  return params.autodrop === 0 ? -1 : 0
}

export default defineModule({
  name: 'sanity',
  summary: 'Refuses requests that are not sound.',
  area: 'security',
  params: sanityParams,
  setup: (host, params): Sanity | SetupError =>
    host.hasModule('sl')
      ? { host, params, extensions: listOf(params.proxy_require), kept: undefined }
      : new SetupError('cannot bind to SL API'),
  functions: {
    sanity_check: {
      summary: 'Checks the message; answers it when a check fails.',
      returns: { 1: 'sound', 0: 'a check failed', [-1]: 'a check failed and autodrop is 0, or the bits are wrong' },
      forms: [
        form({
          routes: ['request', 'onreply'],
          kemi: 'sanity_check_defaults',
          args: [],
          run: (context, sanity: Sanity) => check(sanity, context, sanity.params.default_checks, sanity.params.uri_checks),
        }),
        form({
          routes: ['request', 'onreply'],
          args: [
            arg.int('checks', 'Sum of the checks to make.'),
            arg.optional(arg.int('uri_checks', 'Sum of the URIs to read.')),
          ],
          run: (context, sanity: Sanity, checks, uriChecks) =>
            check(sanity, context, checks, uriChecks ?? sanity.params.uri_checks),
        }),
      ],
    },
    sanity_reply: fn({
      summary: 'Sends the reply that sanity_check() kept back, with the parameter noreply.',
      routes: ['request', 'onreply'],
      args: [],
      run: (context, sanity: Sanity) => sendKept(sanity, context),
    }),
  },
})

import { arg, defineModule, fn, form, param } from '../../define/define.ts'
import { parseAvpName, type AvpName } from '../../runtime/avp.ts'
import { askForAvps, askForUris, feedCommand, runCommand, type Exec } from './run-command.ts'

const command = arg.str('command', 'For the shell.')
const returns = { 1: 'it ended with 0', [-1]: 'it did not, or could not be started' }

const avps = arg.custom<readonly AvpName[]>('avps', 'AVPs for its lines, separated by semicolons.', (text) => {
  const found: AvpName[] = []
  for (const part of text.split(';').map((piece) => piece.trim()).filter((piece) => piece !== '')) {
    const inner = /^\$avp\((.+)\)$/.exec(part)?.[1]
    const name = inner === undefined ? `${part} is no AVP` : parseAvpName(inner)
    if (typeof name === 'string') return name
    found.push(name)
  }
  return found.length === 0 ? 'no AVP is named' : { fixed: found }
})

export default defineModule({
  name: 'exec',
  summary: 'Runs programs for a message. Other messages do not wait.',
  area: 'operations',
  params: {
    time_to_kill: param.int(0, 'Seconds until a program is ended; 0 for 300.'),
    setvars: param.int(1, '1: tell programs of the message in their environment: SIP_HF_FROM, SIP_RURI, SIP_SRCIP ...'),
    bash_safety: param.int(1, '1: take `()` from values that old versions of bash would execute.'),
  },
  setup: (host, params): Exec => ({ host, params }),
  functions: {
    exec_dset: fn({
      summary: 'Runs a command with the Request-URI as its last argument; its lines are URIs to send the request to.',
      returns,
      routes: ['request', 'failure'],
      mayWait: true,
      args: [command],
      run: (context, exec: Exec, text) => askForUris(exec, context, text),
    }),
    exec_msg: fn({
      summary: 'Runs a command that reads the message.',
      returns,
      routes: ['request', 'failure', 'local'],
      mayWait: true,
      args: [command],
      run: (context, exec: Exec, text) => feedCommand(exec, context, text),
    }),
    exec_avp: {
      summary: 'Runs a command whose lines become values of AVPs.',
      returns,
      forms: [
        form({
          routes: ['request', 'failure', 'local'], mayWait: true, args: [command],
          run: (context, exec: Exec, text) => askForAvps(exec, context, text, []),
        }),
        form({
          routes: ['request', 'failure', 'local'], mayWait: true, args: [command, avps],
          run: (context, exec: Exec, text, names) => askForAvps(exec, context, text, names),
        }),
      ],
    },
    exec_cmd: fn({
      summary: 'Runs a command and waits for its end.',
      returns,
      routes: 'any',
      mayWait: true,
      args: [command],
      run: (context, exec: Exec, text) => runCommand(exec, context, text),
    }),
  },
})

/** A linphonec without a sound card: steered by the commands that a user would type, answering calls by itself. */
import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '../support/free-port.ts'
import { until } from '../support/until.ts'

const LIFE_MS_MAX = 90_000
const QUIT_MS_MAX = 5_000
const ASK_MS = 200
const STATUS_MS_MAX = 20_000

export interface LinphoneRequest {
  readonly user: string
  readonly password: string
  /** Where its media ports are looked for; it listens for SIP on all addresses. */
  readonly address: string
  /** `address` or `address:port` of the proxy, over UDP. */
  readonly proxy: string
  /** The realm of its password, and the host of its address of record. */
  readonly realm: string
  readonly folder: string
}

export interface Linphone {
  /** Types a line: `call sip:bob@192.0.2.1`, `terminate all`. */
  type(line: string): void
  /** Asks for its status (`register`, `hook`), which it does not tell by itself, until the answer matches. */
  status(of: 'register' | 'hook', pattern: RegExp): Promise<void>
  quit(): Promise<void>
}

/** Starts it with an account that is to be registered at once. */
export async function startLinphone(request: LinphoneRequest): Promise<Linphone> {
  const { user, address, folder: parent } = request
  const folder = join(parent, `linphone-${user}`)
  mkdirSync(join(folder, '.local', 'share', 'linphone'), { recursive: true })
  const file = join(folder, 'rc')
  writeFileSync(file, configuration(request, await freePort(address), await freePort(address)))
  // Else what it prints stays with it.
  const child = spawn('stdbuf', ['-o0', 'linphonec', '-c', file, '-a', '-d', '0'], {
    cwd: folder, env: { ...process.env, HOME: folder }, stdio: ['pipe', 'pipe', 'pipe'], timeout: LIFE_MS_MAX,
  })
  let output = ''
  const take = (bytes: Buffer): void => { output += bytes.toString('latin1') }
  child.stdout.on('data', take)
  child.stderr.on('data', take)
  const ended = new Promise<void>((resolve) => { child.once('close', () => resolve()) })
  const type = (line: string): void => void child.stdin.write(`${line}\n`)
  return {
    type,
    status: async (of, pattern) => {
      const timer = setInterval(() => type(`status ${of}`), ASK_MS)
      const from = output.length
      try {
        await until(() => pattern.test(output.slice(from)), () => `linphonec of ${user}: status ${of} is ${pattern}\n${output}`, STATUS_MS_MAX)
      } finally {
        clearInterval(timer)
      }
    },
    async quit() {
      type('quit')
      const timer = setTimeout(() => child.kill('SIGKILL'), QUIT_MS_MAX)
      await ended
      clearTimeout(timer)
    },
  }
}

const configuration = ({ user, password, proxy, realm }: LinphoneRequest, sipPort: number, audioPort: number): string => `[sip]
sip_port=${sipPort}
sip_tcp_port=0
sip_tls_port=0
default_proxy=0
register_only_when_network_is_up=0
guess_hostname=1
media_encryption=none

[auth_info_0]
username=${user}
passwd=${password}
realm=${realm}
domain=${realm}

[proxy_0]
reg_proxy=<sip:${proxy};transport=udp>
reg_identity=<sip:${user}@${realm}>
reg_expires=120
reg_sendregister=1
publish=0

[rtp]
audio_rtp_port=${audioPort}

[video]
capture=0
display=0

[audio_codec_0]
mime=PCMU
rate=8000
channels=1
enabled=1
`

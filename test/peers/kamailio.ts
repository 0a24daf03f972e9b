/** Debian's Kamailio with a cfg, in the same clothes as the server under test. */
import { listenersOf, ServerProcess } from '../differential/harness/server-process.ts'
import { programPath } from '../support/installed.ts'
import type { RunningServer } from '../support/kahea-process.ts'

const START_MS_MAX = 10_000

/** Starts Kamailio with the cfg in `path`, whose text names its listeners, and waits until it listens. */
export async function startKamailio(path: string, cfg: string, folder: string, timeZone = 'UTC'): Promise<RunningServer> {
  const program = { name: 'kamailio', command: programPath('kamailio') ?? 'kamailio', args: [] }
  const args = ['-f', path, '-DD', '-E', '-m', '32', '-M', '4', '-w', folder, '-Y', folder]
  const server = new ServerProcess(program, args, listenersOf(cfg), folder, timeZone)
  if (!await server.ready(START_MS_MAX)) throw new Error(`Kamailio left: ${server.exit}\n${server.stderr}`)
  return {
    output: () => server.stderr,
    async stop() {
      await server.stop()
      return server.exit === 'status 0' ? 0 : null
    },
  }
}

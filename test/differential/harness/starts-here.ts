/**
 * Whether Kāhea starts with a case's configuration, asked in this process: to start a process costs ten times what the answer does. What
 * the command adds to that is in the tests of src/cli and in every other case.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { loadNetworkAddon } from '../../../src/server/network.ts'
import { startServer } from '../../../src/server/server.ts'
import { checkConfiguration, hasErrors, loadConfiguration, StartFailure } from '../../../src/server/start.ts'
import { readText } from '../../support/read-text.ts'
import type { Case } from './case-file.ts'
import { createDatabase } from './database-file.ts'
import { intoSlot } from './slots.ts'

/** How long a server that listens already may take to end. */
const END_MS = 3000
const addon = loadNetworkAddon()

export interface Start {
  readonly isRefused: boolean
  /** What was logged and why it was refused. */
  readonly told: string
}

/** `endsSoon`: a server that starts is given the time to end by itself, since modules open what they need behind the sockets. */
export async function startHere(item: Case, slot: number, endsSoon: boolean): Promise<Start> {
  const folder = mkdtempSync(join(tmpdir(), 'kahea-refusal-'))
  const path = join(folder, 'case.cfg')
  const cfg = intoSlot(item.cfg, slot).replaceAll('{folder}', folder)
  createDatabase(item, folder, slot)
  const told: string[] = []
  const refused = (why: string): Start => ({ isRefused: true, told: [...told, why].join('\n') })
  try {
    const loaded = await loadConfiguration({
      path, readFile: (name) => (name === path ? cfg : readText(name)), defines: new Map(), substs: [], environment: process.env,
    })
    const diagnostics = checkConfiguration(loaded)
    if (hasErrors(diagnostics)) return refused(diagnostics.map(({ message }) => message).join('\n'))
    const ended = new AbortController()
    const server = await startServer({
      loaded, settings: loaded.configuration.settings, listens: [], aliases: [], environment: process.env, addon,
      sink: () => ({ colours: new Map(), write: ({ text }) => void told.push(text), close: () => undefined }),
      onShutdown: (reason) => { ended.abort(reason) },
    })
    if (server instanceof StartFailure) return refused([server.reason, ...server.diagnostics.map(({ message }) => message)].join('\n'))
    try {
      if (endsSoon) await setTimeout(END_MS, undefined, { signal: ended.signal }).catch(() => undefined)
      return ended.signal.aborted ? refused(String(ended.signal.reason)) : { isRefused: false, told: told.join('\n') }
    } finally {
      await server.stop()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

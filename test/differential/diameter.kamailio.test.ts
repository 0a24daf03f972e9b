/** Diameter beside Kamailio: with peers of the tests' own, who tell what they hear. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { DiameterTestPeer } from '../support/diameter-peer.ts'
import { diameterCases, type DiameterCase } from './diameter-cases.ts'
import { caseFromText } from './harness/case-file.ts'
import { difference } from './harness/compare.ts'
import { runServer } from './harness/run-case.ts'
import { kamailio, kamailioInstalled, subject } from './harness/server-process.ts'
import { takeSlot } from './harness/slots.ts'

const skip = kamailioInstalled() ? false : 'kamailio is not installed (apt-get install kamailio kamailio-ims-modules)'
const ADDRESSES = ['127.0.43.1', '127.0.43.2', '127.0.43.3'] as const
const TRIES = 4
/** What is random, or a matter of time: session ids, watchdogs. */
const isCompared = (heard: string): boolean => !/^DW|^closed|^DP/.test(heard)

type Run = Awaited<ReturnType<typeof runServer>> & { readonly heard: string[] }

async function compare(item: DiameterCase, port: number): Promise<string | null> {
  const folder = mkdtempSync(join(tmpdir(), 'kahea-diameter-'))
  const slot = await takeSlot()
  const inPlace = (text: string): string =>
    ADDRESSES.reduce((done, address, index) => done.replaceAll(`P${index + 1}`, address), text)
      .replaceAll('PORT', String(port)).replaceAll('XML', join(folder, 'peers.xml'))
  try {
    writeFileSync(join(folder, 'peers.xml'), inPlace(item.xml).replaceAll('127.0.30.1', `127.0.30.${1 + slot.index * 20}`))
    const { cfg, traffic, name } = item
    const prepared = caseFromText(name, name, inPlace(cfg), inPlace(traffic))
    const run = async (reference: Run | null): Promise<Run> => {
      const peers = item.peers.map((options, index) => new DiameterTestPeer({ ...options, name: ADDRESSES[index] ?? '' }))
      try {
        for (const [index, peer] of peers.entries()) await peer.listen(ADDRESSES[index] ?? '', port)
        const done = await runServer(prepared, reference === null ? kamailio : subject(), slot.index, reference)
        const heard = peers.flatMap((peer, index) => peer.heard.filter(isCompared)
          .map((line) => `P${index + 1} hears ${line.replace(/k1\.test;\d+;\d+/g, 'SESSION').replace(/^(CER .*?); 257\/0 0x40 \w+/, '$1')}`))
        return { ...done, heard }
      } finally {
        for (const peer of peers) await peer.close()
      }
    }
    const left = await run(null)
    const right = await run(left)
    return difference([...steady(left.lines), ...left.heard], [...steady(right.lines), ...right.heard], ['kamailio', 'kahea'])
  } finally {
    slot.release()
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * P3 does not listen, and how often that is tried is a matter of time; how sockets are opened is before all that is compared. At times Kamailio
 * cannot tell the address of its socket, and its CER has no Host-IP-Address.
 */
const steady = (lines: readonly string[]): string[] => lines.filter((line) => !/peer_connect\(\)|create_socket\(\)|I_Snd_CER\(\)/.test(line))

describe('cdp and ims_diameter_server do as in Kamailio', { concurrency: 1 }, () => {
  for (const [index, item] of diameterCases.entries()) {
    test(item.name, { skip }, async () => {
      let found: string | null = 'not tried'
      // What differs each time differs.
      for (let round = 0; round < TRIES && found !== null; round++) found = await compare(item, 13_800 + index)
      assert.equal(found, null)
    })
  }
})

import { createHash } from 'node:crypto'
import type { Host } from '../../runtime/host.ts'
import { KeyLocks } from './key-locks.ts'

export interface CfgUtilsParams {
  readonly initial_probability: number
  readonly hash_file: string
  readonly initial_gflags: number
  readonly lock_set_size: number
}

export interface CfgUtils {
  readonly host: Host
  readonly params: CfgUtilsParams
  readonly locks: KeyLocks
  /** MD5 of hash_file when the server started. */
  readonly initialHash: string | undefined
  fileHash(): string | undefined
  probability: number
  flags: number
}

export function setUp(host: Host, params: CfgUtilsParams): CfgUtils {
  const fileHash = (): string | undefined => {
    const text = params.hash_file === '' ? undefined : host.files.read(params.hash_file)
    return text === undefined ? undefined : createHash('md5').update(text, 'latin1').digest('hex')
  }
  return {
    host,
    params,
    locks: new KeyLocks(params.lock_set_size),
    fileHash,
    initialHash: fileHash(),
    probability: params.initial_probability,
    flags: params.initial_gflags,
  }
}

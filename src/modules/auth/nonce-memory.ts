/**
 * What is remembered of nonces: each gets a number, and by that number a counter (nonce_count) or a bit (one_time_nonce) in
 * arrays of fixed size, where the oldest are overwritten. A nonce that was overwritten is too old.
 */
import { SetupError } from '../../define/define.ts'
import type { Host } from '../../runtime/host.ts'
import type { AuthParams } from './params.ts'

/** Numbers grow by this (Kamailio's figure): neighbours in time are far apart in memory. Prime to all sizes. */
const STEP = 257
const USUAL_SIZE = 1_048_576
const SIZE_MIN = { count: 102_400, once: 131_072 } as const
const PART_MIN = 65_536
const POOLS_MAX = 64
/** Kamailio's default shared memory, which bounds the arrays there. */
const BYTES_MAX = 67_108_864

export interface NonceMemory {
  readonly pools: number
  /** A number for a new nonce of the pool, whose counter or bit starts anew. */
  next(pool: number): number
  /** Takes nc when it is above those of before. */
  countUp(id: number, pool: number, nc: number): boolean
  /** True the first time. */
  useOnce(id: number, pool: number): boolean
}

export type MemoryParams = Pick<AuthParams,
  'nid_pool_no' | 'nc_array_size' | 'nc_array_order' | 'otn_in_flight_no' | 'otn_in_flight_order'>

/** Undefined when neither counters nor bits are wanted. */
export function createNonceMemory(
  host: Host, params: MemoryParams, counts: boolean, once: boolean,
): NonceMemory | SetupError | undefined {
  if (!counts && !once) return undefined
  const pools = poolCount(host, params.nid_pool_no)
  const countSize = counts ? arraySize(host, 'nc_array_size', params.nc_array_size, params.nc_array_order, pools, 'count') : 1
  if (countSize instanceof SetupError) return countSize
  const onceSize = once ? arraySize(host, 'otn_in_flight_no', params.otn_in_flight_no, params.otn_in_flight_order, pools, 'once') : 1
  if (onceSize instanceof SetupError) return onceSize
  // All are used up at first: nonces of before a restart are not taken.
  const counters = counts ? new Uint8Array(countSize).fill(255) : undefined
  const used = once ? new Uint8Array(Math.ceil(onceSize / 8)).fill(255) : undefined
  const last = Array.from({ length: pools }, () => host.random.integer(0x8000_0000))
  const isTooOld = (id: number, pool: number, part: number): boolean => (((last[pool] ?? 0) - id) >>> 0) >= STEP * part
  const countPart = countSize / pools
  const oncePart = onceSize / pools
  const countPlace = (id: number, pool: number): number => (id & (countPart - 1)) + pool * countPart
  const oncePlace = (id: number, pool: number): number => (id & (oncePart - 1)) + pool * oncePart
  return {
    pools,
    next(pool) {
      const id = ((last[pool] ?? 0) + STEP) >>> 0
      last[pool] = id
      if (counters !== undefined) counters[countPlace(id, pool)] = 0
      if (used !== undefined) {
        const place = oncePlace(id, pool)
        used[place >>> 3] = (used[place >>> 3] ?? 0) & ~(1 << (place & 7))
      }
      return id
    },
    countUp(id, pool, nc) {
      if (counters === undefined || pool >= pools || isTooOld(id, pool, countPart) || nc > 255) return false
      const place = countPlace(id, pool)
      if ((counters[place] ?? 255) >= nc) return false
      counters[place] = nc
      return true
    },
    useOnce(id, pool) {
      if (used === undefined || pool >= pools || isTooOld(id, pool, oncePart)) return false
      const place = oncePlace(id, pool)
      const bits = used[place >>> 3] ?? 255
      if ((bits & (1 << (place & 7))) !== 0) return false
      used[place >>> 3] = bits | (1 << (place & 7))
      return true
    },
  }
}

const exponent = (size: number): number => 31 - Math.clz32(size)

function poolCount(host: Host, wanted: number): number {
  if (wanted > POOLS_MAX) host.log.warning('auth', `nid_pool_no too big, truncating to ${POOLS_MAX}`)
  const asked = wanted <= 0 ? 1 : Math.min(wanted, POOLS_MAX)
  const pools = 1 << exponent(asked)
  if (pools !== asked) host.log.info('auth', `nid_pool_no rounded down to ${pools}`)
  return pools
}

function arraySize(
  host: Host, name: string, wanted: number, order: number, pools: number, kind: 'count' | 'once',
): number | SetupError {
  const asked = wanted > 0 ? wanted : USUAL_SIZE
  const size = 2 ** (order > 0 ? order : exponent(asked))
  const what = kind === 'count' ? 'nonce-count in-flight' : 'one-time-nonce maximum in-flight'
  if (size < SIZE_MIN[kind]) {
    host.log.warning('auth', `${what} nonces is very low (${wanted}), consider increasing ${name} to at least ${SIZE_MIN[kind]}`)
  }
  const bytes = kind === 'count' ? size : size / 8
  if (bytes >= BYTES_MAX) return new SetupError(`${name} (${size}) is too big: at most ${BYTES_MAX} bytes`)
  if (bytes >= BYTES_MAX / 2) host.log.warning('auth', `${name} (${size}) uses ${bytes} bytes`)
  const poolsMax = kind === 'count' ? size : size / 32
  if (pools >= poolsMax) return new SetupError(`nid_pool_no (${pools}) too high for the configured ${name} (${size})`)
  const part = size / pools
  if (part >= Math.floor(0xffff_ffff / STEP)) return new SetupError(`${name} too big, try decreasing it or increasing nid_pool_no`)
  if (part < PART_MIN) {
    host.log.warning('auth', `${what} nonces very low, consider decreasing nid_pool_no (${pools}) or increasing ${name} (${wanted})`)
  }
  return size
}

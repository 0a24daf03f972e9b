/** Throw-away MariaDB, PostgreSQL and Redis for tests: started on an address of their own, stopped by process id. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './free-port.ts'
import { programPath } from './installed.ts'

export interface DatabaseServer {
  readonly port: number
  /** Of a database that is made with the server. */
  readonly url: string
  /** Stops it at once, as when it crashes. */
  kill(): Promise<void>
  /** Starts it again on the same port, with its data. */
  restart(): Promise<void>
  stop(): Promise<void>
}

export const SERVER_ADDRESS = '127.0.43.1'
const READY_MS_MAX = 30_000

const postgresFolder = (): string => {
  const root = '/usr/lib/postgresql'
  const [version] = existsSync(root) ? readdirSync(root).sort().reverse() : []
  return version === undefined ? '' : join(root, version, 'bin')
}

const idOf = (user: string, what: '-u' | '-g'): number => Number(spawnSync('id', [what, user], { encoding: 'utf8' }).stdout.trim())

/** Why a server cannot be started here; false when it can. */
export function missingServer(kind: 'mysql' | 'postgres' | 'redis'): string | false {
  if (process.getuid?.() !== 0) return 'servers of databases are started by root'
  const isThere = { mysql: programPath('mariadbd') !== undefined, postgres: postgresFolder() !== '', redis: programPath('redis-server') !== undefined }
  const packages = { mysql: 'mariadb-server', postgres: 'postgresql', redis: 'redis-server' }
  return isThere[kind] ? false : `not installed: ${packages[kind]} (.ci/run installs it)`
}

/** The work of one server: how it is started, and what makes its database. */
interface Recipe {
  start(port: number): ChildProcess
  prepare(port: number): boolean
  url(port: number): string
}

async function run(folder: string, recipe: Recipe): Promise<DatabaseServer> {
  const port = await freePort(SERVER_ADDRESS)
  let child = recipe.start(port)
  // A test process that leaves early takes its server along.
  process.once('exit', () => child.kill('SIGKILL'))
  const ended = (): Promise<void> => new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve()
    else child.once('exit', () => resolve())
  })
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL')
    await ended()
  }
  const stop = async (): Promise<void> => {
    await kill()
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await isReady(port, () => recipe.prepare(port))
  } catch (error) {
    await stop()
    throw error
  }
  return {
    port,
    url: recipe.url(port),
    kill,
    stop,
    async restart() {
      child = recipe.start(port)
      // Processes of a PostgreSQL that was killed hold its memory for a moment: the new one ends then, and is to be started again.
      await isReady(port, () => true, () => {
        if (child.exitCode !== null || child.signalCode !== null) child = recipe.start(port)
      })
    },
  }
}

async function isReady(port: number, prepare: () => boolean, beforeWaiting: () => void = () => undefined): Promise<void> {
  const endMs = performance.now() + READY_MS_MAX
  while (!(await answers(port) && prepare())) {
    if (performance.now() > endMs) throw new Error(`no server on port ${port}`)
    beforeWaiting()
    await new Promise((resolve) => { setTimeout(resolve, 50) })
  }
}

const answers = (port: number): Promise<boolean> => new Promise((resolve) => {
  const socket = connect(port, SERVER_ADDRESS, () => { socket.destroy(); resolve(true) })
  socket.once('error', () => resolve(false))
})

function folderFor(user: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'kahea-server-'))
  chmodSync(folder, 0o755)
  chownSync(folder, idOf(user, '-u'), idOf(user, '-g'))
  return folder
}

export function startMysql(): Promise<DatabaseServer> {
  const folder = folderFor('mysql')
  const data = join(folder, 'data')
  const socket = join(folder, 's')
  const install = ['--no-defaults', '--user=mysql', `--datadir=${data}`, '--auth-root-authentication-method=normal', '--skip-test-db']
  spawnSync('mariadb-install-db', install, { stdio: 'ignore' })
  const sql = "CREATE DATABASE IF NOT EXISTS kamailio; CREATE USER IF NOT EXISTS 'kamailio'@'%' IDENTIFIED BY 'kamailiorw'; GRANT ALL ON *.* TO 'kamailio'@'%';"
  return run(folder, {
    start: (port) => spawn('mariadbd', [
      '--no-defaults', '--user=mysql', `--datadir=${data}`, `--socket=${socket}`, `--pid-file=${folder}/pid`, `--port=${port}`,
      `--bind-address=${SERVER_ADDRESS}`, '--skip-name-resolve', '--innodb-buffer-pool-size=32M', '--innodb-log-file-size=8M',
      '--innodb-flush-log-at-trx-commit=0', '--performance-schema=OFF',
    ], { stdio: 'ignore' }),
    prepare: () => spawnSync('mariadb', ['--no-defaults', `--socket=${socket}`, '-uroot', '-e', sql], { stdio: 'ignore' }).status === 0,
    url: (port) => `mysql://kamailio:kamailiorw@${SERVER_ADDRESS}:${port}/kamailio`,
  })
}

export function startPostgres(): Promise<DatabaseServer> {
  const folder = folderFor('postgres')
  const data = join(folder, 'data')
  const bin = postgresFolder()
  const user = { uid: idOf('postgres', '-u'), gid: idOf('postgres', '-g'), cwd: folder }
  spawnSync(join(bin, 'initdb'), ['-D', data, '-U', 'postgres', '-A', 'trust', '--no-sync', '-E', 'UTF8', '--locale=C'], { ...user, stdio: 'ignore' })
  const psql = (port: number, sql: string): boolean =>
    spawnSync('psql', ['-h', SERVER_ADDRESS, '-p', String(port), '-U', 'postgres', '-c', sql], { stdio: 'ignore' }).status === 0
  return run(folder, {
    start: (port) => spawn(join(bin, 'postgres'), [
      '-D', data, '-k', folder, '-p', String(port), '-c', `listen_addresses=${SERVER_ADDRESS}`, '-c', 'fsync=off', '-c', 'shared_buffers=16MB',
    ], { ...user, stdio: 'ignore' }),
    prepare: (port) => psql(port, "CREATE ROLE kamailio LOGIN SUPERUSER PASSWORD 'kamailiorw'") && psql(port, 'CREATE DATABASE kamailio OWNER kamailio'),
    url: (port) => `postgres://kamailio:kamailiorw@${SERVER_ADDRESS}:${port}/kamailio`,
  })
}

export function startRedis(): Promise<DatabaseServer> {
  const folder = mkdtempSync(join(tmpdir(), 'kahea-server-'))
  return run(folder, {
    start: (port) => spawn('redis-server', [
      '--port', String(port), '--bind', SERVER_ADDRESS, '--dir', folder, '--save', '', '--appendonly', 'no', '--daemonize', 'no',
    ], { stdio: 'ignore' }),
    prepare: () => true,
    url: (port) => `redis://${SERVER_ADDRESS}:${port}/5`,
  })
}

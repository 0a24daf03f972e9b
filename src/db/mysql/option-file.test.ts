import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseDbUrl } from '../db-url.ts'
import { withOptionFile } from './option-file.ts'

const FILES: Readonly<Record<string, string>> = {
  '/etc/mysql/my.cnf': '[client]\nsocket = /run/a.sock\nuser=common\n\n[mysqld]\nuser=mysql\n\n'
    + '[kamailio]\nsocket="/run/b.sock"\npassword = \'pa ss\'\n# port = 1\n',
}
const place = (text: string): unknown => {
  const url = parseDbUrl(text)
  assert.ok(url !== undefined)
  return withOptionFile(url, (path) => FILES[path])
}

test('a group of my.cnf gives what the URL leaves open', () => {
  const none = { host: '', port: 0, user: '', password: '', database: 'd', socket: '' }
  assert.deepEqual(place('mysql://u:p@host:3307/d'), { ...none, host: 'host', port: 3307, user: 'u', password: 'p' })
  assert.deepEqual(place('mysql://[kamailio]/d'), { ...none, user: 'common', password: 'pa ss', socket: '/run/b.sock' })
  assert.deepEqual(place('mysql://u:p@[kamailio]host/d'), { ...none, host: 'host', user: 'u', password: 'p', socket: '/run/b.sock' })
  assert.deepEqual(place('mysql://u:p@[2001:db8::1]:3307/d'), { ...none, host: '2001:db8::1', port: 3307, user: 'u', password: 'p' })
})

test('a group that there is none of is told', () => {
  const url = parseDbUrl('mysql://[nosuch]/d')
  assert.ok(url !== undefined)
  assert.match(String(withOptionFile(url, () => undefined)), /no my\.cnf has a group \[nosuch\]/)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseDbUrl, withoutPassword } from './db-url.ts'

const read = (text: string): unknown => {
  const url = parseDbUrl(text)
  return url === undefined ? undefined : [url.scheme, url.user, url.password, url.host, url.port, url.database]
}

const rows: readonly (readonly [text: string, parts: unknown])[] = [
  ['mysql://kamailio:rw@localhost/kamailio', ['mysql', 'kamailio', 'rw', 'localhost', 0, 'kamailio']],
  ['mysql://kamailio:rw@127.0.0.1:3307/kamailio', ['mysql', 'kamailio', 'rw', '127.0.0.1', 3307, 'kamailio']],
  ['mysql://kamailio@db/kamailio', ['mysql', 'kamailio', '', 'db', 0, 'kamailio']],
  ['mysql://db:3307/kamailio', ['mysql', '', '', 'db', 3307, 'kamailio']],
  ['postgres://u:p/w@d@h:5432/d', ['postgres', 'u', 'p/w@d', 'h', 5432, 'd']],
  ['postgres://u:p@[2001:db8::1]:5432/d', ['postgres', 'u', 'p', '2001:db8::1', 5432, 'd']],
  ['postgres://[2001:db8::1]/d', ['postgres', '', '', '2001:db8::1', 0, 'd']],
  ['mysql://[kamailio]/d', ['mysql', '', '', '[kamailio]', 0, 'd']],
  ['mysql://u:p@[kamailio]host/d', ['mysql', 'u', 'p', '[kamailio]host', 0, 'd']],
  ['redis://127.0.0.1:6379/5', ['redis', '', '', '127.0.0.1', 6379, '5']],
  ['sqlite:///k.db', ['sqlite', '', '', '', 0, 'k.db']],
  ['sqlite:////var/k.db', ['sqlite', '', '', '', 0, '/var/k.db']],
  ['sqlite:////var/a@b:c.db', ['sqlite', '', '', '', 0, '/var/a@b:c.db']],
  ['sqlite://./k.db', ['sqlite', '', '', '.', 0, 'k.db']],
  ['sqlite:///k.db?mode=ro', ['sqlite', '', '', '', 0, 'k.db']],
  ['text:///etc/kamailio/dbtext', ['text', '', '', '', 0, '/etc/kamailio/dbtext']],
  ['text://dbtext', ['text', '', '', '', 0, 'dbtext']],
  ['sqlite://k.db', undefined],
  ['sqlite:/k.db', undefined],
  ['sqlite:k.db', undefined],
  ['mysql://localhost/', undefined],
  ['mysql://u:p@h:x/d', undefined],
  ['', undefined],
  ['kamailio.db', undefined],
]

test('a database URL is read in its parts, as Kamailio reads it', () => {
  for (const [text, parts] of rows) assert.deepEqual(read(text), parts, text)
})

test('a password is not shown', () => {
  const shown = (text: string): string => {
    const url = parseDbUrl(text)
    assert.ok(url !== undefined)
    return withoutPassword(url)
  }
  assert.equal(shown('mysql://kamailio:$&secret@localhost/kamailio'), 'mysql://kamailio:***@localhost/kamailio')
  assert.equal(shown('sqlite:///k.db'), 'sqlite:///k.db')
})

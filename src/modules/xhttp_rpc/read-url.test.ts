import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RpcDouble, RpcNamedList, RpcStruct } from '../../define/define.ts'
import { answerHtml } from './answer-html.ts'
import { groupsOf, readUrl, UrlError } from './read-url.ts'

const groups = groupsOf(['core.echo', 'core.version', 'cfg.get', 'odd', '.x', 'x.'])

test('commands are grouped by what stands in front of the dot', () => {
  assert.deepEqual([...groups], [['core', ['core.echo', 'core.version']], ['cfg', ['cfg.get']]])
})

test('a URL names a group, a command, and arguments', () => {
  assert.deepEqual(readUrl('/rpc', 'rpc', groups), {})
  assert.deepEqual(readUrl('/rpc/core/', 'rpc', groups), { group: 'core' })
  assert.deepEqual(readUrl('/rpc/core/core.echo', 'rpc', groups), { group: 'core', command: 'core.echo' })
  assert.deepEqual(readUrl('/rpc/core/core.echo?arg=a%20b+%3C&arg=c', 'rpc', groups), {
    group: 'core', command: 'core.echo', args: ['a', 'b', '<&arg=c'],
  })
})

test('a URL that leads nowhere is refused', () => {
  for (const url of [
    '/', '/rpcx', '/rpc?arg=', '/rpc/no', '/rpc/core/no', '/rpc/core/core.echo?x=', '/rpc/core/core.echo?arg=%zz', '/rpc/core/core.echo/',
  ]) {
    assert.ok(readUrl(url, 'rpc', groups) instanceof UrlError, url)
  }
})

test('answers are lines of HTML, and nothing in them is markup', () => {
  const inner = new RpcStruct().add('name', '<b>').add('value', 5)
  const answer = new RpcStruct().add('item', inner).add('slot', [inner]).add('share', new RpcDouble(0.5))
  assert.equal(
    answerHtml([answer, 'x', new RpcNamedList().add('tm', 'fr_timer')]),
    'item: <br/>\tname: &lt;b&gt;<br/>\tvalue: 5<br/>slot: <br/>' +
      '\t\tname: &lt;b&gt;<br/>\t\tvalue: 5<br/>share: 0.500000<br/>x<br/>tm: fr_timer<br/>',
  )
})

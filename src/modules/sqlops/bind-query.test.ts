import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PrepareEnv, PvValue } from '../../define/define.ts'
import { toText } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { bindQuery, QueryRefusal } from './bind-query.ts'
import { sqlTexts } from './literal.ts'
import { partsOf, templateOf } from './query-template.ts'

const values: Readonly<Record<string, PvValue>> = {
  name: 'alice', evil: "' or 1=1 --",
  number: 7, digits: '200', zero: '0200', plus: '+4912', null: null, quote: "it's", escaped: "it\\'s",
  doubled: "it''s", col: 'username', dir: 'name DESC, id', query: "select * from t where a = 'x'", literal: "'it\\'s'",
    list: "1, 'b', NULL",
  back: 'a\\nb', tick: 'a`b', union: 'id union select password', limit: '5, 10', empty: '', word: 'NOW()', like: '50\\%',
}
const envOf = (): PrepareEnv => {
  const find = (text: string): PvValue | undefined => {
    const name = /^\$\(?(?:var\()?(\w+)/.exec(text)?.[1] ?? ''
    return Object.hasOwn(values, name) ? values[name] : undefined
  }
  return {
    variable: (text) => (find(text) === undefined ? `unknown variable ${text}` : { text, get: () => find(text) ?? null, set: () => false }),
    format: (source) => ({ source, evaluate: () => toText(find(source) ?? null), evaluateWithin: () => null }),
    regex: () => 'none',
  }
}
const context = {} as RouteContext

function bind(source: string, scheme: string): unknown {
  const texts = sqlTexts(scheme)
  const parts = partsOf(source, envOf())
  if (typeof parts === 'string') return parts
  const bound = bindQuery(templateOf(parts, texts), texts, context)
  return bound instanceof QueryRefusal ? 'refused' : [bound.sql, ...bound.values]
}

// A query, and what becomes of it on SQLite: the SQL and its values.
const rows: readonly (readonly [query: string, bound: unknown])[] = [
  ['select * from t', ['select * from t']],
  ["select * from t where a = '$name'", ['select * from t where a = ?', 'alice']],
  ['select * from t where a = "$name"', ['select * from t where a = ?', 'alice']],
  ['select * from t where a = $name;', ['select * from t where a = ?;', 'alice']],
  ["select * from t where a = '$evil'", ['select * from t where a = ?', "' or 1=1 --"]],
  ['select * from t where a = $evil', ['select * from t where a = ?', "' or 1=1 --"]],
  ["select * from t where a like '%$name%' and b='sip:$name@$digits'",
    ['select * from t where a like ? and b=?', '%alice%', 'sip:alice@200']],
  ['select * from t where a = $digits and b > $number', ['select * from t where a = ? and b > ?', 200, 7]],
  ['select * from t where a = $zero or a = $plus', ['select * from t where a = ? or a = ?', '0200', '+4912']],
  ["insert into t values ('$name', $number, $name, 'x', $(null{sql.val}))",
    ["insert into t values (?, ?, ?, 'x', NULL)", 'alice', 7, 'alice']],
  ['insert into t (a, $col) values ($number)', ['insert into t (a, username) values (?)', 7]],
  ['insert into t(a) values (INET_ATON($name), now())', ['insert into t(a) values (INET_ATON(?), now())', 'alice']],
  ['insert into t values (1) on duplicate key update a = $name, hits = hits + $number', [
    'insert into t values (1) on duplicate key update a = ?, hits = hits + ?', 'alice', 7,
  ]],
  ['update t set $col = $name, b = b+$number where id=$digits', ['update t set username = ?, b = b+? where id=?', 'alice', 7, 200]],
  ['select $col from $col where $col = 5', ['select username from username where username = 5']],
  ['select count($col), max(t.$col), lower($name) from t', ['select count(username), max(t.username), lower(?) from t', 'alice']],
  ['select a from t order by $dir limit $limit', ['select a from t order by name DESC, id limit 5, 10']],
  ['select a from t order by a limit $number offset $digits', ['select a from t order by a limit 7 offset 200']],
  ['select a from t order by $evil', 'refused'],
  ['select $evil from t', 'refused'],
  ['select a from $union', 'refused'],
  ['select a from t where $union', 'refused'],
  ['select a from t limit $name', 'refused'],
  ['delete from tbl_$digits where a=$number', ['delete from tbl_200 where a=?', 7]],
  ['delete from tbl_$evil', 'refused'],
  ['select `$tick`, `a` from `$col`', ['select `a``b`, `a` from `username`']],
  ['$query', ["select * from t where a = 'x'"]],
  [' $(var(query)); ', [" select * from t where a = 'x'; "]],
  ['select a from t where b in ($list)', ['select a from t where b in (?, ?, NULL)', 1, 'b']],
  ["select a from t where b in ('$name', $number)", ['select a from t where b in (?, ?)', 'alice', 7]],
  ['select a from t where b between $number and $digits and $col = 1',
    ['select a from t where b between ? and ? and username = 1', 7, 200]],
  ["select a from t where b = '$(var(quote){s.escape.common})'", ['select a from t where b = ?', "it's"]],
  ['select a from t where b = $(var(quote){sql.val})', ['select a from t where b = ?', "it's"]],
  ['select a from t where b = $(number{sql.val}) or b = $(null{sql.val.int}) or b = $(null{sql.val.str})', [
    "select a from t where b = ? or b = 0 or b = ''", 7,
  ]],
  ["select a from t where b = '$escaped' or b = '$doubled' or b = $literal",
    ['select a from t where b = ? or b = ? or b = ?', "it's", "it's", "it's"]],
  ["select a from t where b = '$back'", ['select a from t where b = ?', 'a\\nb']],
  ["select a from t where b = '$null'", ['select a from t where b = ?', '<null>']],
  ['select a from t where b = $null', 'refused'],
  ['insert into t values ($word, $empty)', ['insert into t values (NOW(), ?)', '']],
  ["select '$$5', '?' from t -- $evil\nwhere a = $number /* $evil */", ["select '$5', '?' from t -- \nwhere a = ? /*  */", 7]],
  ["select a from t where b = 'it''s $name' and c = 'x'", ["select a from t where b = ? and c = 'x'", "it's alice"]],
  ["select a from t where b = '$name", ['select a from t where b = ?', 'alice']],
  ['select (select $col from u where x = $name) from t where (a = $name or (b = $number))', [
    'select (select username from u where x = ?) from t where (a = ? or (b = ?))', 'alice', 'alice', 7,
  ]],
  ['select case when a = $name then $number else $name end from t',
    ['select case when a = ? then ? else ? end from t', 'alice', 7, 'alice']],
  ['select $nosuch', 'unknown variable $nosuch'],
]

test('variables of a query are bound where values stand, and names where names do', () => {
  for (const [query, bound] of rows) assert.deepEqual(bind(query, 'sqlite'), bound, query)
})

const others: readonly (readonly [scheme: string, query: string, bound: unknown])[] = [
  ['mysql', "select a from t where b = '$back' or b = '$escaped' or b like '$like'",
    ['select a from t where b = ? or b = ? or b like ?', 'a\nb', "it's", '50\\%']],
  ['mysql', "select a from t where b = 'it\\'s $name' and c = $digits", ['select a from t where b = ? and c = ?', "it's alice", '200']],
  ['mysql', 'select a from t where b = "$evil"', ['select a from t where b = ?', "' or 1=1 --"]],
  ['postgres', 'select "$col" from t where b = $digits', ['select "username" from t where b = ?', '200']],
  ['postgres', "select a from t where b = '$back'", ['select a from t where b = ?', 'a\\nb']],
]

test('quotes and backslashes mean what the kind of database takes them for', () => {
  for (const [scheme, query, bound] of others) assert.deepEqual(bind(query, scheme), bound, query)
})

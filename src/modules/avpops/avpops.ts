import { arg, defineModule, fn, param } from '../../define/define.ts'
import { operandArg } from './operand.ts'
import { checkArg, checkAvps } from './check.ts'
import { copyAvps, copyTargetArg } from './copy.ts'
import { deleteAvps, isAvpSet, printAvps, setnessArg } from './list.ts'
import { computeArg, computeAvps } from './compute.ts'
import { deletionArg, matchArg } from './match.ts'
import { namedAvpArg, pairArg } from './avp-name.ts'
import { prepareSubstPv, substituteAvps } from './subst.ts'
import { prepareSubst } from '../../runtime/subst-expression.ts'
import { pushTo, pushTargetArg } from './push.ts'
import { sourceArg } from './source.ts'
import { loadAvps } from './db-load.ts'
import { removeAvps, storeAvps } from './db-store.ts'
import { destinationsArg, queryArg, queryAvps } from './db-query.ts'
import { openDatabase, setUp } from './state.ts'

const routes = ['request', 'failure', 'branch', 'onreply', 'local'] as const

export default defineModule({
  name: 'avpops',
  summary: 'Works on AVPs: loads and stores them in a database, compares, computes, copies and pushes them.',
  area: 'data',
  params: {
    db_url: param.str('', 'The database.'),
    avp_table: param.str('', 'Table of AVPs, for calls that name none.'),
    use_domain: param.int(0, 'Users have the same name in several domains: compare the domain too.'),
    uuid_column: param.str('uuid', 'Column of the identifier of a user.'),
    username_column: param.str('username', 'Column of the user name.'),
    domain_column: param.str('domain', 'Column of the domain.'),
    attribute_column: param.str('attribute', 'Column of the name of the AVP.'),
    value_column: param.str('value', 'Column of the value.'),
    type_column: param.str('type', 'Column of the type: 0 name and value are texts, 1 the value, 2 the name, 3 both are numbers.'),
    db_scheme: param.list('Where else values are: `name:table=T;uuid_col=C;username_col=C;domain_col=C;value_col=C;value_type=string`.'),
  },
  setup: (host, params) => setUp(host, params),
  start: (state) => openDatabase(state),
  functions: {
    avp_print: fn({ summary: 'Logs all AVPs.', routes, args: [], run: printAvps }),
    avp_db_load: fn({
      summary: 'Loads AVPs of a user, a domain or an identifier from the database.',
      routes,
      args: [sourceArg, matchArg],
      mayWait: true,
      run: loadAvps,
    }),
    avp_db_store: fn({
      summary: 'Stores AVPs for a user, a domain or an identifier in the database.',
      routes,
      args: [sourceArg, matchArg],
      mayWait: true,
      run: storeAvps,
    }),
    avp_db_delete: fn({
      summary: 'Deletes AVPs of a user, a domain or an identifier from the database.',
      routes,
      args: [sourceArg, matchArg],
      mayWait: true,
      run: removeAvps,
    }),
    avp_db_query: fn({
      summary: 'Sends a query; its columns become AVPs, those of the first row last.',
      returns: { 1: 'rows came', [-1]: 'the query failed', [-2]: 'no rows' },
      routes,
      args: [queryArg, arg.optional(destinationsArg)],
      mayWait: true,
      run: queryAvps,
    }),
    avp_delete: fn({ summary: 'Deletes AVPs: the newest value, or with `/g` all.', routes, args: [deletionArg], run: deleteAvps }),
    avp_copy: fn({
      summary: 'Copies an AVP under another name: flags g all values, d moves, n and s convert to number and text.',
      routes,
      args: [namedAvpArg('source', 'The AVP.'), copyTargetArg],
      run: copyAvps,
    }),
    avp_pushto: fn({
      summary: 'Puts a value into $ru, its user name or domain, into $du, or adds it as a branch ($br).',
      routes,
      args: [pushTargetArg, operandArg],
      run: pushTo,
    }),
    avp_check: fn({
      summary: 'Compares a value: `eq`, `ne`, `lt`, `le`, `gt`, `ge`, `re`, `fm`, `and`, `or`, `xor`, then `/value/flags`.',
      routes,
      args: [operandArg, checkArg],
      run: checkAvps,
    }),
    avp_op: fn({
      summary: 'Computes with whole numbers: `add`, `sub`, `mul`, `div`, `mod`, `and`, `or`, `xor`, `not`, then `/value/flags`.',
      routes,
      args: [pairArg('avps', 'The AVP, and behind a slash the one that gets the results.'), computeArg],
      run: computeAvps,
    }),
    avp_subst: fn({
      summary: 'Replaces in the texts of an AVP.',
      routes,
      args: [
        pairArg('avps', 'The AVP, the one that gets the results, and flags (g all values, d deletes the source).'),
        arg.custom('substitution', '`/pattern/replacement/flags`.', prepareSubst),
      ],
      run: substituteAvps,
    }),
    avp_subst_pv: fn({
      summary: 'The same; variables in the substitution are replaced before it is read.',
      routes,
      args: [
        pairArg('avps', 'The AVP, the one that gets the results, and flags.'),
        arg.custom('substitution', '`/pattern/replacement/flags` with variables.', prepareSubstPv),
      ],
      run: substituteAvps,
    }),
    is_avp_set: fn({
      summary: 'Tells whether an AVP is there; flags e an empty text, s a text, n a number.',
      routes,
      args: [setnessArg],
      run: isAvpSet,
    }),
  },
})

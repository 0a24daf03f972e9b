/**
 * Functions of KSR that read or set what is a variable in the native script: by Kamailio's module, what they do and the variable's text,
 * where `{0}` is the first argument. `get` gives nothing where there is nothing, `gete` an empty text, `getw` <null>, `geti` 0; `set` takes
 * the last argument; `null` is 1 or -1. Facts about Kamailio.
 */
export const variableFunctions: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  async: { get_data: 'get $async(data)', get_gname: 'get $async(gname)' },
  jsonrpcs: { response: 'get $jsonrpl(body)' },
  pv: {
    ...readings('avp', '$avp({0})'), avp_is_null: 'null $avp({0})', avp_sets: 'set $avp({0})', avp_seti: 'set $avp({0})',
    var_get: 'get $var({0})', var_sets: 'set $var({0})', var_seti: 'set $var({0})',
    shvinc_get: 'get $shvinc({0})',
    ...tree('xavp'), ...tree('xavi'), ...tree('xavu'),
    xavu_child_sets: 'set $xavu({0}=>{1})', xavu_child_seti: 'set $xavu({0}=>{1})',
  },
  sdpops: { sdp_iterator_value: 'get $sdpitval({0})' },
  sqlops: {
    sql_num_rows: 'geti $dbr({0}=>rows)', sql_num_columns: 'geti $dbr({0}=>cols)', sql_is_null: 'null $dbr({0}=>[{1},{2}])',
    sql_result_get: 'get $dbr({0}=>[{1},{2}])', sql_result_gete: 'gete $dbr({0}=>[{1},{2}])', sql_result_getz: 'geti $dbr({0}=>[{1},{2}])',
  },
  textopsx: {
    hf_iterator_hname: 'get $hfitname({0})', hf_iterator_hbody: 'get $hfitbody({0})', bl_iterator_value: 'get $blitval({0})',
  },
  uuid: { get: 'get $uuid(g)', rget: 'get $uuid(r)', tget: 'get $uuid(t)' },
  xhttp: { get_hu: 'get $hu' },
}

function readings(name: string, variable: string): Readonly<Record<string, string>> {
  return { [`${name}_get`]: `get ${variable}`, [`${name}_gete`]: `gete ${variable}`, [`${name}_getw`]: `getw ${variable}` }
}

/** The families of extended AVPs, their newest value and its fields. */
function tree(name: string): Readonly<Record<string, string>> {
  return {
    ...readings(name, `$${name}({0})`),
    ...readings(`${name}_child`, `$${name}({0}=>{1})`),
    [`${name}_is_null`]: `null $${name}({0})`,
    [`${name}_child_is_null`]: `null $${name}({0}=>{1})`,
    [`${name}_sets`]: `set $${name}({0})`,
    [`${name}_seti`]: `set $${name}({0})`,
  }
}

/**
 * Makes native/sip-scan.wasm from its C source: npm run build:wasm [-- --output FILE]
 *
 * Needs clang and lld (Debian: apt install clang lld). The module is checked in, since a machine that needs it has no
 * compiler; test/fuzz/sip-scan.test.ts compares the two.
 */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

const native = join(import.meta.dirname, '..', 'native')
const { values } = parseArgs({
  options: { output: { type: 'string', default: join(native, 'sip-scan.wasm') }, help: { type: 'boolean', default: false } },
})

if (values.help) {
  console.log('usage: npm run build:wasm [-- --output FILE]')
} else {
  execFileSync('clang', [
    '--target=wasm32', '-O2', '-std=gnu11', '-Wall', '-Wextra', '-Werror', '-msimd128', '-nostdlib', '-fvisibility=hidden',
    '-Wl,--no-entry', '-Wl,--export-dynamic', '-Wl,--strip-all', '-Wl,-z,stack-size=8192', '-o', values.output, 'sip-scan.c', 'sip-scan-wasm.c',
  ], { cwd: native, stdio: 'inherit' })
}

/** The whole package: the command, and what programs import. scripts/build.ts puts it into one file, which starts fast. */
export { main } from './cli/main.ts'
export * from './index.ts'

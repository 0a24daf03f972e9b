#!/usr/bin/env node
'use strict'
const { loadPackage } = require('./load-package.js')

loadPackage().main(process.argv.slice(2)).then((status) => { process.exitCode = status })

#!/usr/bin/env node
import { enableCompileCache } from 'node:module';

/** Root keeps what V8 compiled where nobody else can plant code; others in their own temporary folder. */
const COMPILE_CACHE = process.getuid?.() === 0 ? '/var/lib/civitas/compile-cache' : undefined;

// Before anything else is loaded: what was compiled once need not be at the next start.
enableCompileCache(COMPILE_CACHE);

// Whatever a failed agent left open must not keep it: its service manager starts it again once it ended.
void import('./cli/run.ts').then(async ({ runCli }) => process.exit(await runCli(process.argv)));

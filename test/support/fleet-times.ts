/** Virtual and real cost of many runs, written to standard output at the end. */
export function createTimes(name: string) {
  const runs: { readonly label: string; readonly virtualMs: number; readonly cpuMs: number }[] = [];
  return {
    /** `run` resolves to the virtual time until the cluster was whole. */
    async measure(label: string, run: () => Promise<number>): Promise<void> {
      const before = process.cpuUsage();
      const virtualMs = await run();
      const { user, system } = process.cpuUsage(before);
      runs.push({ label, virtualMs, cpuMs: (user + system) / 1_000 });
    },
    /** One line for all runs; with CIVITAS_TIMES set also one for each. */
    print(): void {
      const line = (label: string, virtualMs: number, cpuMs: number) =>
        `${name} ${label}: whole after ${(virtualMs / 1_000).toFixed(1)} s, ${cpuMs.toFixed(0)} ms CPU\n`;
      if (process.env['CIVITAS_TIMES']) {
        for (const run of runs) process.stdout.write(line(run.label, run.virtualMs, run.cpuMs));
      }
      const virtual = runs.map(({ virtualMs }) => virtualMs).sort((a, b) => a - b);
      const median = virtual[Math.floor(virtual.length / 2)] ?? 0;
      const cpuMs = runs.reduce((sum, run) => sum + run.cpuMs, 0) / runs.length;
      process.stdout.write(line(`${runs.length} runs, median`, median, cpuMs));
      process.stdout.write(line(`${runs.length} runs, slowest`, virtual.at(-1) ?? 0, cpuMs));
    },
  };
}

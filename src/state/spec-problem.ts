export interface SpecProblem {
  /** Dotted path of the field to change, such as `network.podSubnet`. */
  readonly field: string;
  /** One sentence: what is wrong and what would be right. */
  readonly message: string;
}

export interface SpecContext {
  readonly expectedNodes: number;
  /** IPv4 networks that the host itself is part of, `192.168.1.0/24`; others are ignored. */
  readonly hostNetworks: readonly string[];
}

export function problem(field: string, what: string): SpecProblem {
  return { field, message: `${field} ${what}.` };
}

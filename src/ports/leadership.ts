/** Whether this agent leads, asked right before each decision is written. */
export interface Leadership {
  /** The term this agent leads in, or undefined when its lease is not confirmed by a quorum lately. */
  term(): number | undefined;
  /** Calls back when this agent begins to lead, or leads again after its lease was unconfirmed. */
  onLead(callback: () => void): () => void;
}

package dev.gangway.lint;

/**
 * One side broke a rule of the contract. An error in a program, so nothing that a program should
 * recover from.
 */
public final class ContractException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /** The rule that was broken. */
  private final Rule rule;

  ContractException(Rule rule, String found) {
    super("The " + rule.side() + " broke the contract: " + rule.text() + " " + found);
    this.rule = rule;
  }

  /**
   * The rule that was broken.
   *
   * @return the rule
   */
  public Rule rule() {
    return rule;
  }
}

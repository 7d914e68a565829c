package io.steelyard.bench;

/** What befalls an endpoint. */
enum Fault implements Named {
  /** SIGKILL: connections are reset, new ones refused. */
  KILLED("killed"),
  /** SIGSTOP: the kernel still accepts, nobody answers. */
  STOPPED("stopped"),
  /** Answers 500 to all. */
  ERRORS("errors"),
  /** Answers what is not HTTP. */
  GARBAGE("garbage"),
  /** Resets its connections in the middle of answers. */
  RESETS("resets"),
  /** Takes 200 ms. */
  SLOW("slow"),
  /** Accepts no connection: its queue is full, and further ones are not answered at all. */
  FULL("full");

  private final String label;

  Fault(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }
}

package io.steelyard.balance;

/** How the use of an endpoint ended. */
public enum Outcome {
  /** The endpoint did what it was asked. */
  SUCCESS,
  /** The connection was refused, or there was no way to the endpoint. */
  CONNECT_FAILED,
  /** The connection was not there in time. */
  CONNECT_TIMEOUT,
  /** The endpoint closed or reset the connection midway. */
  RESET,
  /** No answer began in time. */
  RESPONSE_TIMEOUT,
  /** The answer had begun and then stood still for too long. */
  IDLE_TIMEOUT,
  /** What came back was not an answer in the protocol's sense. */
  BAD_ANSWER,
  /** The endpoint answered that it failed: a status of 500 or above in HTTP. */
  ERROR_ANSWER,
  /** The client went away, or we gave up: says nothing of the endpoint. */
  CANCELLED;

  /** Whether this outcome says something about the endpoint, good or bad. */
  public boolean concernsEndpoint() {
    return this != CANCELLED;
  }

  /** Whether it speaks against the endpoint. */
  public boolean isError() {
    return this != SUCCESS && this != CANCELLED;
  }
}

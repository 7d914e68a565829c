package io.steelyard.model;

/**
 * What the administrator wants of an endpoint, apart from its health: traffic goes to those that
 * are wanted and well.
 */
public enum Wish {
  /** It takes traffic while it is well. */
  READY,
  /** It takes no new request or connection; what it has goes on to its end. It is still probed. */
  DRAIN,
  /** As {@link #DRAIN}, and it is not probed either: nothing of ours goes there. */
  DISABLED
}

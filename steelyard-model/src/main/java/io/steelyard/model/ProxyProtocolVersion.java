package io.steelyard.model;

/** Which form of PROXY protocol header endpoints get. */
public enum ProxyProtocolVersion {
  /** A line of text. */
  V1,
  /** Binary. */
  V2
}

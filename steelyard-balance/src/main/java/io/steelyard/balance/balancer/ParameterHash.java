package io.steelyard.balance.balancer;

import io.steelyard.balance.KeySource;

/**
 * {@code parameter-hash}: by the value of a parameter of an HTTP request's query.
 *
 * <p><b>Rule.</b> HAProxy's {@code balance url_param}; with {@code like: nginx} its {@code hash
 * $arg_NAME}. The parameter isn * {@code name}, {@code id} if it is not given; its value is taken
 * as it was sent. HAProxy's {@coden * check_post} is not there: bodies are not looked at.
 *
 * <p><b>When.</b> Requests that name a user or a session in their query.
 */
final class ParameterHash {
  static final BalancerFactory FACTORY =
      new HashFactory("parameter-hash", KeySource.Kind.PARAMETER, HashFactory.NAME);

  private ParameterHash() {}
}

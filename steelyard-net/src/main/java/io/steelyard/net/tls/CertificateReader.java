package io.steelyard.net.tls;

import io.steelyard.model.CertificateSpec;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads certificates once for the two that want to know of them: the check of the configuration
 * looks, and the listener takes what was found, unless the files have changed since. Thread-safe.
 */
public final class CertificateReader {
  private final Map<CertificateSpec, CertificateFacts> found = new ConcurrentHashMap<>();

  /** Reads the files, and remembers what they told until it is taken. */
  CertificateFacts look(CertificateSpec spec, EngineProof proof) throws TlsException {
    CertificateFacts facts = KeyedChain.facts(spec, proof);
    found.put(spec, facts);
    return facts;
  }

  /** What the files tell; reads them when nobody has, or when they have changed since. */
  CertificateFacts take(CertificateSpec spec, EngineProof proof) throws TlsException {
    @Nullable CertificateFacts facts = found.remove(spec);
    return facts == null || facts.stamp() != FileStamp.of(spec)
        ? KeyedChain.facts(spec, proof)
        : facts;
  }
}

package io.steelyard.net.tls;

import io.steelyard.model.CertificateSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** Tells whether a file has changed. */
final class FileStamp {
  private FileStamp() {}

  /** Another text when the file was written or replaced, or a link to it leads elsewhere. */
  static String of(Path file) {
    try {
      BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
      return found.lastModifiedTime().toString() + '/' + found.size() + '/' + found.fileKey();
    } catch (IOException e) {
      return "-";
    }
  }

  /** The same for all files of a certificate, as a number, since there may be thousands. */
  static long of(CertificateSpec spec) {
    long stamp = mix(1, spec.certificate());
    stamp = spec.key() == null ? stamp : mix(stamp, spec.key());
    return spec.passwordFile() == null ? stamp : mix(stamp, spec.passwordFile());
  }

  private static long mix(long before, String file) {
    try {
      BasicFileAttributes found = Files.readAttributes(Path.of(file), BasicFileAttributes.class);
      long stamp = mix(before, found.lastModifiedTime().to(TimeUnit.NANOSECONDS));
      return mix(mix(stamp, found.size()), Objects.hashCode(found.fileKey()));
    } catch (IOException e) {
      return mix(before, 0);
    }
  }

  /** Every bit of both counts: the steps of splitmix64. */
  private static long mix(long before, long value) {
    long z = (before ^ value) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
